"""Chinese numerals as numbers: 三百二十 is 320, 二〇二五 is 2025."""

from __future__ import annotations

import re

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_SECTIONS = {"万": 10_000, "亿": 100_000_000}
NUMERAL = r"[〇零一二两三四五六七八九十百千万亿]+"


def chinese_number(numeral: str) -> int:
    """The value of a folded numeral. Raises ValueError for anything else."""
    if not re.fullmatch(NUMERAL, numeral):
        raise ValueError(f"no Chinese numeral: {numeral}")
    if not any(character in _POWERS or character in _SECTIONS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total, section, digit = 0, 0, 0
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _POWERS:
            section += (digit or 1) * _POWERS[character]
            digit = 0
        else:
            total = (total + section + digit) * _SECTIONS[character]
            section, digit = 0, 0
    return total + section + digit
