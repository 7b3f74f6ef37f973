"""Numbers as people write them: 1,200.5, 30万, 1.2亿, 500k, 2×10^3, and Chinese numerals such as 三百二十."""

from __future__ import annotations

import re
from decimal import Decimal

from scenario_hall.language.faults import LONGEST_VALUE, shorten
from scenario_hall.language.folding import fold

# What a word or sign behind a number multiplies it with, in folded text.
SCALES: dict[str, int] = {
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "w": 10**4,
    "千": 1000,
    "百": 100,
    "billion": 10**9,
    "bn": 10**9,
    "million": 10**6,
    "mn": 10**6,
    "mio": 10**6,
    "thousand": 1000,
    "k": 1000,
    "m": 10**6,
}
SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_SECTIONS = {"万": 10_000, "亿": 100_000_000}
NUMERAL_CHARACTER = "[〇零一二两三四五六七八九十百千万亿]"
NUMERAL = rf"{NUMERAL_CHARACTER}+"
LONGEST_NUMERAL = 40  # characters; what is longer is no number that anybody means
_NUMBER = re.compile(
    rf"(?P<sign>[-−–]?)\+?(?P<mantissa>\d[\d,]*(?:\.\d*)?|\.\d+)(?:[×x*]10\^?(?P<power>[-−]?\d{{1,2}}))?(?P<scale>{SCALE})?"
)


def read_number(text: str) -> Decimal:
    """The number that ``text`` writes, in digits or as a Chinese numeral, with nothing else beside it.

    Raises ValueError.
    """
    if len(text) > LONGEST_VALUE:
        raise ValueError(f"no number: {shorten(text)}")
    written = re.sub(r"\s", "", fold(text))
    if re.fullmatch(rf"(?![万亿]){NUMERAL}", written):
        return Decimal(chinese_number(written))
    found = _NUMBER.fullmatch(written)
    if found is None:
        raise ValueError(f"no number: {text}")
    power = int((found["power"] or "0").replace("−", "-"))
    value = Decimal(found["mantissa"].replace(",", "")).scaleb(power) * SCALES.get(found["scale"] or "", 1)
    return -value if found["sign"] else value


def chinese_number(numeral: str) -> int:
    """The value of a folded numeral: 三百二十 is 320, 二〇二五 is 2025. Raises ValueError for anything else."""
    if len(numeral) > LONGEST_NUMERAL or not re.fullmatch(NUMERAL, numeral):
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


def with_digits(text: str, numerals: str) -> str:
    """``text`` with the Chinese numerals that the pattern ``numerals`` finds written in digits; what is too long
    for a number stays as it is."""
    return re.sub(numerals, _in_digits, text)


def _in_digits(found: re.Match[str]) -> str:
    return str(chinese_number(found[0])) if len(found[0]) <= LONGEST_NUMERAL else found[0]
