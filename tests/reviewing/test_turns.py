"""Whose turn an item for review is: given, taken, given back, stood in for; four eyes decide to whom it can go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from scenario_hall.core import clock
from scenario_hall.core.clock import local_today
from scenario_hall.core.errors import Denied, Invalid, NotFound
from scenario_hall.core.policy import VISITOR, Actor, Role
from scenario_hall.dossiers.review import review_queues
from scenario_hall.dossiers.waiting import next_waiting, place_in_queue
from scenario_hall.log.chain import events_after
from scenario_hall.organizations.accounts import set_administrator
from scenario_hall.organizations.models import Account, Membership
from scenario_hall.publishing.amending import get_waiting
from scenario_hall.publishing.discarding import recall
from scenario_hall.reviewing.absences import absences, come_back, go_away, stand_ins
from scenario_hall.reviewing.queues import QUEUES
from scenario_hall.reviewing.turns import Turn, give_item, offered_to, turn_of
from scenario_hall.scenarios.service import amend_scenario, return_scenario, submit_scenario
from tests.world import World


@pytest.fixture
def second(small_world: World) -> Account:
    return small_world.make_administrator("second@hall.example")


@pytest.fixture
def third(small_world: World) -> Account:
    return small_world.make_administrator("third@hall.example")


def join_port(hall: World, person: Account) -> None:
    hall.session.add(Membership(account_id=person.pk, organization_id=hall.port.pk, role=Role.VIEWER, is_active=True))
    hall.session.commit()


def give(hall: World, person: Account | None, row: object, queue: str = "scenarios", by: Actor | None = None) -> None:
    wanted = person.pk if person is not None else None
    give_item(by or hall.admin, session=hall.session, queue=queue, row_id=row.pk, account_id=wanted)  # type: ignore[attr-defined]


def test_an_item_that_was_given_is_passed_over_by_the_others_and_told_in_the_log(
    small_world: World, second: Account
) -> None:
    hall, own = small_world, small_world.submitted_scenario()
    other = hall.submitted_scenario()
    give(hall, second, own)
    assert turn_of(hall.session, "scenarios", own) == Turn(second, second)
    assert next_waiting(hall.session, hall.admin, "scenarios") == ("scenarios", other)
    assert next_waiting(hall.session, hall.actor(second), "scenarios") == ("scenarios", own)
    place = place_in_queue(hall.session, hall.admin, "scenarios", other.pk)
    assert place is not None and place.following is None and place.turn is None
    board = review_queues(hall.session, "scenarios", hall.actor(second))
    assert board.mine == {"scenarios": 1} and board.turns[own.pk].is_mine(hall.actor(second))
    told = events_after(hall.session, 0, kinds=["turn.given", "turn.given_back"])
    assert [(each.subject_code, each.actor_id, each.fields) for each in told] == [
        (own.code, hall.administrator.pk, {"account": second.pk, "queue": "scenarios"})
    ]
    give(hall, None, own, by=hall.actor(second))
    assert turn_of(hall.session, "scenarios", own) is None
    assert next_waiting(hall.session, hall.admin, "scenarios") == ("scenarios", own)


def test_giving_it_to_the_same_again_says_nothing_new(small_world: World, second: Account) -> None:
    row = small_world.submitted_scenario()
    for _ in range(2):
        give(small_world, second, row)
    assert len(events_after(small_world.session, 0, kinds=["turn.given"])) == 1


@pytest.mark.parametrize("queue", [name for name in QUEUES if name not in ("facts", "objections", "notices")])
def test_who_has_to_do_with_a_party_is_offered_nothing_of_it_and_gives_nothing(
    small_world: World, second: Account, third: Account, queue: str
) -> None:
    hall = small_world
    made = {
        "organizations": lambda: hall.organization(third, hall.port.side, "待核验", is_verified=False),  # type: ignore[arg-type]
        "scenarios": hall.submitted_scenario,
        "products": hall.submitted_product,
        "revisions": lambda: a_change(hall),
        "outcomes": hall.claimed,
    }[queue]()
    mine = hall.maker if queue == "products" else hall.port
    if queue != "organizations":  # its owner is a member already
        member = Membership(account_id=third.pk, organization_id=mine.pk, role=Role.VIEWER, is_active=True)
        hall.session.add(member)
        hall.session.commit()
    offered = {each.pk for each in offered_to(hall.session, queue, made)}
    assert second.pk in offered and third.pk not in offered
    with pytest.raises(Invalid):
        give(hall, third, made, queue)
    with pytest.raises(Denied):
        give(hall, second, made, queue, by=hall.actor(third))


def a_change(hall: World) -> object:
    record = hall.released_scenario()
    change = {"title": "新题目"}
    amend_scenario(hall.demand, session=hall.session, scenario=record, version=None, content=change, reason="x")
    return get_waiting(hall.session, record)


def test_a_turn_ends_when_its_holder_may_no_longer_decide(small_world: World, second: Account) -> None:
    hall = small_world
    first, other = hall.submitted_scenario(), hall.submitted_product()
    give(hall, second, first)
    give(hall, second, other, "products")
    join_port(hall, second)
    assert turn_of(hall.session, "scenarios", first) is None
    assert turn_of(hall.session, "products", other) is not None
    set_administrator(hall.admin, session=hall.session, account=second, is_administrator=False)
    assert turn_of(hall.session, "products", other) is None


def test_a_claim_is_not_given_to_who_has_advised_and_is_free_again_after_advice(
    small_world: World,
) -> None:
    hall, claim = small_world, small_world.claimed()
    first, second = hall.reviewers[:2]
    give_item(first, session=hall.session, queue="outcomes", row_id=claim.pk, account_id=first.account_id)
    hall.advised(claim, first)
    assert turn_of(hall.session, "outcomes", claim) is None
    offered = {each.pk for each in offered_to(hall.session, "outcomes", claim)}
    assert first.account_id not in offered and second.account_id in offered


def test_who_returned_an_item_reads_it_again(small_world: World, second: Account) -> None:
    hall, row = small_world, small_world.submitted_scenario()
    give(hall, second, row)
    return_scenario(hall.actor(second), session=hall.session, scenario=row, version=None, reason="请补充", notes={})
    submit_scenario(hall.demand, session=hall.session, scenario=row, version=None)
    turn = turn_of(hall.session, "scenarios", row)
    assert turn is not None and turn.holder == second


def test_what_does_not_wait_cannot_be_given(small_world: World, second: Account) -> None:
    hall, row = small_world, small_world.submitted_scenario()
    recall(hall.demand, session=hall.session, record=row, version=None)
    with pytest.raises(NotFound):
        give(hall, second, row)
    with pytest.raises(Denied):
        give(hall, second, row, by=hall.demand)
    with pytest.raises(NotFound):
        give(hall, second, row, "no such queue")


def test_a_stand_in_takes_the_turn_to_the_end_of_the_last_day(
    small_world: World, second: Account, third: Account
) -> None:
    hall, row, last = small_world, small_world.submitted_scenario(), local_today() + timedelta(days=3)
    give(hall, second, row)
    go_away(hall.actor(second), session=hall.session, until=last, stand_in_id=third.pk)
    assert turn_of(hall.session, "scenarios", row) == Turn(second, third, last)
    with clock.at(clock.end_of_local_day(last)):
        turn = turn_of(hall.session, "scenarios", row)
        assert turn is not None and turn.is_mine(hall.actor(third)) and turn.is_others(hall.actor(second))
    with clock.at(clock.end_of_local_day(last) + timedelta(seconds=1)):
        assert turn_of(hall.session, "scenarios", row) == Turn(second, second)
    come_back(hall.actor(second), session=hall.session)
    assert turn_of(hall.session, "scenarios", row) == Turn(second, second)


@pytest.mark.parametrize("why", ["nobody was named", "away as well", "not neutral", "no administrator any more"])
def test_where_nobody_can_stand_in_it_is_anybody_s_turn(
    small_world: World, second: Account, third: Account, why: str
) -> None:
    hall, row, last = small_world, small_world.submitted_scenario(), local_today() + timedelta(days=3)
    give(hall, second, row)
    named = None if why == "nobody was named" else third.pk
    go_away(hall.actor(second), session=hall.session, until=last, stand_in_id=named)
    if why == "away as well":
        go_away(hall.actor(third), session=hall.session, until=last, stand_in_id=None)
    elif why == "not neutral":
        join_port(hall, third)
    elif why == "no administrator any more":
        set_administrator(hall.admin, session=hall.session, account=third, is_administrator=False)
    turn = turn_of(hall.session, "scenarios", row)
    assert turn == Turn(second, None, last)
    assert next_waiting(hall.session, hall.admin, "scenarios") == ("scenarios", row)


def test_nothing_is_given_to_who_is_away(small_world: World, second: Account) -> None:
    hall, row = small_world, small_world.submitted_scenario()
    go_away(hall.actor(second), session=hall.session, until=local_today(), stand_in_id=None)
    assert second.pk not in {each.pk for each in offered_to(hall.session, "scenarios", row)}
    assert second.pk not in {each.pk for each in stand_ins(hall.session, hall.admin)}
    with pytest.raises(Invalid):
        give(hall, second, row)


@pytest.mark.parametrize("days", [-1, 367, 4000])
def test_an_absence_ends_on_a_day_of_the_coming_year(small_world: World, days: int) -> None:
    until = local_today() + timedelta(days=days)
    with pytest.raises(Invalid) as refused:
        go_away(small_world.admin, session=small_world.session, until=until, stand_in_id=None)
    assert set(refused.value.fields) == {"until"}


def test_only_another_administrator_who_is_there_stands_in(small_world: World) -> None:
    hall = small_world
    for wanted in (hall.administrator.pk, hall.port_person.pk, 999):
        with pytest.raises(Invalid) as refused:
            go_away(hall.admin, session=hall.session, until=local_today(), stand_in_id=wanted)
        assert set(refused.value.fields) == {"stand_in"}
    for nobody in (VISITOR, hall.actor(hall.person("u@x.example", is_confirmed=False))):
        with pytest.raises(Denied):
            go_away(nobody, session=hall.session, until=local_today(), stand_in_id=None)
    # A member of an organisation may be away, and is none of the review's.
    go_away(hall.demand, session=hall.session, until=local_today(), stand_in_id=None)
    assert absences(hall.session) == {}


def test_a_long_board_asks_for_acts_once(small_world: World, second: Account) -> None:
    """Of ten items that were given, no more questions than of one."""
    hall, counts = small_world, []
    rows = [hall.submitted_scenario() for _ in range(10)]
    for some in (rows[:1], rows):
        for row in some:
            give(hall, second, row)
        asked: list[str] = []

        def note(*arguments: object, asked: list[str] = asked) -> None:
            asked.append(str(arguments[2]))

        hall.session.expire_all()
        engine = hall.session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        review_queues(hall.session, "scenarios", hall.admin)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(sum("party_act" in each for each in asked))
    assert counts[0] == counts[1] > 0
