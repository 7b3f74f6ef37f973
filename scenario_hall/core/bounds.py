"""The one reading of whole numbers that come from outside: ids, positions, page numbers, versions."""

from __future__ import annotations

import re

LARGEST_ID = 2**63 - 1  # what both databases hold in a BIGINT
_DIGITS = re.compile(r"[0-9]{1,19}")


def whole_number(text: str, low: int = 0, high: int = LARGEST_ID) -> int | None:
    """The number that ``text`` writes in ASCII digits, if it lies from ``low`` to ``high``; else None."""
    if not _DIGITS.fullmatch(text):
        return None
    number = int(text)
    return number if low <= number <= high else None
