"""XLSX workbooks (ECMA-376, transitional and strict) by their content: only cells that hold something are read, so that
a formatted cell at the far end of a sheet costs nothing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from scenario_hall.exchange.number_formats import BUILT_IN, plain, written
from scenario_hall.exchange.packages import BROKEN, Package, attribute
from scenario_hall.exchange.sheets import (
    MAX_MERGED,
    Book,
    Counter,
    Sheet,
    SheetBuilder,
    UnreadableWorkbookError,
    area_of,
    place_of,
)

_MOST_STRINGS = 4_000_000
_MOST_FORMATS = 70_000  # Excel's own bound is 65,490
_MOST_SHEETS = 1_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true", "on")


def read_xlsx(package: Package, size: int) -> Book:
    """The sheets of a workbook of ``size`` bytes. Raises ReadingError, UnreadableWorkbookError or what is in BROKEN."""
    main = _main_part(package)
    book = _Workbook()
    package.parse(main, start=book.start, end=_nothing, characters=_nothing)
    links = _links(package, main)
    strings = _strings(package, _named(package, links.by_type.get("sharedStrings"), main, "sharedStrings.xml"))
    styles = _named(package, links.by_type.get("styles"), main, "styles.xml")
    formats = _formats(package, styles)
    counter = Counter(size)
    sheets = []
    for name, link, is_hidden in book.sheets:
        part = links.by_id.get(link, "")
        if not package.has(part) or links.types.get(link) == "chartsheet":
            continue
        reader = _SheetReader(
            SheetBuilder(Sheet(name, is_hidden=is_hidden), counter), strings, formats or [], is_1904=book.is_1904
        )
        package.parse(part, start=reader.start, end=reader.end, characters=reader.characters)
        sheets.append(reader.finish())
    return Book(sheets, "xlsx", has_formats=formats is not None)


def _nothing(*_: object) -> None:
    """What is not looked at."""


def _main_part(package: Package) -> str:
    links = _links(package, "")
    return links.by_type.get("officeDocument") or "xl/workbook.xml"


def _named(package: Package, part: str | None, main: str, otherwise: str) -> str:
    part = part or posixpath.join(posixpath.dirname(main), otherwise)
    return part if package.has(part) else ""


class _Links:
    """The relationships of a part: their targets by id and by the last word of their type."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.by_id: dict[str, str] = {}
        self.by_type: dict[str, str] = {}
        self.types: dict[str, str] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag != "Relationship" or attribute(attributes, "TargetMode").lower() == "external":
            return
        target = attribute(attributes, "Target").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(self._base, target))
        kind = attribute(attributes, "Type").rpartition("/")[2]
        self.by_id[attribute(attributes, "Id")] = path
        self.types[attribute(attributes, "Id")] = kind
        self.by_type.setdefault(kind, path)


def _links(package: Package, part: str) -> _Links:
    folder, name = posixpath.split(part)
    links = _Links(folder)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if package.has(path):
        package.parse(path, start=links.start, end=_nothing, characters=_nothing)
    return links


class _Workbook:
    """The sheets of ``workbook.xml``: name, relationship and whether it is hidden."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            is_hidden = attribute(attributes, "state") in ("hidden", "veryHidden")
            self.sheets.append((attribute(attributes, "name"), link, is_hidden))
            if len(self.sheets) > _MOST_SHEETS:
                raise UnreadableWorkbookError("more sheets than any list has")
        elif tag == "workbookPr":
            self.is_1904 = attribute(attributes, "date1904") in _TRUE


class _Strings:
    """``sharedStrings.xml``; the reading of Japanese or Chinese words (``rPh``) is no part of a text."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._is_open = self._is_reading = False

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        if tag == "si":
            self._parts = []
        elif tag == "rPh":
            self._is_reading = True
        self._is_open = tag == "t" and not self._is_reading

    def end(self, tag: str) -> None:
        self._is_open = False
        if tag == "rPh":
            self._is_reading = False
        elif tag == "si":
            self.texts.append(unescaped("".join(self._parts)))
            if len(self.texts) > _MOST_STRINGS:
                raise UnreadableWorkbookError("more texts than any list has")

    def characters(self, text: str) -> None:
        if self._is_open:
            self._parts.append(text)


def _strings(package: Package, part: str) -> list[str]:
    strings = _Strings()
    if part:
        package.parse(part, start=strings.start, end=strings.end, characters=strings.characters)
    return strings.texts


