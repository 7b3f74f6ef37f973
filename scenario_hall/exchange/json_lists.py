"""Lists as JSON: one object a line, or one array of objects."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

from scenario_hall.core.texts import N_
from scenario_hall.exchange import faults
from scenario_hall.exchange.bounds import ReadingError, check_size, is_deeper
from scenario_hall.exchange.faults import RowFault, Severity
from scenario_hall.exchange.source import SourceRow, SourceTable, nothing_to_read, repaired, whole
from scenario_hall.language.faults import shorten


def read_json(text: str, encoding: str) -> SourceTable:
    found: list[SourceRow] = []
    faults_found: list[RowFault] = []
    header: dict[str, None] = {}
    for count, (number, line, each) in enumerate(_objects(text), start=1):
        check_size(rows=count)
        if not isinstance(each, dict):
            faults_found.append(RowFault(number, "", line, faults.BROKEN_LINE, Severity.ERROR))
        elif is_deeper(each):
            faults_found.append(RowFault(number, "", line, faults.TOO_DEEP, Severity.ERROR))
        else:
            check_size(columns=len(each))
            cells, damaged = whole(number, ((repaired(name), _text(value)) for name, value in each.items()))
            faults_found += damaged
            header |= dict.fromkeys(cells)
            check_size(columns=len(header), cells=len(header) * len(found))
            found.append(SourceRow(number, cells))
    if not found:
        if faults_found:
            raise ReadingError(
                N_("No line is a JSON object; line %(line)s is “%(text)s”."),
                line=faults_found[0].row,
                text=shorten(faults_found[0].value),
            )
        raise nothing_to_read()
    filled = [SourceRow(row.number, {name: row.cells.get(name, "") for name in header}) for row in found]
    return SourceTable(list(header), 0, filled, encoding, "", faults_found)


def _objects(text: str) -> Iterator[tuple[int, str, object]]:
    """Each value with its number and as it is written; None for what is no JSON."""
    if text.lstrip().startswith("["):
        yield from _entries(text)
        return
    # Counted before anything is parsed: a file of a million lines is refused in a tenth of the time.
    check_size(rows=sum(1 for line in io.StringIO(text, newline="\n") if not line.isspace()))
    for number, line in enumerate(io.StringIO(text, newline="\n"), start=1):
        if line.strip():
            try:
                yield number, line, json.loads(line)
            except (ValueError, RecursionError):
                yield number, line, None


def _entries(text: str) -> Iterator[tuple[int, str, object]]:
    """The entries of one JSON array, one after the other, so that they can be counted."""
    decoder, end, number, mark = json.JSONDecoder(), text.index("["), 0, "["
    try:
        while mark != "]":
            begin = _after_space(text, end + 1)
            if number == 0 and text[begin : begin + 1] == "]":
                return
            value, end = decoder.raw_decode(text, begin)
            number += 1
            yield number, text[begin:end], value
            end = _after_space(text, end)
            mark = text[end : end + 1]
            if mark not in (",", "]"):
                raise ValueError(f"a comma is missing after entry {number}")
        if text[end + 1 :].strip():
            raise ValueError("there is more behind the end")
    except (ValueError, RecursionError) as error:
        raise ReadingError(N_("This is not valid JSON: %(why)s."), why=str(error)) from error


def _after_space(text: str, place: int) -> int:
    while text[place : place + 1].isspace():
        place += 1
    return place


def _text(value: object) -> str:
    """A JSON value as a cell: a list of plain values joined, anything deeper as JSON."""
    match value:
        case None:
            return ""
        case str():
            return value
        case list() if all(isinstance(each, str | int | float) for each in value):
            return "；".join(_text(each) for each in value)
        case _:
            return json.dumps(value, ensure_ascii=False)
