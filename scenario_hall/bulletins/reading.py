"""Reads what the log says of a month, by its entries: each month costs what happened in it, however long the log is."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlmodel import Session, col, select

from scenario_hall.bulletins.figures import RELEASED, STARTED, WANTED, Line, Place, Read
from scenario_hall.bulletins.months import Month
from scenario_hall.log.chain import Event
from scenario_hall.outcomes.certificate.logged import APPROVED, REVOKED
from scenario_hall.scenarios.models import Scenario, ScenarioRevision
from scenario_hall.taxonomy.service import PLAN_TARGET

PUBLICATIONS = (RELEASED, "scenario.amended")
AT_ONCE = 500
Key = TypeVar("Key", int, str)


def read_month(session: Session, month: Month, *, after: int, last: int, year_after: int) -> Read:
    """What the entries from ``after`` (without it) to ``last`` say; the year begins behind ``year_after``."""
    lines = _lines(session, WANTED, after, last)
    certified = _lines(session, (APPROVED, REVOKED), year_after, last)
    numbers = _numbers(session, {line.subject_id for line in lines if line.kind in (APPROVED, REVOKED)}, last)
    placed = [line for line in lines if line.kind in (RELEASED, STARTED)]
    placed += [line for line in certified if line.kind == APPROVED]
    return Read(lines, certified, _places(session, placed, last), numbers, _target(session, month.year, last))


def _lines(session: Session, kinds: Collection[str], after: int, last: int) -> list[Line]:
    query = select(Event.id, Event.kind, Event.subject_id, Event.data).where(
        col(Event.kind).in_(kinds), col(Event.id) > after, col(Event.id) <= last
    )
    rows = session.exec(query.order_by(col(Event.id)))
    return [Line(key, kind, subject, json.loads(data)) for key, kind, subject, data in rows]


def _numbers(session: Session, outcomes: Iterable[int], last: int) -> dict[int, str]:
    """The certificates of these records by the log: one revoked now may be of an earlier year."""
    found: dict[int, str] = {}
    for some in _slices(outcomes):
        query = select(Event.subject_id, Event.data).where(
            col(Event.subject_kind) == "outcome",
            col(Event.subject_id).in_(some),
            col(Event.kind) == APPROVED,
            col(Event.id) <= last,
        )
        found |= {subject: str(json.loads(data).get("certificate", "")) for subject, data in session.exec(query)}
    return found


def _slices(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """The keys in their order, so many as one statement takes."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _target(session: Session, year: int, last: int) -> int:
    """What was the year's target after the entry ``last``; it is set a few times a year."""
    query = select(Event.data).where(col(Event.kind) == "taxonomy.target_set", col(Event.id) <= last)
    for text in session.exec(query.order_by(col(Event.id).desc())):
        data = json.loads(text)
        if data.get("year") == year:
            return int(data["outcomes"])
    return PLAN_TARGET


def _places(session: Session, lines: Sequence[Line], last: int) -> dict[int, Place]:
    """By entry, where its scenario was by the revision that was public then; it may have been amended since."""
    codes = {str(line.data.get("scenario", "")) for line in lines if line.kind != RELEASED}
    ids = _scenarios(session, codes)
    scenarios = {
        line.id: line.subject_id if line.kind == RELEASED else ids.get(str(line.data.get("scenario", "")), 0)
        for line in lines
    }
    published = _published(session, set(scenarios.values()), last)
    places = _of_revisions(session, set(scenarios.values()))
    return {
        entry: places.get((scenario, _revision_at(published[scenario], entry)), Place())
        for entry, scenario in scenarios.items()
    }


def _scenarios(session: Session, codes: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in _slices(codes):
        for code, key in session.exec(select(Scenario.code, Scenario.id).where(col(Scenario.code).in_(some))):
            found[code] = key or 0
    return found


def _published(session: Session, scenarios: Iterable[int], last: int) -> Mapping[int, list[tuple[int, int]]]:
    """By scenario, the entries that made a revision public, each with its number; in their order."""
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for some in _slices(scenarios):
        query = select(Event.subject_id, Event.id, Event.data).where(
            col(Event.subject_kind) == "scenario",
            col(Event.subject_id).in_(some),
            col(Event.kind).in_(PUBLICATIONS),
            col(Event.id) <= last,
        )
        for subject, entry, data in session.exec(query.order_by(col(Event.id))):
            found[subject].append((entry, int(json.loads(data).get("revision", len(found[subject]) + 1))))
    return found


def _revision_at(published: Sequence[tuple[int, int]], entry: int) -> int:
    """The number that was public after ``entry``; 0 before the first."""
    place = bisect_right(published, entry, key=lambda each: each[0])
    return published[place - 1][1] if place else 0


def _of_revisions(session: Session, scenarios: Iterable[int]) -> dict[tuple[int, int], Place]:
    found = {}
    region, domains = col(ScenarioRevision.content)["region"], col(ScenarioRevision.content)["domains"]
    for some in _slices(scenarios):
        query = select(ScenarioRevision.scenario_id, ScenarioRevision.number, region.as_string(), domains.as_json())
        for scenario, number, where, what in session.exec(query.where(col(ScenarioRevision.scenario_id).in_(some))):
            found[scenario, number] = Place(where or "", what or ())
    return found
