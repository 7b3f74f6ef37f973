"""Text with delimiters as records: the delimiter found, quotation marks read as they were meant."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator

from scenario_hall.core.texts import N_
from scenario_hall.exchange.bounds import MAX_COLUMNS, ReadingError, bounded

DELIMITERS = ",;\t|，；"
_MAX_CELL = 1024 * 1024
_SAMPLE_ROWS = 30


def read_records(text: str, is_known: Callable[[str], bool]) -> tuple[list[list[str]], str]:
    """The records of ``text`` and their delimiter; ``is_known`` says of a cell whether lists call a column so.

    Raises ReadingError for quotation marks that are never closed and for more than a list may have.
    """
    first = text.split("\n", 1)[0].strip().lower()
    declared = first[4:5] if re.fullmatch(r"sep=.", first) else ""  # Excel's own declaration
    if declared:
        text = "\n" + text.split("\n", 1)[1] if "\n" in text else ""
    sample = text[:200_000]
    cut = sample if len(sample) == len(text) else sample.rsplit("\n", 1)[0]
    delimiter = declared or max(DELIMITERS, key=lambda each: _fit(cut, each, is_known))
    return _records(text, delimiter), delimiter


def _fit(sample: str, delimiter: str, is_known: Callable[[str], bool]) -> tuple[int, float]:
    """How well a delimiter cuts the sample: known headers in one row, then how alike the rows are."""
    try:
        every = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        rows = [row for row in every if any(row) and len(row) <= MAX_COLUMNS][:200]
    except csv.Error:
        return (0, 0.0)
    known = max((sum(map(is_known, row)) for row in rows[:_SAMPLE_ROWS]), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    usual, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return (known if usual > 1 else min(known, 1), count / max(1, len(rows)))


def _records(text: str, delimiter: str) -> list[list[str]]:
    limit = csv.field_size_limit(_MAX_CELL)
    rows: list[list[str]] = []
    try:
        rows.extend(bounded(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except csv.Error as error:
        if "field larger" in str(error):
            raise ReadingError(
                N_("Row %(row)s could not be read: %(why)s."), row=len(rows) + 1, why=str(error)
            ) from error
        # Not as RFC 4180 has it: quotation marks inside texts, escaped with a backslash or not at all.
        return list(bounded(_loosely(text, delimiter)))
    finally:
        csv.field_size_limit(limit)
    return rows


def _loosely(text: str, delimiter: str) -> Iterator[list[str]]:
    """Records whose quotation marks need not be doubled. A mark closes a cell only before a delimiter or the end of the
    line; ``"智慧"港口`` keeps its marks; ``\\"`` inside quotation marks is a mark."""
    stop = re.compile(f"[{re.escape(delimiter)}\r\n]")
    at, number, row = 0, 1, list[str]()
    while at < len(text):
        if text[at] == '"':
            cell, at = _quoted(text, at, delimiter, stop, number)
        else:
            found = stop.search(text, at)
            end = found.start() if found else len(text)
            cell, at = text[at:end], end
        row.append(cell)
        if text[at : at + 1] == delimiter:
            at += 1
            if at < len(text):
                continue
            row.append("")
        else:
            at += 2 if text[at : at + 2] == "\r\n" else 1
        yield row if any(row) or len(row) > 1 else []
        row, number = [], number + 1
    if row:
        yield row


def _quoted(text: str, begin: int, delimiter: str, stop: re.Pattern[str], number: int) -> tuple[str, int]:
    """A cell that begins with a quotation mark, and where it ends."""
    parts, at = list[str](), begin + 1
    is_first, is_escaping = True, False
    while (mark := text.find('"', at)) >= 0:
        following = text[mark + 1 : mark + 2]
        is_last = following in ("", delimiter, "\r", "\n")
        # A backslash before the last mark belongs to the text (a path), unless one has escaped a mark before.
        if mark > at and text[mark - 1] == "\\" and (is_escaping or not is_last):
            parts += text[at : mark - 1], '"'
            at, is_escaping = mark + 1, True
        elif following == '"':
            parts += text[at:mark], '"'
            at = mark + 2
        elif is_last:
            return "".join([*parts, text[at:mark]]), mark + 1
        else:
            if is_first and (plain := _plain(text, begin, stop)) is not None:
                return plain
            parts.append(text[at : mark + 1])
            at = mark + 1
        is_first = False
        if at - begin > _MAX_CELL:
            break
    raise ReadingError(N_("A quotation mark opened in row %(row)s is never closed."), row=number)


def _plain(text: str, begin: int, stop: re.Pattern[str]) -> tuple[str, int] | None:
    """A cell that only begins with quoted words: its marks are in pairs before the delimiter, none at its end."""
    found = stop.search(text, begin)
    end = found.start() if found else len(text)
    cell = text[begin:end]
    return (cell, end) if cell.count('"') % 2 == 0 and not cell.endswith('"') else None
