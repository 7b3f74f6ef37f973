"""What a supervisor of the processes asks: does it live, can it serve."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from scenario_hall.log.chain import last_id
from scenario_hall.log.readers import lag_of
from scenario_hall.schema import is_current
from scenario_hall.web.kit.request import database, engine, index, settings
from scenario_hall.worker.loop import make_readers

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process lives."""
    return {"status": "ok"}


@pages.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The process can serve: its database is there, at the newest schema."""
    if not is_current(engine()):
        told = {"status": "not ready", "reason": "the database is not at the newest schema: run `init`"}
        return told, 503, {"Retry-After": "10"}
    lags = [lag_of(database(), reader) for reader in make_readers(settings(), index())]
    return {
        "status": "ready",
        "log": last_id(database()),
        "readers": {lag.reader: {"events": lag.events, "seconds": round(lag.seconds, 1)} for lag in lags},
    }
