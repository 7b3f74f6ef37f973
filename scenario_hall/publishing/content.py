"""Checks of written content that scenarios and products share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlmodel import SQLModel

from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_LINES, MAX_SUM, MAX_TEXT, Currency


def strip_texts(
    content: Mapping[str, Any], *, fields: Iterable[str], table: type[SQLModel], faults: dict[str, str]
) -> dict[str, Any]:
    """``content`` with its texts stripped; too long ones are told in ``faults``. Raises ValueError (unknown field)."""
    unknown = set(content) - set(fields)
    if unknown:
        raise ValueError(f"no such fields: {', '.join(sorted(unknown))}")
    columns = table.__table__.columns  # type: ignore[attr-defined]
    clean: dict[str, Any] = {}
    for name, value in content.items():
        clean[name] = value.strip() if isinstance(value, str) else value
        if isinstance(value, str) and len(clean[name]) > (getattr(columns[name].type, "length", None) or MAX_TEXT):
            faults[name] = N_("This is too long.")
    if clean.get("currency", Currency.CNY) not in list(Currency):
        faults["currency"] = N_("Please choose CNY, HKD or MOP.")
    return clean


def check_range(low: int | None, high: int | None, *, fields: tuple[str, str], faults: dict[str, str]) -> None:
    """Tell in ``faults`` when a sum is not usable or the range goes down."""
    for name, amount in zip(fields, (low, high), strict=True):
        if amount is not None and not 0 <= amount < MAX_SUM:
            faults[name] = N_("A sum is a whole number, 0 or more.")
    if not faults.keys() & set(fields) and low is not None and high is not None and high < low:
        faults[fields[1]] = N_("The upper end is below the lower end.")


def parse_lines(
    lines: Sequence[Any], model: type[BaseModel], *, field: str, told: str, faults: dict[str, str]
) -> list[dict[str, Any]]:
    """The lines as JSON values of ``model``; ``told`` goes into ``faults`` for a line that is not one."""
    if len(lines) > MAX_LINES:
        faults[field] = N_("Please give at most 40 lines.")
        return []
    clean = []
    for line in lines:
        try:
            clean.append(model.model_validate(line).model_dump(mode="json"))
        except ValidationError:
            faults[field] = told
    return clean
