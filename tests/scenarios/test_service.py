"""A scenario's way: draft, submission, release, amendments, deadline, end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied, Invalid, WrongState
from scenario_hall.scenarios import service
from tests.world import World


def test_a_draft_may_lack_anything_but_a_submission_names_what_is_missing(small_world: World) -> None:
    draft = small_world.draft_scenario(title="", situation="", domains=[], contact_email="")
    with pytest.raises(Invalid) as caught:
        service.submit_scenario(small_world.demand, session=small_world.session, scenario=draft, version=None)
    assert set(caught.value.fields) == {"title", "situation", "domains", "contact_email"}
    assert draft.state == "draft"


def test_a_returned_scenario_keeps_its_notes_until_it_is_submitted_again(world: World) -> None:
    scenario = world.submitted_scenario()
    service.return_scenario(
        world.admin,
        session=world.session,
        scenario=scenario,
        version=None,
        reason="太笼统",
        notes={"requirements": "写数值"},
    )
    assert (scenario.state, scenario.review_notes) == ("returned", {"requirements": "写数值"})
    service.submit_scenario(world.demand, session=world.session, scenario=scenario, version=None)
    assert (scenario.state, scenario.review_notes) == ("submitted", {})


def test_an_amendment_is_a_new_revision_that_can_be_compared(world: World) -> None:
    scenario = world.released_scenario()
    service.amend_scenario(
        world.demand,
        session=world.session,
        scenario=scenario,
        version=None,
        content={"budget_max": 900_000},
        reason="增加预算",
    )
    newest, first = service.revisions_of(world.session, scenario)
    assert (first.content["budget_max"], newest.content["budget_max"]) == (800_000, 900_000)
    assert newest.reason == "增加预算"


def test_the_contact_is_in_no_revision(world: World) -> None:
    scenario = world.released_scenario()
    (revision,) = service.revisions_of(world.session, scenario)
    assert "secret-contact" not in str(revision.content)
    assert "陈秘密" not in str(revision.content)


def test_the_deadline_moves_later_never_earlier(world: World) -> None:
    scenario = world.released_scenario()
    assert scenario.deadline is not None
    before = scenario.deadline

    def move(by: timedelta) -> None:
        service.amend_scenario(
            world.demand,
            session=world.session,
            scenario=scenario,
            version=None,
            content={"deadline": before + by},
            reason="x",
        )

    with pytest.raises(Invalid, match="not earlier"):
        move(-timedelta(hours=1))
    world.session.rollback()
    assert scenario.deadline == before
    move(timedelta(days=7))
    assert scenario.deadline == before + timedelta(days=7)


def test_nothing_changed_is_told_so(small_world: World) -> None:
    scenario = small_world.released_scenario()
    with pytest.raises(Invalid, match="Nothing was changed"):
        service.amend_scenario(
            small_world.demand,
            session=small_world.session,
            scenario=scenario,
            version=None,
            content={"title": scenario.title},
            reason="x",
        )


def test_it_closes_by_the_servers_clock_and_the_worker_says_so(world: World) -> None:
    scenario = world.released_scenario(deadline=now() + timedelta(hours=1))
    with clock.at(now() + timedelta(hours=2)):
        assert not scenario.is_open()
        assert service.expire_scenarios(world.session) == 1
    assert scenario.state == "expired"
    assert scenario.is_public()


def test_a_scenario_whose_deadline_is_over_is_not_released(small_world: World) -> None:
    scenario = small_world.submitted_scenario(deadline=now() + timedelta(hours=1))
    with clock.at(now() + timedelta(hours=2)), pytest.raises(Invalid, match="already passed"):
        service.release_scenario(small_world.admin, session=small_world.session, scenario=scenario, version=None)
    small_world.session.rollback()
    assert (scenario.state, scenario.revision, scenario.released_at) == ("submitted", 0, None)


def test_closing_needs_a_reason_and_ends_drafting(world: World) -> None:
    scenario = world.released_scenario()
    service.end_scenario(
        world.demand, session=world.session, scenario=scenario, action="close", version=None, reason="已选定"
    )
    assert (scenario.state, scenario.state_reason, scenario.is_public()) == ("closed", "已选定", True)
    with pytest.raises(WrongState):
        service.save_draft(world.demand, session=world.session, scenario=scenario, version=None, content={"title": "x"})


def test_a_pure_supplier_posts_no_scenario(small_world: World) -> None:
    with pytest.raises(Denied, match="supplier only"):
        service.create_scenario(small_world.supplier, session=small_world.session, organization=small_world.maker)


@pytest.mark.parametrize(
    "content",
    [
        {"budget_min": -1},
        {"budget_min": 9, "budget_max": 3},
        {"currency": "USD"},
        {"title": "长" * 201},
        {"requirements": [{"metric": "续航", "comparison": "at_least"}]},
        {"requirements": [{"metric": "续航", "comparison": "at_least", "value": float("nan")}]},
    ],
)
def test_what_is_malformed_is_refused_in_a_draft_too(small_world: World, content: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        small_world.draft_scenario(**content)


def test_an_imported_scenario_needs_only_a_title(small_world: World) -> None:
    small_world.port.is_imported_list_owner = True
    small_world.session.commit()
    draft = small_world.draft_scenario(domains=[], region="", contact_name="", contact_email="")
    assert draft.missing() == {}


def test_what_a_commit_has_expired_is_still_read_whole(small_world: World) -> None:
    scenario = small_world.draft_scenario()
    whole = scenario.public_content()
    small_world.session.expire(scenario)
    assert scenario.public_content() == whole
    assert whole["title"] == scenario.title


def test_a_change_of_the_contact_alone_makes_no_revision(small_world: World) -> None:
    scenario = small_world.released_scenario()
    service.amend_scenario(
        small_world.demand,
        session=small_world.session,
        scenario=scenario,
        version=None,
        content={"contact_name": "新联系人"},
        reason="",
    )
    assert (scenario.contact_name, scenario.revision) == ("新联系人", 1)
