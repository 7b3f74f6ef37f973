"""What machines ask of the hall: does the process live, can it serve, and how is everything."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from scenario_hall.core.errors import NotFound
from scenario_hall.log.chain import last_id
from scenario_hall.log.readers import lags_of
from scenario_hall.schema import may_serve
from scenario_hall.web.kit.request import database, engine, index, settings
from scenario_hall.worker.metrics import exposition, metrics_of
from scenario_hall.worker.readers import make_readers

pages = Blueprint("machines", __name__)
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via")


@pages.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process lives."""
    return {"status": "ok"}


@pages.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The process can serve: its database is there, at its own schema or a newer one that still serves it. Degraded, it
    serves without what waits."""
    try:
        if not may_serve(engine()):
            return _not_ready("the database is not at this version's schema: run `init`, or start the newer version")
        lags, waiting = lags_of(database(), make_readers(settings(), index()))
        return {
            "status": "degraded" if waiting else "ready",
            "log": last_id(database()),
            "readers": {lag.reader: {"events": lag.events, "seconds": round(lag.seconds, 1)} for lag in lags},
            **({"waiting": waiting} if waiting else {}),
        }
    except SQLAlchemyError:
        return _not_ready("the database does not answer")


def _not_ready(reason: str) -> ResponseReturnValue:
    return {"status": "not ready", "reason": reason}, 503, {"Retry-After": "10"}


@pages.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus: with HALL_METRICS_TOKEN as a bearer token, without one from this machine alone."""
    if not _may_ask():
        raise NotFound()
    found = metrics_of(database(), make_readers(settings(), index()))
    return Response(exposition(found), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_ask() -> bool:
    if wanted := settings().metrics_token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode())
    if any(name in request.headers for name in FORWARDED):  # a proxy on this machine asks for somebody else
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
