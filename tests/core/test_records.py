"""Optimistic locking: a stale edit is told so and nothing is overwritten."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.core.errors import StaleEdit
from scenario_hall.scenarios.service import get_scenario, save_draft
from tests.world import World


def test_a_stale_edit_is_refused_and_changes_nothing(world: World, engine: Engine) -> None:
    scenario = world.draft_scenario()
    seen = scenario.version
    with Session(engine) as other:
        save_draft(
            world.demand,
            session=other,
            scenario=get_scenario(other, scenario.code),
            version=seen,
            content={"title": "别人先改的标题"},
        )
    with pytest.raises(StaleEdit) as caught:
        save_draft(world.demand, session=world.session, scenario=scenario, version=seen, content={"title": "我的标题"})
    assert caught.value.current.title == "别人先改的标题"
    world.session.rollback()
    assert get_scenario(world.session, scenario.code).title == "别人先改的标题"
