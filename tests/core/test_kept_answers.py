"""Answers that are kept for a day, under keys that each program has for itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.kept_answers import KEPT_FOR, claim_key, find_answer, key_of, prune_answers
from tests.world import World


def test_a_key_is_taken_once_a_day(world: World) -> None:
    session, key, person = world.session, key_of(1, "a"), world.port_person.pk
    assert key != key_of(2, "a")
    with transaction(session):
        claim_key(session, key, account_id=person, request="0" * 64).body = "done"
    found = find_answer(session, key)
    assert found is not None and found.body == "done"
    session.expunge_all()
    with pytest.raises(IntegrityError), transaction(session):
        claim_key(session, key, account_id=person, request="0" * 64)
    with clock.at(now() + KEPT_FOR + timedelta(seconds=1)):
        assert find_answer(session, key) is None
        with transaction(session):
            claim_key(session, key, account_id=person, request="1" * 64)
    assert prune_answers(session) == 0
    with clock.at(now() + 2 * KEPT_FOR + timedelta(minutes=1)):
        assert prune_answers(session) == 1


def test_what_is_rolled_back_takes_no_key(world: World) -> None:
    session, key = world.session, key_of(1, "a")

    def dies() -> None:
        with transaction(session):
            claim_key(session, key, account_id=world.port_person.pk, request="0" * 64)
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        dies()
    assert find_answer(session, key) is None
