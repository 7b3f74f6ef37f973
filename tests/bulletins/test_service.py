"""Months are frozen once they have ended, by the log as it was then; what is still running is counted as it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from scenario_hall.bulletins.figures import Count, Flow
from scenario_hall.bulletins.models import Bulletin
from scenario_hall.bulletins.months import Month
from scenario_hall.bulletins.service import ADDED, PUBLISHED, find_bulletin, publish_due, unfrozen
from scenario_hall.core import clock
from scenario_hall.core.canonical import fingerprint
from scenario_hall.log.chain import Event, last_id
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.scenarios.service import amend_scenario, end_scenario
from scenario_hall.taxonomy.service import set_target
from tests.world import World

OCTOBER, NOVEMBER, DECEMBER, JANUARY = (Month(2031, 10), Month(2031, 11), Month(2031, 12), Month(2032, 1))


def on(month: Month, day: int = 10) -> datetime:
    return month.start + timedelta(days=day - 1, hours=3)


@pytest.fixture
def told(world: World) -> World:
    """A hall whose first countable month is October 2031: two scenarios then, a first in November, one trial running."""
    with clock.at(on(OCTOBER)):
        world.released_scenario(region="440100", domains=["robotics"], tags=[])
        world.released_scenario(region="440300")
    with clock.at(on(NOVEMBER)):
        set_target(world.admin, session=world.session, year=2031, outcomes=50, version=0)
        world.approved()
    return world


def kinds_of(session: Session, kind: str) -> list[str]:
    return [event.subject_code for event in session.exec(select(Event).where(Event.kind == kind).order_by(Event.id))]  # type: ignore[arg-type]


def test_each_month_is_frozen_once_and_only_the_newest_is_told_to_everybody(told: World) -> None:
    with clock.at(OCTOBER.end - timedelta(milliseconds=1)):
        assert publish_due(told.session) == 0
    with clock.at(DECEMBER.start):
        assert publish_due(told.session) == 2
        assert publish_due(told.session) == 0
    assert kinds_of(told.session, ADDED) == ["2031-10"] and kinds_of(told.session, PUBLISHED) == ["2031-11"]
    frozen = find_bulletin(told.session, NOVEMBER)
    assert frozen is not None
    line = told.session.exec(select(Event).where(Event.kind == PUBLISHED)).one()
    assert line.fields == {"line": frozen.entry, "figures": fingerprint(frozen.figures)}
    assert told.session.get_one(Event, frozen.entry).hash == frozen.entry_hash


def test_the_figures_are_those_of_the_month_and_of_the_year(told: World) -> None:
    with clock.at(DECEMBER.start):
        publish_due(told.session)
    october, november = (find_bulletin(told.session, month).read() for month in (OCTOBER, NOVEMBER))  # type: ignore[union-attr]
    assert october.flows[Count.RELEASED] == Flow(month=2, year=2)
    assert (october.target, october.firsts, october.issued) == (100, 0, [])
    # ``approved`` released one more.
    assert november.flows[Count.RELEASED] == Flow(month=1, year=3)
    assert november.flows[Count.APPLIED] == Flow(month=1, year=1)
    assert november.flows[Count.ISSUED] == Flow(month=1, year=1)
    assert (november.target, november.firsts, november.running, november.on_notice) == (50, 1, 0, 0)
    assert november.issued == [told.session.exec(select(Certificate.number)).one()]
    assert november.regions["440100"].released == Flow(month=0, year=1)
    assert november.regions["440300"].released == Flow(month=1, year=2)
    assert november.regions["440300"].firsts == november.domains["low-altitude"].firsts == 1
    assert november.domains["robotics"].released == Flow(month=0, year=1)


def test_what_happens_later_changes_no_frozen_month(told: World) -> None:
    with clock.at(DECEMBER.start):
        publish_due(told.session)
    before = {each.id: dict(each.figures) for each in told.session.exec(select(Bulletin))}
    with clock.at(on(DECEMBER)):
        outcome = told.session.exec(select(Certificate)).one().outcome
        revoke_outcome(told.admin, session=told.session, outcome=outcome, version=None, reason="数据有误")
        amend_scenario(
            told.demand,
            session=told.session,
            scenario=outcome.scenario,
            version=None,
            content={"region": "810000", "deadline": JANUARY.start},
            reason="改地点",
        )
        other = told.released_scenario()
        end_scenario(
            told.demand, session=told.session, scenario=other, action="withdraw", version=None, reason="计划改变"
        )
        running = next(unfrozen(told.session))
        assert {each.id: dict(each.figures) for each in told.session.exec(select(Bulletin))} == before
    assert (running.month, running.figures.firsts, len(running.figures.revoked)) == (DECEMBER, 0, 1)
    assert running.figures.flows[Count.RELEASED] == Flow(month=1, year=4)
    assert running.entry == last_id(told.session) and not running.is_over
    # Where the scenario was when its trial began and its certificate was issued.
    assert "810000" not in running.figures.regions


def test_months_in_which_nothing_happened_have_their_bulletins_too_and_a_year_begins_anew(told: World) -> None:
    with clock.at(Month(2032, 2).start + timedelta(days=3)):
        assert publish_due(told.session) == 4
        december, january = (find_bulletin(told.session, month) for month in (DECEMBER, JANUARY))
    assert december is not None and january is not None and december.entry == january.entry
    assert december.read().flows[Count.RELEASED] == Flow(month=0, year=3) and december.read().firsts == 1
    assert january.read().flows[Count.RELEASED] == Flow() and january.read().firsts == 0
    assert january.read().target == 100 and january.read().regions == {}


def test_a_clock_that_was_set_back_counts_an_entry_where_it_came(told: World) -> None:
    with clock.at(DECEMBER.start):
        publish_due(told.session)
    with clock.at(on(OCTOBER)):
        told.released_scenario()
    with clock.at(JANUARY.start):
        assert publish_due(told.session) == 1
        december = find_bulletin(told.session, DECEMBER)
    assert december is not None and december.read().flows[Count.RELEASED] == Flow(month=1, year=4)


def test_a_hall_in_which_nothing_happened_yet_has_a_month_that_runs(world: World) -> None:
    with clock.at(datetime(2031, 5, 5, tzinfo=UTC)):
        months = list(unfrozen(world.session))
        assert publish_due(world.session) == 0
    assert [each.month for each in months] == [Month(2031, 5)] and months[0].figures.regions == {}
