"""Where the header of a sheet is, and what it says: of one line, or of several that are joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scenario_hall.exchange.columns import is_known_header, is_unit, plain_header
from scenario_hall.exchange.sheets import Sheet, SheetRow
from scenario_hall.exchange.source import nothing_to_read, visible

HEADER_ROWS = 30  # how far down a header is looked for
_MOST_LINES = 3
_LONGEST_LABEL = 40
_FORM_LABELS = 3
_VALUE = re.compile(r"[\d.,%¥$\-/年月日:\s]+|.*[:：。；;].*", re.DOTALL)
_BRACKETS = "(（[【"
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Header:
    """The names of the columns; ``lines`` as they stand in the sheet, the rows of the list begin at ``end``."""

    names: list[str]
    lines: list[list[str]]
    end: int
    last_row: int  # of the header, as a person counts


def header_of(sheet: Sheet) -> Header:
    """The header of ``sheet``. Raises ReadingError for one without rows."""
    rows = sheet.rows
    place = _place(rows)
    names, lines = list(rows[place].cells), [place]
    while len(lines) < _MOST_LINES and _is_line(sheet, names, lines[-1], lines[-1] + 1):
        lines.append(lines[-1] + 1)
        names = _with_children(names, rows[lines[-1]].cells, _groups(sheet, names, rows[lines[-2]].number))
    while len(lines) < _MOST_LINES and lines[0] > 0 and _is_parent(sheet, lines[0] - 1, lines[0]):
        lines.insert(0, lines[0] - 1)
        above = rows[lines[0]]
        names = _with_parents(names, above.cells, _groups(sheet, above.cells, above.number))
    written = [[visible(cell) for cell in rows[at].cells] for at in lines]
    return Header(names, written, lines[-1] + 1, rows[lines[-1]].number)


def is_form(sheet: Sheet) -> bool:
    """Whether names stand below each other with values beside them, and no row is a header."""
    rows = sheet.rows[:60]
    best = max((sum(map(is_known_header, row.cells)) for row in rows), default=0)
    if best > 2:
        return False
    labels: dict[int, set[str]] = {}
    beside = 0
    for row in rows:
        for at, cell in enumerate(row.cells):
            if is_known_header(cell):
                labels.setdefault(at, set()).add(plain_header(cell))
                beside += (
                    at + 1 < len(row.cells)
                    and bool(row.cells[at + 1].strip())
                    and not is_known_header(row.cells[at + 1])
                )
    most = max(map(len, labels.values()), default=0)
    return most >= _FORM_LABELS and most > best and 2 * beside >= sum(map(len, labels.values()))


def _place(rows: Sequence[SheetRow]) -> int:
    """The row with the most known headers (two at least, or all it has); else the first that is as full as most are."""
    if not rows:
        raise nothing_to_read()
    counts = [sum(map(is_known_header, row.cells)) for row in rows[:HEADER_ROWS]]
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in rows]
    best = max(range(len(counts)), key=lambda place: (counts[place], -place))
    if counts[best] >= 2 or (counts[best] == 1 and filled[best] == 1 and max(filled) == 1):
        return best
    usual = Counter(filled).most_common(1)[0][0]
    return next(place for place, count in enumerate(filled) if count >= max(1, usual // 2 + 1) or count == max(filled))


def _groups(sheet: Sheet, cells: Sequence[str], number: int) -> dict[int, int]:
    """Which column each column's parent stands in: by the merged cells of row ``number``, else by the gaps."""
    merged = [area for area in sheet.merged if area.top == number and area.right > area.left]
    if any(area.top <= number <= area.bottom for area in sheet.merged):
        return {at - 1: area.left - 1 for area in merged for at in range(area.left, min(area.right, 500) + 1)}
    groups: dict[int, int] = {}
    parent = -1
    for at in range(sheet.width):
        if at < len(cells) and cells[at].strip():
            parent = at
        elif parent >= 0:
            groups[at] = groups[parent] = parent
    return groups


def _is_line(sheet: Sheet, upper: Sequence[str], at: int, below: int) -> bool:
    """Whether row ``below`` goes on with the header that row ``at`` begins."""
    if below + 1 >= len(sheet.rows) or sheet.rows[below].number != sheet.rows[at].number + 1:
        return False
    lower = sheet.rows[below].cells
    groups = _groups(sheet, upper, sheet.rows[at].number)
    is_merged = any(area.top == sheet.rows[at].number for area in sheet.merged)
    first = next((column for column, name in enumerate(upper) if name.strip()), 0)
    children: Counter[int] = Counter()
    units = 0
    for column, cell in enumerate(lower):
        text, above = visible(cell), visible(upper[column]) if column < len(upper) else ""
        if not text or (text == above and column not in groups):
            continue
        if is_unit(text) and above and (column > first or text[0] in _BRACKETS):
            units += 1
        elif column in groups and _is_label(text, is_merged=is_merged):
            children[groups[column]] += 1
        else:
            return False
    return units > 0 or any(count > 1 for count in children.values())


def _is_parent(sheet: Sheet, above: int, at: int) -> bool:
    """Whether row ``above`` groups the names of row ``at``, rather than being a title of the whole."""
    upper, lower = sheet.rows[above], sheet.rows[at]
    if upper.number + 1 != lower.number:
        return False
    labels = [(column, visible(cell)) for column, cell in enumerate(upper.cells) if visible(cell)]
    names = sum(bool(cell.strip()) for cell in lower.cells)
    groups = _groups(sheet, upper.cells, upper.number)
    if not groups or len(labels) < 2 or len(labels) >= names:
        return False
    if not all(_is_label(text, is_merged=False) for _, text in labels):
        return False
    widest = max(Counter(groups.values()).values())
    return widest < names and all(
        column in groups or column >= len(lower.cells) or visible(lower.cells[column]) in ("", text)
        for column, text in labels
    )


def _is_label(text: str, *, is_merged: bool) -> bool:
    if len(text) > _LONGEST_LABEL or _VALUE.fullmatch(text):
        return False
    return is_merged or is_known_header(text) or _DIGIT.search(text) is None


def _with_children(names: Sequence[str], lower: Sequence[str], groups: dict[int, int]) -> list[str]:
    joined = []
    for column in range(max(len(names), len(lower))):
        own = visible(names[column]) if column < len(names) else ""
        parent = visible(names[groups[column]]) if column in groups else own
        child = visible(lower[column]) if column < len(lower) else ""
        joined.append(_join(parent if child or own else own, child))
    return joined


def _with_parents(names: Sequence[str], upper: Sequence[str], groups: dict[int, int]) -> list[str]:
    joined = []
    for column, name in enumerate(names):
        at = groups.get(column, column)
        parent = visible(upper[at]) if at < len(upper) else ""
        joined.append(_join(parent, name) if name.strip() else parent if at == column else "")
    return joined


def _join(parent: str, child: str) -> str:
    """投资规模 over 下限（万元） is 投资规模/下限（万元）; a unit below a name stands in brackets behind it."""
    if not parent or not child or parent == child:
        return child or parent
    if is_unit(child):
        return f"{parent}{child}" if child[0] in _BRACKETS else f"{parent}（{child}）"
    return f"{parent}/{child}"
