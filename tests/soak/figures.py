"""What a soak measured, beside the bound that it has to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value; without bounds it is told, not judged."""

    part: str
    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def is_kept(self) -> bool:
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)


def table(figures: Sequence[Figure]) -> str:
    """One line a figure: part, name, value, bound, and whether it is kept."""
    lines = [f"{'part':<8}{'what':<62}{'value':>12}  {'bound':<12}"]
    for each in figures:
        shown = f"{each.value:,.0f}" if float(each.value).is_integer() else f"{each.value:,.2f}"
        value = f"{shown} {each.unit}".rstrip()
        verdict = "" if each.is_kept else "  BROKEN"
        lines.append(f"{each.part:<8}{each.name:<62}{value:>12}  {_bound(each):<12}{verdict}".rstrip())
    return "\n".join(lines)


def as_rows(figures: Sequence[Figure]) -> list[dict[str, object]]:
    return [{**asdict(each), "is_kept": each.is_kept} for each in figures]


def _bound(figure: Figure) -> str:
    bounds = []
    if figure.most is not None:
        bounds.append(f"<= {figure.most:g}")
    if figure.least is not None:
        bounds.append(f">= {figure.least:g}")
    return " ".join(bounds)
