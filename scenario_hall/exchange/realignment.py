"""Rows with a cell too many: somebody wrote a comma inside a text and no quotation marks around it.

Every way of joining neighbours back together is tried; the one in which sums stand under sums, dates under dates and
domains under domains wins. Where nothing speaks for one way, the row is refused, since its values may be shifted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations_with_replacement, islice

from scenario_hall.exchange import faults
from scenario_hall.exchange.cells import parse_contact, parse_readiness, split_list
from scenario_hall.exchange.columns import Column, ColumnMap
from scenario_hall.exchange.faults import RowFault, Severity
from scenario_hall.exchange.lines import parse_requirements, parse_specifications
from scenario_hall.exchange.row_reader import LookUps
from scenario_hall.exchange.source import SourceRow
from scenario_hall.language.dates import parse_date
from scenario_hall.language.faults import IMPOSSIBLE_DATE, NOT_STATED, SUM_WITHOUT_UNIT, Fault
from scenario_hall.language.sums import parse_sum

_MOST_WAYS = 5000
# Where a stray comma is likeliest, if two ways fit equally well: prose before lists, and never a name or a number.
_PROSE = ("text", "wanted_result", "requirements", "specifications", "limits", "earlier_uses")


def realign(row: SourceRow, columns: ColumnMap, delimiter: str, look_ups: LookUps) -> tuple[SourceRow, RowFault | None]:
    """The row with as many cells as there are columns, and what is to be reported about it."""
    if not any(cell.strip() for cell in row.extra):
        return replace(row, extra=()), None
    cells = [*row.cells.values(), *row.extra]
    as_it_is = _fitness(cells[: len(columns.columns)], columns, look_ups)
    ways = list(islice(_ways(cells, columns, delimiter), _MOST_WAYS + 1)) if delimiter else []
    scored = sorted(
        ((_fitness(joined, columns, look_ups), -rank, joined, header) for rank, joined, header in ways), reverse=True
    )
    if scored and len(ways) <= _MOST_WAYS and scored[0][0] > as_it_is:
        best = scored[0]
        if len(scored) == 1 or scored[1][:2] < best[:2]:
            repaired = dict(zip(row.cells, best[2], strict=True))
            return replace(row, cells=repaired, extra=()), RowFault(
                row.number, best[3], repaired[best[3]], faults.JOINED
            )
    kept = {f"column {place}": cell for place, cell in enumerate(row.extra, start=len(row.cells) + 1) if cell.strip()}
    is_shifted = bool(delimiter) and (as_it_is == 0 or (bool(scored) and scored[0][0] >= as_it_is))
    return replace(row, cells={**row.cells, **kept}, extra=()), RowFault(
        row.number,
        next(iter(kept)),
        " ".join(kept.values()),
        faults.SHIFTED if is_shifted else faults.LEFT_OVER,
        Severity.ERROR if is_shifted else Severity.WARNING,
    )


def _ways(cells: Sequence[str], columns: ColumnMap, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Each way to join: how unlikely its places are, the cells, and the header of the column that was joined first."""
    named = columns.columns
    for places in combinations_with_replacement(range(len(named)), len(cells) - len(named)):
        joined, at = [], 0
        for place in range(len(named)):
            end = at + 1 + places.count(place)
            joined.append(delimiter.join(cells[at:end]))
            at = end
        yield sum(_unlikely(named[place]) for place in places), joined, named[places[0]].header


def _unlikely(column: Column) -> int:
    return _PROSE.index(column.target) if column.target in _PROSE else len(_PROSE) + (column.target == "title")


def _fitness(cells: Sequence[str], columns: ColumnMap, look_ups: LookUps) -> float:
    return sum(_fits(cell, column, look_ups) for cell, column in zip(cells, columns.columns, strict=True))


def _fits(cell: str, column: Column, look_ups: LookUps) -> float:
    """1 where the cell is what its column holds, 0 where it says nothing either way, −1 where it is not."""
    if not cell.strip():
        return 0
    match column.target:
        case "ordinal":
            return 1 if cell.strip().isdigit() else -1
        case "budget" | "budget_min" | "budget_max" | "price" | "price_min" | "price_max":
            return _fits_sum(cell, column)
        case "deadline":
            day = parse_date(cell)
            is_day = day is None or isinstance(day, date) or day.reason == IMPOSSIBLE_DATE
            return (0.5 if "," in cell else 1) if is_day else -1
        case "readiness_level":
            return 1 if isinstance(parse_readiness(cell), int) else -1
        case "region":
            return (0.5 if "," in cell else 1) if look_ups.find_regions(cell) else -1
        case "domains" | "tags":
            entries = split_list(cell)
            return 2 * sum(look_ups.find_tag(entry) is not None for entry in entries) / max(1, len(entries)) - 1
        case "contact":
            contact = parse_contact(cell)
            return 0.5 if contact.phone or contact.email else 0
        case "requirements":
            requirements, silent = parse_requirements(cell, read=look_ups.read_requirements)
            return (1 if requirements else 0) - (0.5 if silent else 0)
        case "specifications":
            specifications, silent = parse_specifications(cell, read=look_ups.read_specifications)
            return (1 if specifications else 0) - (0.5 if silent else 0)
        case _:
            return 0


def _fits_sum(cell: str, column: Column) -> float:
    is_plain = column.target is not None and column.target.endswith(("_min", "_max"))
    found = parse_sum(cell, currency=column.currency, factor=column.factor, is_plain=is_plain)
    if isinstance(found, Fault):
        return 1 if found.reason == NOT_STATED else 0 if found.reason == SUM_WITHOUT_UNIT else -1
    is_cut = re.search(r",(?!\d{3}(?!\d))", cell) is not None  # a comma that is none of thousands
    return 0.5 if is_cut else 1
