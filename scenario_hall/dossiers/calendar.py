"""The days that matter to a person: deadlines, milestones, follow-ups, public notices, holidays; or one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from scenario_hall.applications.lifecycle import STANDING
from scenario_hall.applications.models import Application
from scenario_hall.bookmarks.service import bookmarks_of
from scenario_hall.core.clock import local_day, local_today
from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import Actor, can, require
from scenario_hall.core.texts import N_
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.adoption.adoption import open_follow_ups
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.lifecycle import NOTICE
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.of_sides import outcomes_of_sides
from scenario_hall.outcomes.plan.milestones import RUNNING_STATES, milestones_of
from scenario_hall.outcomes.plan.models import Milestone
from scenario_hall.outcomes.plan.workdays import Calendar, calendar_of, calendars
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario

MOST = 500  # of each kind
# What is past stays so long, so that a calendar that is read now and then loses nothing of the present week.
KEPT = timedelta(days=31)
AHEAD = timedelta(days=400)  # of holidays
RUN = timedelta(days=1)


class DayKind(StrEnum):
    DEADLINE = "deadline"
    MILESTONE = "milestone"
    FOLLOW_UP = "follow_up"
    NOTICE = "notice"
    HOLIDAY = "holiday"
    WORKED = "worked"


DAY_NAMES: dict[str, str] = {
    DayKind.DEADLINE: N_("Deadline: %(title)s"),
    DayKind.MILESTONE: N_("Milestone “%(milestone)s”: %(title)s"),
    DayKind.FOLLOW_UP: N_("Follow-up: %(title)s"),
    DayKind.NOTICE: N_("Public notice ends: %(title)s"),
    DayKind.HOLIDAY: N_("Holiday: %(place)s"),
    DayKind.WORKED: N_("Working day at a weekend: %(place)s"),
}


@dataclass(frozen=True)
class CalendarDay:
    """One entry: whole days from ``begin`` to ``end``, both included. ``key`` is the same as long as it is about the
    same thing; ``moment``: the exact end, where there is one; ``path``: the page that it leads to."""

    kind: DayKind
    key: str
    begin: date
    end: date
    title: str
    path: str
    changed_at: datetime | None = None
    moment: datetime | None = None
    milestone: str = ""
    place: str = ""


def my_days(session: Session, actor: Actor) -> list[CalendarDay]:
    """All of the actor's, by their days: of what their organisations post, have applied to, try and answer, and of the
    scenarios that they have bookmarked, with the holidays of the places of their organisations."""
    own = actor.spoken_for
    days = [
        *map(deadline_day, _scenarios(session, actor, own)),
        *_of_outcomes(session, own),
        *(follow_up_day(each) for each in open_follow_ups(session, [each for each in own if actor.edits(each)])),
        *_holidays(session, own),
    ]
    return sorted(days, key=lambda each: (each.begin, each.key))


def one_day(session: Session, actor: Actor, kind: str, code: str, part: str) -> CalendarDay:
    """One entry of a record that the actor may see; ``part``: which milestone (none: the next one that is open), or the
    month of a follow-up. Raises NotFound, Denied."""
    found: CalendarDay | None = None
    if kind == DayKind.DEADLINE:
        scenario = session.exec(select(Scenario).where(col(Scenario.code) == code)).first()
        if scenario is not None and can(actor, "view", scenario) and scenario.deadline is not None:
            found = deadline_day(scenario)
    elif kind in (DayKind.MILESTONE, DayKind.FOLLOW_UP, DayKind.NOTICE):
        outcome = session.exec(select(Outcome).where(col(Outcome.code) == code)).first()
        if outcome is not None and can(actor, "view", outcome):
            found = _of_outcome(session, actor, outcome, kind, part)
    if found is None:
        raise NotFound()
    return found


def deadline_day(scenario: Scenario) -> CalendarDay:
    """The scenario's deadline, which it has."""
    if scenario.deadline is None:
        raise ValueError("the scenario has no deadline")
    day = local_day(scenario.deadline)
    return CalendarDay(
        DayKind.DEADLINE,
        f"deadline-{scenario.code}",
        day,
        day,
        scenario.title,
        f"/scenarios/{scenario.code}",
        scenario.updated_at,
        moment=scenario.deadline,
    )


def milestone_day(outcome: Outcome, milestone: Milestone) -> CalendarDay:
    return CalendarDay(
        DayKind.MILESTONE,
        f"milestone-{outcome.code}-{milestone.name}",
        milestone.due_on,
        milestone.due_on,
        outcome.scenario.title,
        f"/outcomes/{outcome.code}#milestones",
        outcome.updated_at,
        milestone=milestone.name,
    )


