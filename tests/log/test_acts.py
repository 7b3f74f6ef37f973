"""For whom somebody acted first, asked again and again; ``tests/core/test_four_eyes.py`` holds what follows from it."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.core.db import transaction
from scenario_hall.log.acts import acts_of, forget_acts, record_act
from tests.world import World


def test_an_answer_holds_no_longer_than_what_it_was_read_from(world: World, engine: Engine) -> None:
    person, key = world.maker_person.pk, "application:999"
    with Session(engine) as mine, Session(engine) as others:
        first_act = acts_of(mine, person)
        assert first_act([key]) is None
        mine.rollback()
        with transaction(others):
            record_act(others, account_id=person, keys=[key], organization_id=world.maker.pk)
        assert first_act([key]) == world.maker.pk
        with transaction(mine):
            assert first_act([key, "application:998"]) == world.maker.pk
            forget_acts(mine, [key])
            assert first_act([key]) is None
            record_act(mine, account_id=person, keys=[key], organization_id=world.port.pk)
            assert first_act([key]) == world.port.pk
