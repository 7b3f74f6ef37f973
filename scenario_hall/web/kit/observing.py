"""Each request has a number, which stands in its answer, on an error's page and in every line that is logged meanwhile;
those that take long are told."""

from __future__ import annotations

import logging
import time
import uuid

from flask import Flask, Response, g, request
from sqlalchemy import Engine

from scenario_hall.core.logs import request_number
from scenario_hall.core.slow import tell_slow_queries

logger = logging.getLogger(__name__)


def observe(app: Flask, engine: Engine, *, slow_seconds: float) -> None:
    """Number every request, and log those, and queries, that take longer than ``slow_seconds``; 0 tells none."""
    tell_slow_queries(engine, slow_seconds)

    @app.before_request
    def begin() -> None:
        g.request_id, g.began = uuid.uuid4().hex[:12], time.monotonic()
        request_number.set(g.request_id)

    @app.after_request
    def tell(response: Response) -> Response:
        took = time.monotonic() - g.get("began", time.monotonic())
        if slow_seconds and took > slow_seconds:
            # The rule, not the address: that may hold a mailed link's token or what somebody searched for.
            rule = request.url_rule.rule if request.url_rule is not None else "-"
            logger.warning("slow request, %.2f s: %s %s, %s", took, request.method, rule, response.status_code)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        request_number.set("")
