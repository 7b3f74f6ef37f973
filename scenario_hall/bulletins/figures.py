"""The figures of a month, added up from lines of the log alone: whoever has the log can count them anew.

A flow counts what happened between two entries; what is under way at the end is the month before's, and what came in
less what went out. A first is a product with a certificate of the year that had not been revoked by the month's last
entry. What happens later, a revocation too, is in a later month's figures and changes none of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from scenario_hall.bulletins.months import Month
from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.table import KINDS
from scenario_hall.outcomes.certificate.logged import APPROVED, REVOKED
from scenario_hall.outcomes.lifecycle import NOTICE, RUNNING

RELEASED, STARTED = "scenario.released", "outcome.started"


class Count(StrEnum):
    """What is counted as it happens."""

    RELEASED = "released"
    APPLIED = "applied"
    STARTED = "started"
    NOTICED = "noticed"
    ISSUED = "issued"
    REVOKED = "revoked"


COUNT_NAMES: dict[str, str] = {
    Count.RELEASED: N_("New scenarios"),
    Count.APPLIED: N_("Applications"),
    Count.STARTED: N_("Trials started"),
    Count.NOTICED: N_("Claims put on public notice"),
    Count.ISSUED: N_("Certificates issued"),
    Count.REVOKED: N_("Certificates revoked"),
}
COUNTED: Mapping[str, Count] = {
    RELEASED: Count.RELEASED,
    "application.submitted": Count.APPLIED,
    STARTED: Count.STARTED,
    "outcome.on_notice": Count.NOTICED,
    APPROVED: Count.ISSUED,
    REVOKED: Count.REVOKED,
}
# All that moves a trial from one state to another.
MOVES = frozenset(kind.name for kind in KINDS.values() if kind.subject == "outcome" and "to" in kind.fields)
WANTED = frozenset(COUNTED) | MOVES


@dataclass(frozen=True)
class Line:
    """What is read of one entry; ``data`` has its marks."""

    id: int
    kind: str
    subject_id: int
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a scenario was, and of which domains, when an entry was written; unknown is empty."""

    region: str = ""
    domains: Sequence[str] = ()


class Flow(BaseModel):
    """How often in the month, and in its year so far."""

    model_config = ConfigDict(frozen=True)

    month: int = 0
    year: int = 0


class Part(BaseModel):
    """What a region or a domain has of it; ``firsts`` as in ``Figures``, a product once."""

    model_config = ConfigDict(frozen=True)

    released: Flow = Flow()
    started: Flow = Flow()
    firsts: int = 0


class Figures(BaseModel):
    """A month's figures. ``running`` and ``on_notice`` are what is so after its last entry; ``firsts`` the year's, by
    product; ``issued`` and ``revoked`` the month's certificates by number."""

    model_config = ConfigDict(frozen=True)

    month: str
    target: int
    firsts: int
    running: int
    on_notice: int
    flows: dict[Count, Flow]
    regions: dict[str, Part]
    domains: dict[str, Part]
    issued: list[str]
    revoked: list[str]


@dataclass(frozen=True)
class Read:
    """What the log says of a month: its ``lines`` in their order, the approvals and revocations of its year so far
    (``certified``), by entry where the scenario was, by record the number of its certificate, and the year's target."""

    lines: Sequence[Line]
    certified: Sequence[Line]
    places: Mapping[int, Place]
    numbers: Mapping[int, str]
    target: int


def add_up(month: Month, read: Read, before: Figures | None) -> Figures:
    """The figures of ``month``; ``before``: those of the month before it, None where the log begins."""
    earlier = before if month.number > 1 else None  # what the year had come to
    standing = _standing(read.certified)
    counts = Counter(COUNTED[line.kind] for line in read.lines if line.kind in COUNTED)
    return Figures(
        month=month.code,
        target=read.target,
        firsts=len({line.data.get("product") for line in standing}),
        running=_under_way(RUNNING, read.lines, before.running if before is not None else 0),
        on_notice=_under_way(NOTICE, read.lines, before.on_notice if before is not None else 0),
        flows={each: _flow(counts[each], earlier.flows.get(each) if earlier is not None else None) for each in Count},
        regions=_parts(read, standing, "region", earlier.regions if earlier is not None else {}),
        domains=_parts(read, standing, "domains", earlier.domains if earlier is not None else {}),
        issued=[read.numbers.get(line.subject_id, "") for line in read.lines if line.kind == APPROVED],
        revoked=[read.numbers.get(line.subject_id, "") for line in read.lines if line.kind == REVOKED],
    )


def _standing(certified: Iterable[Line]) -> list[Line]:
    """The approvals that no later line revokes."""
    found: dict[int, Line] = {}
    for line in certified:
        if line.kind == APPROVED:
            found[line.subject_id] = line
        else:
            found.pop(line.subject_id, None)
    return list(found.values())


def _under_way(state: str, lines: Iterable[Line], before: int) -> int:
    """How many are in ``state`` after these lines."""
    moves = [line.data for line in lines if line.kind in MOVES]
    return before + sum((data.get("to") == state) - (data.get("from") == state) for data in moves)


def _flow(count: int, earlier: Flow | None) -> Flow:
    return Flow(month=count, year=count + (earlier.year if earlier is not None else 0))


def _parts(read: Read, standing: Iterable[Line], name: str, earlier: Mapping[str, Part]) -> dict[str, Part]:
    """By region or domain, as ``name`` says; those alone that have something this year."""
    counts: Counter[tuple[str, str]] = Counter()
    for line in read.lines:
        if line.kind in (RELEASED, STARTED):
            counts.update((key, line.kind) for key in _keys(read.places, line, name))
    firsts = {(key, line.data.get("product")) for line in standing for key in _keys(read.places, line, name)}
    products = Counter(key for key, _ in firsts)
    none = Part()
    return {
        key: Part(
            released=_flow(counts[key, RELEASED], earlier.get(key, none).released),
            started=_flow(counts[key, STARTED], earlier.get(key, none).started),
            firsts=products[key],
        )
        for key in sorted({*earlier, *products, *(key for key, _ in counts)})
    }


def _keys(places: Mapping[int, Place], line: Line, name: str) -> Sequence[str]:
    place = places.get(line.id, Place())
    if name == "domains":
        return list(dict.fromkeys(place.domains))
    return [place.region] if place.region else []