class _Styles:
    """``styles.xml``: the code of each cell format. Fonts and fills, which is where such files break, are not read."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self._own: dict[str, str] = {}
        self._is_cells = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "numFmt":
            self._own[attribute(attributes, "numFmtId")] = attribute(attributes, "formatCode")
        elif tag == "cellXfs":
            self._is_cells = True
        elif tag == "xf" and self._is_cells:
            number = attribute(attributes, "numFmtId")
            self.codes.append(self._own.get(number) or (BUILT_IN.get(int(number), "") if number.isdecimal() else ""))
            if len(self.codes) > _MOST_FORMATS:
                raise UnreadableWorkbookError("more formats than any spreadsheet has")

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._is_cells = False


def _formats(package: Package, part: str) -> list[str] | None:
    """The codes by the number of a style; None for a part that is broken, which is no reason to refuse a list."""
    styles = _Styles()
    if not part:
        return []
    try:
        package.parse(part, start=styles.start, end=styles.end, characters=_nothing)
    except BROKEN:
        return None
    return styles.codes


class _SheetReader:
    """One ``sheet.xml``."""

    def __init__(self, builder: SheetBuilder, strings: list[str], formats: list[str], *, is_1904: bool) -> None:
        self._builder = builder
        self._strings = strings
        self._codes = {str(number): code for number, code in enumerate(formats) if code}
        self._is_1904 = is_1904
        self._row = self._column = 0
        self._kind = self._style = self._part = ""
        self._texts: dict[str, list[str]] = {}
        self._is_reading = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            place = place_of(attributes["r"]) if "r" in attributes else None
            self._column = place[0] if place else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._texts = {}
        elif tag in {"v", "f"} or (tag == "t" and not self._is_reading):
            self._part = tag
            self._texts.setdefault(tag, [])
        elif tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() and len(number) < 8 else self._row + 1
            self._column = 0
            is_hidden = attributes.get("hidden") in _TRUE or attributes.get("ht") in ("0", "0.0")
            self._builder.row(self._row, is_hidden=is_hidden)
        elif tag == "rPh":
            self._is_reading = True
        elif tag == "mergeCell":
            self._merge(attribute(attributes, "ref"))

    def end(self, tag: str) -> None:
        self._part = ""
        if tag == "c":
            if self._texts:
                self._cell()
        elif tag == "rPh":
            self._is_reading = False

    def characters(self, text: str) -> None:
        if self._part:
            self._texts[self._part].append(text)

    def finish(self) -> Sheet:
        return self._builder.finish()

    def _merge(self, reference: str) -> None:
        area = area_of(reference)
        merged = self._builder.sheet.merged
        if area is not None and len(merged) <= MAX_MERGED:
            merged.append(area)
        elif area is not None:
            raise UnreadableWorkbookError("more merged cells than any list has")

    def _cell(self) -> None:
        has_formula, value = "f" in self._texts, "".join(self._texts.get("v", ()))
        if has_formula and not value and not (self._kind == "str" and "v" in self._texts):
            self._builder.cell(self._column, "=" + "".join(self._texts["f"]))  # nothing is stored, nothing calculated
            return
        self._builder.cell(self._column, self._text(value), is_result=has_formula)

    def _text(self, value: str) -> str:
        match self._kind:
            case "s":
                at = int(value) if value.strip().isdecimal() else -1
                if not 0 <= at < len(self._strings):
                    raise UnreadableWorkbookError("a text that is not there")
                return self._strings[at]
            case "inlineStr":
                return unescaped("".join(self._texts.get("t", ())))
            case "b":
                return "true" if value.strip() == "1" else "false"
            case "d":
                return value.strip().removesuffix("T00:00:00").replace("T", " ")
            case "str" | "e":
                return unescaped(value)
            case _:
                return self._number(value.strip())

    def _number(self, value: str) -> str:
        code = self._codes.get(self._style, "")
        if value.isdecimal() and (not code or len(value) > 15):
            return value  # more digits than a number has are kept as they are written
        try:
            number = float(value)
        except ValueError:
            return value
        if not abs(number) < 1e300:
            return value
        return written(number, code, is_1904=self._is_1904) if code else plain(number)


def unescaped(text: str) -> str:
    """``_x000D_`` and its like as the characters they stand for (ECMA-376 Part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")
