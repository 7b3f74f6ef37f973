"""A write that keeps others waiting is told; see tests/web/public/test_machines.py for slow queries."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest
from sqlmodel import Session, text

from scenario_hall.core import slow
from scenario_hall.core.db import make_engine, transaction


@pytest.mark.parametrize("ends", ["committed", "rolled back"])
def test_a_write_that_holds_the_lock_too_long_is_told(
    ends: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow, "LONGEST_WRITE", 0.02)
    engine = make_engine(f"sqlite:///{tmp_path / 'hall.sqlite'}")
    with caplog.at_level(logging.WARNING), Session(engine) as session:
        session.exec(text("SELECT 1"))  # type: ignore[call-overload]
        time.sleep(0.03)
        session.rollback()  # a look, which holds nobody up
        with transaction(session):
            pass
        assert not caplog.messages
        try:
            with transaction(session):
                time.sleep(0.03)
                if ends == "rolled back":
                    raise InterruptedError
        except InterruptedError:
            pass
        assert [message.split(",")[0] for message in caplog.messages] == ["long write"]
        with transaction(session):
            pass
        assert len(caplog.messages) == 1
    engine.dispose()
