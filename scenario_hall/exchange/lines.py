"""Requirements and specifications as one line of text each, and back: 续航时间 ≥ 60 min.

The written form is what an export puts in a cell. It has single spaces around its comparison, so that it is told from
prose, which only the reader of quantities understands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from scenario_hall.core.values import Comparison, Necessity, Requirement, Specification
from scenario_hall.exchange import faults
from scenario_hall.language.faults import Fault

Line = TypeVar("Line", bound=BaseModel)

_SIGNS = {Comparison.AT_LEAST: "≥", Comparison.AT_MOST: "≤", Comparison.EQUAL_TO: "=", Comparison.BETWEEN: "∈"}
_BY_SIGN = {sign: comparison for comparison, sign in _SIGNS.items()}
_NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_LINE = re.compile(
    rf"(?P<metric>\S.*?) "
    rf"(?:(?P<sign>[≥≤=∈:]) (?P<low>{_NUMBER})(?:~(?P<high>{_NUMBER}))?(?: (?P<unit>[^\s\[\]#][^\[\]#]*?))?|✓)"
    r"(?P<should> \[should\])?(?: # (?P<note>.*))?"
)


def format_requirement(line: Requirement) -> str:
    """续航时间 ≥ 60 min; ``[should]`` for what is only wished, and the note after ``#``."""
    value = "✓" if line.comparison is Comparison.HAS else f"{_SIGNS[line.comparison]} {_value(line)}"
    should = " [should]" if line.necessity is Necessity.SHOULD else ""
    return f"{_flat(line.metric)} {value}{should}{_note(line)}"


def format_specification(line: Specification) -> str:
    """续航时间 : 20~45 min, or 防水 ✓ for a property without a number."""
    value = "✓" if line.value is None else f": {_value(line)}"
    return f"{_flat(line.metric)} {value}{_note(line)}"


def parse_requirements(text: str, *, read: Callable[[str], list[Requirement]]) -> tuple[list[Requirement], list[Fault]]:
    """The lines in a cell: JSON, the written form, or prose through ``read``; and the parts that gave nothing."""
    return _parse(text, Requirement, _requirement, read)


def parse_specifications(
    text: str, *, read: Callable[[str], list[Specification]]
) -> tuple[list[Specification], list[Fault]]:
    """The same for specifications."""
    return _parse(text, Specification, _specification, read)


def _parse(
    text: str, model: type[Line], written: Callable[[re.Match[str]], Line | None], read: Callable[[str], list[Line]]
) -> tuple[list[Line], list[Fault]]:
    if not text.strip():
        return [], []
    if text.lstrip().startswith("[{"):
        try:
            return [model.model_validate(each) for each in json.loads(text)], []
        except (ValueError, RecursionError):  # pydantic's ValidationError is a ValueError
            return [], [Fault(faults.BAD_LINES, text)]
    matches = [_LINE.fullmatch(part.strip()) for part in text.split("\n") if part.strip()]
    lines = [line for match in matches if match is not None and (line := written(match)) is not None]
    if len(lines) == len(matches):
        return lines, []
    parts = re.split(r"[;；。\n]|(?<!\d)[,，、]|[,，、](?!\d)", text)
    silent = [part.strip() for part in parts if re.search(r"\d", part) and not read(part)]
    return read(text), [Fault(faults.UNREAD_LINES, part) for part in silent]


def _requirement(match: re.Match[str]) -> Requirement | None:
    sign = match["sign"]
    if sign == ":":
        return None
    try:
        return Requirement(
            metric=match["metric"],
            comparison=Comparison.HAS if sign is None else _BY_SIGN[sign],
            value=_number(match["low"]),
            value_high=_number(match["high"]),
            unit=match["unit"] or "",
            necessity=Necessity.SHOULD if match["should"] else Necessity.MUST,
            note=match["note"] or "",
        )
    except ValidationError:
        return None


def _specification(match: re.Match[str]) -> Specification | None:
    if match["sign"] not in (":", None) or match["should"]:
        return None
    try:
        return Specification(
            metric=match["metric"],
            value=_number(match["low"]),
            value_high=_number(match["high"]),
            unit=match["unit"] or "",
            note=match["note"] or "",
        )
    except ValidationError:
        return None


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _value(line: Requirement | Specification) -> str:
    high = "" if line.value_high is None else f"~{_digits(line.value_high)}"
    return f"{_digits(line.value or 0.0)}{high} {_flat(line.unit)}".rstrip()


def _digits(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _note(line: Requirement | Specification) -> str:
    return f" # {_flat(line.note)}" if line.note else ""


def _flat(text: str) -> str:
    return " ".join(text.split())
