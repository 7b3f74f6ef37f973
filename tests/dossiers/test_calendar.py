"""Which days stand in a person's calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scenario_hall.bookmarks.service import set_bookmark
from scenario_hall.core import clock
from scenario_hall.core.clock import end_of_local_day, local_today, now
from scenario_hall.core.errors import Denied, NotFound
from scenario_hall.core.policy import VISITOR
from scenario_hall.dossiers.calendar import CalendarDay, DayKind, my_days, one_day
from scenario_hall.outcomes.plan.milestones import milestones_of
from tests.world import World


def of_kind(days: list[CalendarDay], kind: DayKind) -> list[CalendarDay]:
    return [each for each in days if each.kind is kind]


def test_deadlines_of_what_one_posts_has_applied_to_or_bookmarked_and_of_nothing_else(small_world: World) -> None:
    world, session = small_world, small_world.session
    deadline = end_of_local_day(local_today() + timedelta(days=20))
    applied = world.released_scenario(title="已申请", deadline=deadline)
    world.application(applied)
    marked = world.released_scenario(title="已收藏")
    other = world.released_scenario(title="无关")
    set_bookmark(world.supplier, session=session, kind="scenario", key=str(marked.pk), is_kept=True)
    found = of_kind(my_days(session, world.supplier), DayKind.DEADLINE)
    assert {each.title for each in found} == {"已申请", "已收藏"}
    mine = of_kind(my_days(session, world.demand), DayKind.DEADLINE)
    assert {each.key for each in mine} == {f"deadline-{each.code}" for each in (applied, marked, other)}
    (day,) = [each for each in found if each.title == "已申请"]
    assert (day.begin, day.end, day.moment) == (local_today() + timedelta(days=20),) * 2 + (deadline,)


def test_milestones_that_are_open_and_public_notices_of_both_sides(small_world: World) -> None:
    world, session = small_world, small_world.session
    outcome = world.signed()
    milestones = milestones_of(session, outcome)
    for actor in (world.demand, world.supplier):
        found = of_kind(my_days(session, actor), DayKind.MILESTONE)
        assert {(each.milestone, each.begin) for each in found} == {(each.name, each.due_on) for each in milestones}
    stranger = world.actor(world.person("x@x.example"))
    assert of_kind(my_days(session, stranger), DayKind.MILESTONE) == []
    notice = world.on_notice(world.accepted(product=world.listed_product(title="另一产品")))
    (shown,) = of_kind(my_days(session, world.supplier), DayKind.NOTICE)
    assert shown.title == notice.product.title
    assert shown.moment == notice.notice_until
    assert one_day(session, VISITOR, "notice", notice.code, "") == shown


def test_holidays_of_the_places_of_ones_organisations_as_runs_of_days(small_world: World) -> None:
    world, session = small_world, small_world.session
    with clock.at(clock.local_year_bounds(2026)[0] + timedelta(days=20)):
        days = my_days(session, world.demand)
        national = [each for each in of_kind(days, DayKind.HOLIDAY) if each.begin == date(2026, 10, 1)]
        assert [(each.place, each.end) for each in national] == [("mainland", date(2026, 10, 7))]
        assert date(2026, 10, 10) in {each.begin for each in of_kind(days, DayKind.WORKED)}
        world.port.region = "820000"
        session.add(world.port)
        session.commit()
        assert {each.place for each in of_kind(my_days(session, world.demand), DayKind.HOLIDAY)} == {"macao"}
        assert my_days(session, world.actor(world.person("x@x.example"))) == []


def test_one_day_is_given_to_whoever_may_see_its_record(small_world: World) -> None:
    world, session = small_world, small_world.session
    scenario = world.released_scenario()
    assert one_day(session, VISITOR, "deadline", scenario.code, "").title == scenario.title
    draft = world.draft_scenario(deadline=now() + timedelta(days=9))
    assert one_day(session, world.demand, "deadline", draft.code, "").key == f"deadline-{draft.code}"
    outcome = world.signed(world.accepted(scenario))
    first = min(milestones_of(session, outcome), key=lambda each: each.due_on)
    assert one_day(session, world.demand, "milestone", outcome.code, "").milestone == first.name
    assert one_day(session, world.demand, "milestone", outcome.code, "reported").milestone == "reported"
    stranger = world.actor(world.person("x@x.example"))
    for actor, kind, code, part in (
        (VISITOR, "deadline", draft.code, ""),
        (VISITOR, "deadline", "S-1999-000001", ""),
        (stranger, "milestone", outcome.code, "reported"),
        (world.demand, "milestone", outcome.code, "nothing"),
        (world.demand, "notice", outcome.code, ""),
        (world.demand, "follow_up", outcome.code, "3"),
        (world.demand, "holiday", "mainland", ""),
    ):
        with pytest.raises((NotFound, Denied)):
            one_day(session, actor, kind, code, part)
