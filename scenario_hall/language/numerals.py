"""Numbers as people write them: 1,200.5, 30万, 1.2亿, 500k, 2×10^3, and Chinese numerals such as 三百二十."""

from __future__ import annotations

import re
from decimal import Decimal

from scenario_hall.language.faults import LONGEST_VALUE, shorten
from scenario_hall.language.folding import fold
from scenario_hall.language.separators import DIGITS, Point, readings

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
    "mil": 1000,
    "k": 1000,
    "m": 10**6,
}
SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("壹贰叁肆伍陆柒捌玖", start=1)},
    "〇": 0,
    "○": 0,
    "两": 2,
}
_POWERS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_SECTIONS = {"万": 10_000, "亿": 100_000_000}
NUMERAL_DIGIT = "〇○零一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
NUMERAL_CHARACTER = f"[{NUMERAL_DIGIT}十百千拾佰仟万亿]"
NUMERAL = rf"{NUMERAL_CHARACTER}+"
LONGEST_NUMERAL = 40  # characters; what is longer is no number that anybody means
_NUMBER = re.compile(
    rf"(?P<sign>[-−–]?)\+?(?P<mantissa>{DIGITS}|\.\d++)"
    rf"(?:[×x*]10(?:\^(?=[-−+\d])|(?=[-−]|1[0-5]$|\d$))(?P<power>[-−+]?\d{{1,2}})|e(?P<exponent>[-−+]?\d{{1,2}}))?(?P<scale>{SCALE})?"
)


def read_number(text: str, point: Point = Point.EITHER) -> Decimal:
    """The number that ``text`` writes, in digits or as a Chinese numeral, with nothing else beside it.

    Raises ValueError, TwoReadings where a separator may group or stand before decimals.
    """
    if len(text) > LONGEST_VALUE:
        raise ValueError(f"no number: {shorten(text)}")
    written = re.sub(r"\s+(?!\d)|(?<!\d)\s+", "", fold(text))
    if re.fullmatch(rf"(?![万亿]){NUMERAL}", written):
        return Decimal(chinese_number(written))
    found = _NUMBER.fullmatch(written)
    if found is None:
        raise ValueError(f"no number: {text}")
    mantissa = found["mantissa"]
    scale = found["scale"] or ""
    if point is Point.EITHER and (found["power"] or found["exponent"] or (scale and scale != "mil")):
        point = Point.POINT  # Portuguese has no such signs
    values = (Decimal(mantissa),) if mantissa.startswith(".") else readings(mantissa, point)
    if len(values) > 1:
        raise TwoReadings(text, values)
    power = int((found["power"] or found["exponent"] or "0").replace("−", "-"))
    value = values[0].scaleb(power) * SCALES.get(scale, 1)
    return -value if found["sign"] else value


class TwoReadings(ValueError):
    """A number whose separator can be read in two ways; ``values``: both."""

    def __init__(self, text: str, values: tuple[Decimal, ...]) -> None:
        super().__init__(f"no number without doubt: {text}")
        self.values = values


def chinese_number(numeral: str) -> int:
    """The value of a folded numeral: 三百二十 is 320, 二〇二五 is 2025, 三百五 is 350. Raises ValueError for anything
    else, also for 三五百, which is no number."""
    if len(numeral) > LONGEST_NUMERAL or not re.fullmatch(NUMERAL, numeral):
        raise ValueError(f"no Chinese numeral: {numeral}")
    if not any(character in _POWERS or character in _SECTIONS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total, section, digit = 0, 0, 0
    is_digit_open = False
    for character in numeral:
        if character in _DIGITS:
            if is_digit_open and digit:
                raise ValueError(f"no Chinese numeral: {numeral}")
            digit, is_digit_open = _DIGITS[character], True
        elif character in _POWERS:
            section += (digit or 1) * _POWERS[character]
            digit, is_digit_open = 0, False
        else:
            total = (total + section + digit) * _SECTIONS[character]
            section, digit, is_digit_open = 0, 0, False
    return total + section + digit * _last_place(numeral)


def _last_place(numeral: str) -> int:
    """What the last digit counts: behind 百, 千, 万 or 亿 without 零 a tenth of it (三百五 is 350)."""
    before = numeral[-2:-1]
    return max(1, (_POWERS.get(before) or _SECTIONS.get(before, 1)) // 10)


def with_digits(text: str, numerals: str) -> str:
    """``text`` with the Chinese numerals that the pattern ``numerals`` finds written in digits; what is too long
    for a number stays as it is."""
    return re.sub(numerals, _in_digits, text)


def _in_digits(found: re.Match[str]) -> str:
    return str(chinese_number(found[0])) if len(found[0]) <= LONGEST_NUMERAL else found[0]
