"""Characters that are found as another one: radicals out of PDF files, variants beyond those that OpenCC knows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@cache
def radicals() -> dict[int, str]:
    """For ``str.translate``: radicals and strokes as the ideograph that they stand for."""
    return _table("radicals.tsv")


@cache
def variants() -> dict[int, str]:
    """For ``str.translate``: variants of simplified characters as the character of the mainland's standard."""
    return _table("variants.tsv")


def _table(name: str) -> dict[int, str]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {ord(variant): standard for variant, standard in pairs}
