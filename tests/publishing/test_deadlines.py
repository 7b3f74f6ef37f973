"""The deadline of a released scenario is never earlier than any that was public, on any path, also after a removal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Invalid
from scenario_hall.core.policy import SYSTEM
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.report import ImportOptions
from scenario_hall.exchange.service import import_list
from scenario_hall.publishing.amending import get_waiting, take_back_revision
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.models import Scenario
from tests.publishing.test_amending import change
from tests.world import World


# Every path on which a record that was ever released gets a deadline: each is given one that is too early.
def by_amendment(world: World, scenario: Scenario, deadline: Any, folder: Path) -> None:
    change(world, scenario, {"deadline": deadline})


def with_substance(world: World, scenario: Scenario, deadline: Any, folder: Path) -> None:
    change(world, scenario, {"deadline": deadline, "title": "新题目"})


def by_acceptance(world: World, scenario: Scenario, deadline: Any, folder: Path) -> None:
    """What was proposed was late enough then; meanwhile a later one has become public."""
    assert scenario.deadline is not None
    first = scenario.deadline
    change(world, scenario, {"deadline": first + timedelta(days=1), "title": "新题目"})
    waiting = get_waiting(world.session, scenario)
    change(world, scenario, {"deadline": first + timedelta(days=9)})
    waiting.content = {**waiting.content, "deadline": (first + timedelta(days=1)).isoformat()}
    world.session.add(waiting)
    world.session.commit()
    world.accepted_change(scenario)


def by_a_draft(world: World, scenario: Scenario, deadline: Any, folder: Path) -> None:
    """No transition leads a released scenario back to a draft today; the rule holds where one will."""
    scenario.state = "returned"
    world.session.add(scenario)
    world.session.commit()
    scenarios.save_draft(
        world.demand, session=world.session, scenario=scenario, version=None, content={"deadline": deadline}
    )


def by_submission(world: World, scenario: Scenario, deadline: Any, folder: Path) -> None:
    scenario.state, scenario.deadline = "returned", deadline
    world.session.add(scenario)
    world.session.commit()
    scenarios.submit_scenario(world.demand, session=world.session, scenario=scenario, version=None)


def by_release(world: World, scenario: Scenario, deadline: Any, folder: Path) -> None:
    scenario.state, scenario.deadline = "submitted", deadline
    world.session.add(scenario)
    world.session.commit()
    scenarios.release_scenario(world.admin, session=world.session, scenario=scenario, version=None)


def by_a_list(world: World, scenario: Scenario, deadline: Any, folder: Path) -> None:
    scenario.external_reference = "n1"
    world.session.add(scenario)
    world.session.commit()
    path = folder / "list.csv"
    path.write_text(
        f"id,title,text,deadline,region\nn1,{scenario.title},{scenario.situation},{deadline:%Y-%m-%d},深圳\n",
        encoding="utf-8",
    )
    options = ImportOptions(organization=world.port, skip_bad=True)
    report = import_list(SYSTEM, session=world.session, kind=ListKind.SCENARIOS, path=path, options=options)
    (fault,) = report.errors
    raise Invalid({fault.column: str(fault)})


PATHS = (by_amendment, with_substance, by_acceptance, by_a_draft, by_submission, by_release, by_a_list)


@pytest.mark.parametrize("was_removed", [False, True], ids=["", "removed"])
@pytest.mark.parametrize("path", PATHS)
def test_no_path_sets_a_deadline_earlier_than_any_that_was_public(
    small_world: World, tmp_path: Path, path: Callable[[World, Scenario, Any, Path], None], was_removed: bool
) -> None:
    floor = now() + timedelta(days=30)
    scenario = small_world.released_scenario(deadline=floor)
    if was_removed and path is not by_acceptance:
        change(small_world, scenario, {"deadline": None})
        assert scenario.deadline is None
    with pytest.raises(Invalid) as caught:
        path(small_world, scenario, floor - timedelta(days=3), tmp_path)
    assert set(caught.value.fields) == {"deadline"}
    day = floor + timedelta(days=9) if path is by_acceptance else floor
    assert f"{day.astimezone(clock.HONG_KONG):%Y-%m-%d %H:%M}" in str(caught.value)


def test_a_later_deadline_is_taken_also_after_a_removal(world: World) -> None:
    scenario = world.released_scenario()
    assert scenario.deadline is not None
    later = scenario.deadline + timedelta(days=1)
    change(world, scenario, {"deadline": None})
    change(world, scenario, {"deadline": later})
    assert scenario.deadline == later


def test_a_deadline_that_was_never_public_binds_nobody(world: World) -> None:
    scenario = world.released_scenario(deadline=now() + timedelta(days=10))
    change(world, scenario, {"deadline": now() + timedelta(days=90), "title": "新题目"})
    take_back_revision(world.demand, session=world.session, record=scenario, version=None)
    change(world, scenario, {"deadline": now() + timedelta(days=20)})
    assert scenario.revision == 2
