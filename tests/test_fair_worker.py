"""Connections of one web process have their turns one after another."""

from __future__ import annotations

import gevent
import pytest
from gunicorn.workers.ggevent import GeventWorker

from scenario_hall.fair_worker import FairWorker


def test_a_connection_that_always_has_the_next_request_ready_lets_others_have_their_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered: list[str] = []
    monkeypatch.setattr(GeventWorker, "handle_request", lambda _self, connection: answered.append(connection))
    worker = object.__new__(FairWorker)

    def connection(name: str) -> None:
        for _ in range(3):
            worker.handle_request(name)

    gevent.joinall([gevent.spawn(connection, name) for name in ("first", "second")])
    assert answered == ["first", "second"] * 3
