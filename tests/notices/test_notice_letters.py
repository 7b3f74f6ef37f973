"""Letters around a public notice: to administrators who are to answer or to decide, and to whoever objected."""

from __future__ import annotations

from datetime import timedelta

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.policy import Actor, Role
from scenario_hall.log.chain import events_after
from scenario_hall.notices.letter import Letter
from scenario_hall.notices.writing import letters_for
from scenario_hall.organizations.accounts import set_active
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes.claim.models import Objection
from scenario_hall.outcomes.claim.notice import approve_first, tell_of_ended_notices
from scenario_hall.outcomes.claim.objections import answer_objection, object_to_notice
from scenario_hall.outcomes.models import Outcome
from tests.world import World

REVIEWERS = {"admin@hall.example", "second@review.example", "third@review.example"}


def noticed(world: World) -> Outcome:
    """With three neutral administrators, and a fourth who belongs to a side."""
    outcome = world.claimed()
    for reviewer in world.reviewers[:2]:
        world.advised(outcome, reviewer)
    partial = world.make_administrator("partial@hall.example")
    add_member(world.session, account=partial, organization=world.maker, role=Role.VIEWER)
    return outcome


def objected(world: World, actor: Actor, outcome: Outcome) -> Objection:
    return object_to_notice(actor, session=world.session, outcome=outcome, reason="更早已在珠海使用")


def answered(world: World, objection: Objection, answer: str, *, is_upheld: bool) -> None:
    answer_objection(
        world.admin,
        session=world.session,
        outcome=objection.outcome,
        objection_id=objection.id or 0,
        answer=answer,
        is_upheld=is_upheld,
    )


def letters_of(world: World, settings: Settings, kind: str) -> list[list[Letter]]:
    """Those of each event of the kind, the first event's first."""
    events = events_after(world.session, 0, limit=1000, kinds=[kind])
    return [letters_for(world.session, event, settings) for event in events]


def test_administrators_of_neither_side_hear_of_an_objection_but_for_its_author(
    small_world: World, hall_settings: Settings
) -> None:
    world, outcome = small_world, noticed(small_world)
    objected(world, world.actor(world.person("stranger@x.example")), outcome)
    objected(world, world.admin, outcome)
    by_stranger, by_admin = letters_of(world, hall_settings, "outcome.public_objection")
    assert {letter.to for letter in by_stranger} == REVIEWERS
    assert {letter.to for letter in by_admin} == REVIEWERS - {"admin@hall.example"}
    assert "更早已在珠海使用" in by_stranger[0].text
    assert f"http://hall.test/outcomes/{outcome.code}#notice" in by_stranger[0].text
    assert "stranger" not in by_stranger[0].text  # who objected is not told


def test_the_objector_alone_gets_the_answer_and_what_was_decided(small_world: World, hall_settings: Settings) -> None:
    world, outcome = small_world, noticed(small_world)
    first, second, closed = (world.person(f"{name}@x.example") for name in ("first", "second", "closed"))
    objections = [objected(world, world.actor(person), outcome) for person in (first, second, closed)]
    answered(world, objections[0], "所指为另一型号。", is_upheld=False)
    set_active(world.admin, session=world.session, account=closed, is_active=False, reason="注销")
    answered(world, objections[1], "属实。", is_upheld=True)
    dismissed, upheld, to_closed = letters_of(world, hall_settings, "outcome.objection_answered")
    assert [letter.to for letter in dismissed] == ["first@x.example"]
    assert "所指为另一型号。" in dismissed[0].text and "异议不成立" in dismissed[0].text
    assert [letter.to for letter in upheld] == ["second@x.example"]
    assert "属实。" in upheld[0].text and "异议成立" in upheld[0].text
    assert to_closed == []


def test_administrators_hear_once_when_a_notice_has_ended(world: World, hall_settings: Settings) -> None:
    outcome = noticed(world)
    assert outcome.notice_until is not None
    assert tell_of_ended_notices(world.session) == 0
    with clock.at(outcome.notice_until + timedelta(minutes=1)):
        assert [tell_of_ended_notices(world.session) for _ in range(2)] == [1, 0]
        (letters,) = letters_of(world, hall_settings, "outcome.notice_ended")
        assert {letter.to for letter in letters} == REVIEWERS
        assert f"/outcomes/{outcome.code}#notice" in letters[0].text


def test_what_was_decided_at_the_end_of_its_notice_is_told_to_nobody(small_world: World) -> None:
    outcome = noticed(small_world)
    with clock.at(now() + timedelta(days=30)):
        approve_first(small_world.admin, session=small_world.session, outcome=outcome, version=None)
        assert tell_of_ended_notices(small_world.session) == 0
