"""Limits on attempts: how many, for how long, and that nothing of strangers is kept beyond that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from scenario_hall.core import clock
from scenario_hall.core.errors import TooMany
from scenario_hall.core.limits import KEPT_FOR, Attempt, Limit, count_attempt, prune_attempts
from tests.world import World

BEGAN = datetime(2026, 12, 1, 2, tzinfo=UTC)
THREE_AN_HOUR = Limit("test", 3, timedelta(hours=1))


def test_so_many_in_a_window_and_then_again_when_the_first_is_old(world: World) -> None:
    for minute in (0, 10, 20):
        with clock.at(BEGAN + timedelta(minutes=minute)):
            count_attempt(world.session, THREE_AN_HOUR, "one")
    with clock.at(BEGAN + timedelta(minutes=30)):
        count_attempt(world.session, THREE_AN_HOUR, "another")
        with pytest.raises(TooMany) as refused:
            count_attempt(world.session, THREE_AN_HOUR, "one")
    assert (refused.value.retry_after, refused.value.values) == (30 * 60 + 1, {"minutes": 31})
    with clock.at(BEGAN + timedelta(minutes=61)):
        count_attempt(world.session, THREE_AN_HOUR, "one")


def test_old_attempts_go_whoever_made_them_and_those_that_count_stay(world: World) -> None:
    """Nobody comes again to have theirs removed."""
    for hours, subject in ((0, "stranger@x.example"), (1, "203.0.113.7"), (23, "lately@x.example")):
        with clock.at(BEGAN + timedelta(hours=hours)):
            count_attempt(world.session, THREE_AN_HOUR, subject)
    with clock.at(BEGAN + KEPT_FOR + timedelta(hours=2)):
        assert prune_attempts(world.session) == 2
        assert prune_attempts(world.session) == 0
    assert world.session.exec(select(Attempt.key)).all() == ["test:lately@x.example"]


def test_no_limit_looks_further_back_than_attempts_are_kept() -> None:
    with pytest.raises(ValueError, match="back further"):
        Limit("test", 1, KEPT_FOR + timedelta(seconds=1))
