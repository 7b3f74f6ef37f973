"""Digits with separators, and what they may mean: 1.500 is one and a half or fifteen hundred."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum

DIGITS = r"\d{1,3}+(?:[ '’]\d{3})++(?!\d)(?:[.,]\d++)?+|\d++(?:[.,]\d++)*+"
"""A number with whatever separators it has, in folded text; the longest there is, so that no digit is left behind."""
_GROUPED = re.compile(r"\d{1,3}(?:([., '’])\d{3})(?:\1\d{3})*+")


class Point(Enum):
    """Which sign stands before decimals: a point as in Chinese and English, a comma as in Portuguese. Where sums are
    written a comma groups and a point may do either, since Portuguese pages print 500.000; among Portuguese words
    a comma may, too."""

    POINT = "."
    COMMA = ","
    EITHER = "either"
    PORTUGUESE = "portuguese"


def readings(written: str, point: Point = Point.EITHER) -> tuple[Decimal, ...]:
    """The one or two numbers that ``written`` (of the form DIGITS) may be. Two only for a single separator with three
    digits behind it that ``point`` leaves open: 500.000 (the fraction first). Raises ValueError where the groups make
    no number."""
    spaced = re.sub(r"(?<=\d)[ '’](?=\d{3}(?!\d))", "", written)
    signs = re.findall(r"[.,]", spaced)
    if not signs:
        return (Decimal(spaced),)
    whole, _, decimals = spaced.rpartition(signs[-1])
    if len(set(signs)) == 2:
        # 1.234,56 or 1,234.56: the last sign is the decimal one, the others group.
        if signs.count(signs[-1]) > 1 or not _is_grouped(whole, signs[0]):
            raise ValueError(f"no number: {written}")
        return (Decimal(f"{whole.replace(signs[0], '')}.{decimals}"),)
    if len(signs) > 1:
        if not _is_grouped(spaced, signs[0]):
            raise ValueError(f"no number: {written}")
        return (Decimal(spaced.replace(signs[0], "")),)
    grouped, fraction = Decimal(spaced.replace(signs[0], "")), Decimal(f"{whole}.{decimals}")
    if signs[0] == "," and len(decimals) > 3 and point is not Point.COMMA:
        raise ValueError(f"no number: {written}")  # 1,2345: groups of four as often as decimals
    # With a nought in front, more than three digits before it, or not three behind, the sign groups nothing.
    if spaced != written or not _is_grouped(spaced, signs[0]) or spaced.startswith("0"):
        return (fraction,)
    if point is Point.EITHER and signs[0] == ",":
        return (grouped,)
    if point in (Point.EITHER, Point.PORTUGUESE):
        return fraction, grouped
    return (fraction,) if point.value == signs[0] else (grouped,)


def _is_grouped(text: str, sign: str) -> bool:
    found = _GROUPED.fullmatch(text)
    return found is not None and found[1] == sign
