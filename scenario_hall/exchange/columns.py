"""What the columns of somebody else's list mean, found by their headers. The names of declared fields
stand in their declarations, all others in ``data/columns.json``.

A header is sure when it is one of the known names, guessed when it contains one, and unknown otherwise. Unknown columns
are never dropped: their cells stay with the row as they were written, and the person is asked.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from scenario_hall.core.values import Currency
from scenario_hall.language.folding import fold
from scenario_hall.language.sums import currency_in, factor_in
from scenario_hall.products.fields import FIELDS as PRODUCT_FIELDS
from scenario_hall.scenarios.fields import FIELDS as SCENARIO_FIELDS
from scenario_hall.taxonomy.metrics import kind_of_unit

_DATA = Path(__file__).parent / "data"
_LONGEST_HEADER = 200  # characters of a header that can name a column


class ListKind(StrEnum):
    SCENARIOS = "scenarios"
    PRODUCTS = "products"
    ORGANIZATIONS = "organizations"


class Certainty(StrEnum):
    SURE = "sure"
    GUESSED = "guessed"
    UNKNOWN = "unknown"


_FIELDS = {ListKind.SCENARIOS: SCENARIO_FIELDS, ListKind.PRODUCTS: PRODUCT_FIELDS, ListKind.ORGANIZATIONS: ()}
# Meanings that several columns of one list may share; their cells are put together.
SHARED = frozenset({"contact", "ordinal", "measure"}) | {
    field.list_column
    for fields in _FIELDS.values()
    for field in fields
    if field.list_column and field.may_share_columns
}
# A column that holds one number a row, e.g. “weight”, read as a specification of that name.
MEASURE = "measure"
_MEASURED = re.compile(r"(-?(?:0|[1-9]\d{0,6})(?:\.\d{1,15})?)\s*([^\d\s.,]{0,12})")
# Ends of a range below a header of sums, in the plain form of headers.
_LOWER_ENDS = frozenset("下限 最低 最小 最少 起 低 min minimum low lower from minimo minima inferior".split())
_UPPER_ENDS = frozenset("上限 最高 最大 最多 止 高 max maximum high upper to maximo maxima superior ate".split())
# Parents whose columns are theirs whatever they are called: 联系单位 over 名称 is no title.
_OWNING = frozenset({"contact", "organization", "manufacturer"})
_SUM_UNIT = re.compile(
    r"(?=.)(?:单位[::]?)?(?:人民币|港币|澳门币|rmb|cny|hkd|hk\$|mop\$?|usd|us\$|¥|\$)?\s?[十百千万亿]{0,2}(?:元|圆|港元|澳门元)?"
)
_UNIT_IN_HEADER = re.compile(r"\s*[(（\[]\s*([^()（）\[\]]{1,12}?)\s*[)）\]]\s*$")


@dataclass(frozen=True)
class Column:
    """One column: its header as written, what it means (``target``), and what its header says of its values."""

    header: str
    target: str | None
    certainty: Certainty
    currency: Currency | None = None
    factor: int | None = None
    metric: str = ""
    unit: str = ""


@dataclass(frozen=True)
class ColumnMap:
    """The meaning of each column of one list."""

    kind: ListKind
    columns: tuple[Column, ...]

    @property
    def sure(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.certainty is Certainty.SURE)

    @property
    def guessed(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.certainty is Certainty.GUESSED)

    @property
    def unknown(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.certainty is Certainty.UNKNOWN)

    def of(self, target: str) -> tuple[Column, ...]:
        """The columns that mean ``target``, in the order of the list."""
        return tuple(column for column in self.columns if column.target == target)


def targets(kind: ListKind) -> tuple[str, ...]:
    """What a column of such a list can mean: what a person chooses from."""
    measures = (MEASURE,) if kind is ListKind.PRODUCTS else ()
    return (*_names()[kind], *measures)


def is_known_header(text: str) -> bool:
    """Whether some kind of list calls a column so: how the header row is found."""
    return bool(text) and _plain(text) in _every_name()


def plain_header(text: str) -> str:
    """A header without brackets, numbering and marks, to compare by."""
    return _plain(text)


def is_unit(text: str) -> bool:
    """Whether a cell below a header is the unit of its column: （万元）, kg, (%)."""
    bare = text.strip().strip("()（）[]【】").strip()
    if not bare or len(bare) > 12:
        return False
    return kind_of_unit(bare) is not None or _SUM_UNIT.fullmatch(fold(bare)) is not None


def map_columns(
    header: Sequence[str],
    kind: ListKind,
    *,
    cells: Sequence[Mapping[str, str]] = (),
    chosen: Mapping[str, str | None] | None = None,
) -> ColumnMap:
    """Find the meaning of each column.

    ``cells`` are the rows, to see which unnamed columns of a product list hold numbers; ``chosen`` is what the person
    said of single headers (None: leave it aside). Raises ValueError for a chosen meaning that there is not.
    """
    answers = dict(chosen or {})
    wrong = {target for target in answers.values() if target is not None} - set(targets(kind))
    if wrong:
        raise ValueError(f"no such meaning: {', '.join(sorted(wrong))}")
    found = [
        _column(name, answers[name], Certainty.SURE if answers[name] else Certainty.UNKNOWN)
        if name in answers
        else _recognise(name, kind)
        for name in header
    ]
    found = _one_each(found, preferred=frozenset(answers))
    if kind is ListKind.PRODUCTS:
        found = [
            _measure(column, [row.get(column.header, "") for row in cells])
            if column.target is None and column.header not in answers
            else column
            for column in found
        ]
    return ColumnMap(kind, tuple(found))


def _recognise(header: str, kind: ListKind) -> Column:
    plain, names = _plain(header), _names()[kind]
    for target, known in names.items():
        if plain in known:
            return _column(header, target, Certainty.SURE)
    if (in_parts := _recognise_parts(header, names)) is not None:
        return in_parts
    # A contact is never public, so a header that only hints at one is taken as one before anything else.
    if any(_is_inside(name, plain) for name in names["contact"]):
        return _column(header, "contact", Certainty.GUESSED)
    inside = [
        (plain.rfind(name) + len(name), len(name), target)
        for target, known in names.items()
        for name in known
        if _is_inside(name, plain)
    ]
    if not inside:
        return _column(header, None, Certainty.UNKNOWN)
    return _column(header, max(inside)[2], Certainty.GUESSED)  # the head of a Chinese compound stands last


def _recognise_parts(header: str, names: Mapping[str, frozenset[str]]) -> Column | None:
    """A header of two lines (投资规模/下限) or of two languages (场景名称/Title), by its parts."""
    parts = [_plain(part) for part in re.split(r"[/／]", header[:_LONGEST_HEADER]) if part.strip()]
    if len(parts) < 2:
        return None
    *parents, child = parts
    above = next((target for part in reversed(parents) if (target := _target_of(part, names)) is not None), None)
    own = _target_of(child, names)
    ends = (
        "_min" if _without_accents(child) in _LOWER_ENDS else "_max" if _without_accents(child) in _UPPER_ENDS else ""
    )
    if above in ("budget", "price") and ends:
        return _column(header, f"{above}{ends}", Certainty.SURE)
    if above in _OWNING:
        return _column(header, above, Certainty.SURE)
    if own is not None:
        return _column(header, own, Certainty.SURE)
    return _column(header, above, Certainty.GUESSED) if above is not None else None


def _target_of(plain: str, names: Mapping[str, frozenset[str]]) -> str | None:
    return next((target for target, known in names.items() if plain in known), None)


def _without_accents(plain: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", plain) if not unicodedata.combining(each))


def _is_inside(name: str, plain: str) -> bool:
    return name in plain and len(name) >= (5 if name.isascii() else 2)


def _column(header: str, target: str | None, certainty: Certainty) -> Column:
    has_sum = target in {"budget", "budget_min", "budget_max", "price", "price_min", "price_max"}
    named = _measures().get(_plain(header)) if target == MEASURE else None
    metric, unit = named or (_UNIT_IN_HEADER.sub("", header) if _unit_of(header) else header, "")
    return Column(
        header=header,
        target=target,
        certainty=certainty,
        currency=currency_in(header) if has_sum else None,
        factor=factor_in(header) if has_sum else None,
        metric=metric if target == MEASURE else "",
        unit=(_unit_of(header) or unit) if target == MEASURE else "",
    )


def _one_each(columns: list[Column], preferred: frozenset[str]) -> list[Column]:
    """Only one column may be the title, the region …: the chosen one, else a sure one, else the first."""
    ranks = {Certainty.SURE: 1, Certainty.GUESSED: 2, Certainty.UNKNOWN: 3}
    best: dict[str, tuple[int, int]] = {}
    for place, column in enumerate(columns):
        if column.target is not None and column.target not in SHARED:
            rank = (0 if column.header in preferred else ranks[column.certainty], place)
            best[column.target] = min(best.get(column.target, rank), rank)
    return [
        column
        if column.target is None or column.target in SHARED or best[column.target][1] == place
        else _column(column.header, None, Certainty.UNKNOWN)
        for place, column in enumerate(columns)
    ]


def _measure(column: Column, values: Sequence[str]) -> Column:
    """An unknown column as a specification, when all that stands in it is numbers of a sensible length.

    Long digit strings (telephone numbers, codes) and numbers with leading zeros are never taken for measurements.
    """
    stated = [fold(value).strip() for value in values if value.strip()]
    if not stated or not all(_is_measured(value) for value in stated):
        return column
    known = _plain(column.header) in _measures() or bool(_unit_of(column.header))
    return _column(column.header, MEASURE, Certainty.SURE if known else Certainty.GUESSED)


def _is_measured(value: str) -> bool:
    found = _MEASURED.fullmatch(value)
    return found is not None and (not found[2] or kind_of_unit(found[2]) is not None)


def _unit_of(header: str) -> str:
    """kg of “Payload (kg)”."""
    found = _UNIT_IN_HEADER.search(header[-_LONGEST_HEADER:])
    return found[1] if found and kind_of_unit(found[1]) is not None else ""


def _plain(header: str) -> str:
    """A header without brackets, numbering and marks: “*1. 场景名称（必填）” is 场景名称."""
    header = header[:_LONGEST_HEADER]
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】", "", fold(header))
    bare = re.sub(r"^\s*\*?\s*\d+\s*[.、)]\s*", "", bare)
    return re.sub(r"[\s_:：*·\-]+", "", bare) or fold(header).strip()


@cache
def _names() -> dict[ListKind, dict[str, frozenset[str]]]:
    table: dict[str, dict[str, list[str]]] = json.loads((_DATA / "columns.json").read_text(encoding="utf-8"))
    return {
        kind: {
            target: frozenset(_plain(name) for name in names)
            for target, names in (*table[kind].items(), *_declared_names(kind))
        }
        for kind in ListKind
    }


def _declared_names(kind: ListKind) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What lists call the columns of the declared fields."""
    return ((field.list_column, field.list_headers) for field in _FIELDS[kind] if field.list_column)


@cache
def _every_name() -> frozenset[str]:
    kinds = _names().values()
    return frozenset(name for known in kinds for names in known.values() for name in names) | frozenset(_measures())


@cache
def _measures() -> dict[str, tuple[str, str]]:
    table: dict[str, dict[str, str]] = json.loads((_DATA / "measures.json").read_text(encoding="utf-8"))
    return {_plain(name): (row["metric"], row["unit"]) for name, row in table.items()}