def follow_up_day(follow_up: FollowUp) -> CalendarDay:
    outcome = follow_up.outcome
    return CalendarDay(
        DayKind.FOLLOW_UP,
        f"follow-up-{outcome.code}-{follow_up.month}",
        follow_up.due_on,
        follow_up.due_on,
        outcome.product.title,
        f"/outcomes/{outcome.code}/follow-up/{follow_up.month}",
        outcome.updated_at,
    )


def notice_day(outcome: Outcome) -> CalendarDay | None:
    """When its public notice ends; None for one that is not on notice."""
    if outcome.state != NOTICE or outcome.notice_until is None:
        return None
    day = local_day(outcome.notice_until)
    return CalendarDay(
        DayKind.NOTICE,
        f"notice-{outcome.code}",
        day,
        day,
        outcome.product.title,
        f"/outcomes/{outcome.code}#notice",
        outcome.updated_at,
        moment=outcome.notice_until,
    )


def _scenarios(session: Session, actor: Actor, own: Sequence[int]) -> list[Scenario]:
    """Open ones with a deadline: the actor's organisations', those they have applied to, bookmarked ones."""
    applied = select(Application.scenario_id).where(
        col(Application.organization_id).in_(own), col(Application.state).in_(STANDING)
    )
    marked = [record.pk for kind, record in bookmarks_of(session, actor) if kind == "scenario"]
    found: dict[int, Scenario] = {}
    for is_mine in (
        col(Scenario.organization_id).in_(own),
        col(Scenario.id).in_(applied),
        col(Scenario.id).in_(marked),
    ):
        query = select(Scenario).where(is_mine, col(Scenario.state) == RELEASED, col(Scenario.deadline).is_not(None))
        found |= {each.pk: each for each in session.exec(query.order_by(col(Scenario.deadline)).limit(MOST))}
    return list(found.values())


def _of_outcomes(session: Session, own: Sequence[int]) -> Iterator[CalendarDay]:
    query = select(Outcome).where(
        col(Outcome.id).in_(outcomes_of_sides(own)), col(Outcome.state).in_([*RUNNING_STATES, NOTICE])
    )
    outcomes = {each.pk: each for each in session.exec(query.order_by(col(Outcome.id).desc()).limit(MOST))}
    running = [pk for pk, each in outcomes.items() if each.state in RUNNING_STATES]
    open_ones = select(Milestone).where(
        col(Milestone.outcome_id).in_(running),
        col(Milestone.reached_at).is_(None),
        col(Milestone.exempted_at).is_(None),
    )
    yield from (milestone_day(outcomes[each.outcome_id], each) for each in session.exec(open_ones))
    yield from (day for each in outcomes.values() if (day := notice_day(each)) is not None)


def _of_outcome(session: Session, actor: Actor, outcome: Outcome, kind: str, part: str) -> CalendarDay | None:
    if kind == DayKind.NOTICE:
        return notice_day(outcome)
    require(actor, "view_private", outcome)
    if kind == DayKind.MILESTONE:
        named = (each for each in milestones_of(session, outcome) if (each.name == part if part else each.is_open))
        return next((milestone_day(outcome, each) for each in named), None)
    rows = session.exec(select(FollowUp).where(col(FollowUp.outcome_id) == outcome.pk))
    return next((follow_up_day(each) for each in rows if str(each.month) == part), None)


def _holidays(session: Session, own: Sequence[int]) -> Iterator[CalendarDay]:
    """Of the mainland, Hong Kong and Macao, as far as the organisations stand there."""
    regions = session.exec(select(Organization.region).where(col(Organization.id).in_(own))).all()
    places = {id(calendar_of(each)) for each in regions}
    first, last = local_today() - KEPT, local_today() + AHEAD
    for place, calendar in calendars().items():
        if id(calendar) in places:
            yield from _days_of(place, calendar, first, last)


def _days_of(place: str, calendar: Calendar, first: date, last: date) -> Iterator[CalendarDay]:
    for kind, chosen in ((DayKind.HOLIDAY, calendar.off), (DayKind.WORKED, calendar.worked)):
        for begin, end in _runs(day for day in chosen if first <= day <= last):
            yield CalendarDay(kind, f"{kind}-{place}-{begin}", begin, end, "", "/rules", place=place)


def _runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days that follow each other, together: the first and the last of each run."""
    begin: date | None = None
    before: date | None = None
    for day in sorted(days):
        if begin is None or before is None:
            begin = day
        elif day - before > RUN:
            yield begin, before
            begin = day
        before = day
    if begin is not None and before is not None:
        yield begin, before
