"""ODS workbooks (OASIS OpenDocument 1.3): the values of ``content.xml``, with the percent, currency and unit that their
display adds; repeated rows and columns count only where they hold something."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scenario_hall.exchange.bounds import MAX_COLUMNS, MAX_ROWS
from scenario_hall.exchange.number_formats import plain
from scenario_hall.exchange.packages import Package, attribute
from scenario_hall.exchange.sheets import MAX_MERGED, Area, Book, Counter, Sheet, SheetBuilder, UnreadableWorkbookError

_MOST_REPEATED = 2_000_000
_HIDDEN = ("collapse", "filter")
_SHOWN = re.compile(r"([^\d\-−(.,]{0,40})[\-−(]?([\d.,'\u00a0\u202f ]{0,40}\d|\d)[)]?([^\d]{0,40})")
_ERROR = re.compile(r"#[A-Z/0!?]{2,12}|Err:\d{3}")


def read_ods(package: Package, size: int) -> Book:
    """The sheets of a workbook of ``size`` bytes. Raises what ``Package.parse`` raises, and ReadingError."""
    reader = _Content(Counter(size))
    package.parse("content.xml", start=reader.start, end=reader.end, characters=reader.characters)
    return Book(reader.sheets, "ods")


class _Content:
    """Walks through ``content.xml``."""

    def __init__(self, counter: Counter) -> None:
        self.sheets: list[Sheet] = []
        self._counter = counter
        self._builder: SheetBuilder | None = None
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._row = self._column = self._rows = self._columns = 0
        self._cell: Mapping[str, str] | None = None
        self._paragraphs: list[str] = []
        self._parts: list[str] | None = None
        self._aside = 0  # depth of a comment or a drawing, whose text is no text of the cell

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._aside or tag in ("annotation", "shapes", "frame", "covered-table-cell", "tracked-changes"):
            # A covered cell is behind the one that it was merged with.
            self._aside += 1
            if tag == "covered-table-cell" and self._aside == 1:
                self._column += _repeated(attributes, "number-columns-repeated")
            return
        match tag:
            case "style":
                self._style = attribute(attributes, "name")
            case "table-properties" if attribute(attributes, "display") == "false":
                self._hidden_styles.add(self._style)
            case "table":
                is_hidden = attribute(attributes, "style-name") in self._hidden_styles
                self._builder = SheetBuilder(Sheet(attribute(attributes, "name"), is_hidden=is_hidden), self._counter)
                self._row = 0
            case "table-row" if self._builder is not None:
                self._rows, self._column = _repeated(attributes, "number-rows-repeated"), 0
                self._builder.row(self._row + 1, is_hidden=attribute(attributes, "visibility") in _HIDDEN)
            case "table-cell":
                self._cell, self._paragraphs = attributes, []
                self._columns = _repeated(attributes, "number-columns-repeated")
            case "p" if self._cell is not None:
                self._parts = []
            case "s" if self._parts is not None:
                self._parts.append(" " * min(_repeated(attributes, "c"), 1000))
            case "tab" | "line-break" if self._parts is not None:
                self._parts.append("\t" if tag == "tab" else "\n")

    def characters(self, text: str) -> None:
        if self._parts is not None and not self._aside:
            self._parts.append(text)

    def end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
            return
        match tag:
            case "p" if self._parts is not None:
                self._paragraphs.append("".join(self._parts))
                self._parts = None
            case "table-cell" if self._cell is not None:
                self._place_cell(self._cell)
                self._column += self._columns
                self._cell = None
            case "table-row" if self._builder is not None:
                if self._rows > 1:
                    self._builder.repeat(min(self._rows - 1, MAX_ROWS + 1))
                self._row += self._rows
            case "table" if self._builder is not None:
                self.sheets.append(self._builder.finish())
                self._builder = None

    def _place_cell(self, cell: Mapping[str, str]) -> None:
        builder = self._builder
        if builder is None:
            return
        text = _text(cell, "\n".join(self._paragraphs))
        if not text:
            return
        has_formula = bool(attribute(cell, "formula"))
        for column in range(self._column + 1, self._column + 1 + min(self._columns, MAX_COLUMNS + 1)):
            builder.cell(column, text, is_result=has_formula)
        wide = _repeated(cell, "number-columns-spanned")
        high = _repeated(cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            if len(builder.sheet.merged) >= MAX_MERGED:
                raise UnreadableWorkbookError("more merged cells than any list has")
            left, top = self._column + 1, self._row + 1
            builder.sheet.merged.append(Area(left, top, left + wide - 1, top + high - 1))


def _repeated(attributes: Mapping[str, str], name: str) -> int:
    """How often something is repeated: once where nothing is said."""
    said = attribute(attributes, name)
    if not said.isdecimal():
        return 1
    return max(1, min(int(said[:9]), _MOST_REPEATED))


def _text(cell: Mapping[str, str], shown: str) -> str:
    kind = attribute(cell, "value-type")
    if _ERROR.fullmatch(shown.strip()):
        return shown.strip()
    if kind == "date":
        return attribute(cell, "date-value").removesuffix("T00:00:00").replace("T", " ") or shown
    if kind not in ("float", "percentage", "currency"):
        return shown
    try:
        value = float(attribute(cell, "value"))
    except ValueError:
        return shown
    if kind == "percentage":
        return f"{plain(value * 100)}%"
    text = _with_marks(value, shown)
    mark = attribute(cell, "currency")
    return f"{mark} {text}" if kind == "currency" and mark and text == plain(value) else text


def _with_marks(value: float, shown: str) -> str:
    """The stored number with what is shown before and behind it; what is shown where it is scaled (1.5M)."""
    found = _SHOWN.fullmatch(shown.strip())
    if found is None or not (found[1].strip() or found[3].strip()):
        digits = shown.strip()
        # Leading zeros of a code are in its format.
        return digits if digits.isdecimal() and float(digits) == value and len(digits) < 20 else plain(value)
    number = found[2]
    for point in (".", ","):
        whole, _, decimals = number.replace("," if point == "." else ".", "").rpartition(point)
        digits = "".join(filter(str.isdecimal, whole if whole else decimals))
        part = "".join(filter(str.isdecimal, decimals)) if whole else ""
        read = float(f"{digits or 0}.{part or 0}")
        if abs(read - abs(value)) <= 0.5 * 10.0 ** -len(part) + 1e-9 * abs(value):
            sign = "-" if value < 0 else ""
            return f"{found[1].strip()}{sign}{plain(abs(value))}{found[3].strip()}"
    return shown.strip()
