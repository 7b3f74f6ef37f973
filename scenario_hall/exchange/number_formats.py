"""What a spreadsheet's number format adds to a stored number: 0.985 under ``0.0%`` is 98.5 %, 50 under ``0"万元"`` is
500,000, 46553 under format 31 is a day. Nothing is rounded: all digits that are stored are written.

Format codes: ECMA-376 Part 1, 18.8.30 and 18.8.31 (``numFmt``), with the ids that East Asian versions of Excel use
without writing them down (27–36 and 50–58).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

_LONGEST_CODE = 1000
_LAST_SERIAL = 2_958_466  # 31 December 9999, exclusive
_GENERAL = re.compile(r"general|g/通用格式|g/標準", re.IGNORECASE)
_NOON = re.compile(r"am/pm|a/p|上午/下午", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d{1,30}(?:\.\d{1,30})?)")
_EXPONENT = re.compile(r"e[+-]", re.IGNORECASE)

# Ids whose code no file writes down. Currency ids (5–8, 41–44) follow the reader's own country, and so say nothing.
_MONTH_CODES = dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"')
_TIME_CODES = dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), "h:mm:ss")
_DAY_CODES = dict.fromkeys((14, 15, 16, 28, 29, 30, 31, 51, 53, 54, 58), "yyyy/m/d")
BUILT_IN: dict[int, str] = {
    9: "0%",
    10: "0.00%",
    17: "mmm-yy",
    22: "yyyy/m/d h:mm",
    46: "[h]:mm:ss",
    49: "@",
    **_MONTH_CODES,
    **_TIME_CODES,
    **_DAY_CODES,
}


@dataclass(frozen=True)
class _Section:
    """One part of a code between semicolons."""

    condition: tuple[str, Decimal] | None
    before: str  # what stands in front of the number
    after: str
    digits: int  # places of the whole part that are always written
    has_number: bool
    shift: int  # powers of ten by which the number shown is larger than the one stored (a percent sign: 2)
    fields: frozenset[str]  # y, m, d, h, s of a date; e for hours beyond a day
    is_text: bool


def written(value: float, code: str, *, is_1904: bool = False) -> str:
    """``value`` as a person reads it in the sheet, every digit kept; a day by ISO 8601."""
    section = _section_for(value, code)
    if section is None or section.is_text:
        return plain(value)
    if section.fields:
        return _moment(value, section.fields, is_1904=is_1904)
    if not section.has_number:
        return section.before if any(map(str.isalnum, section.before)) else plain(value)
    shifted = _decimal(value).scaleb(section.shift)
    before, after = section.before, section.after
    if value <= 0:
        before, after = before.strip("-−( "), after.strip(") ")  # the sign is the number's own
    number = _digits(shifted)
    if section.digits > 1 and "." not in number:
        number = number.zfill(section.digits + number.startswith("-"))
    return f"{before.strip()}{number}{after.strip()}"


def plain(value: float) -> str:
    """A number without a format: at most the fifteen digits that a spreadsheet shows."""
    if abs(value) < 1e15 and value == int(value):
        return str(int(value))
    return _digits(_decimal(value))


def day_of(serial: float, *, is_1904: bool = False) -> datetime | None:
    """The moment of a serial number; None where there is none."""
    if not 0 <= serial < _LAST_SERIAL:
        return None
    # Lotus took 1900 for a leap year, and Excel keeps that: from 1 March on a day is counted too much.
    first = date(1904, 1, 1) if is_1904 else date(1899, 12, 30 if serial >= 60 else 31)
    seconds = round((serial - int(serial)) * 86400)
    return datetime.combine(first + timedelta(days=int(serial)), time()) + timedelta(seconds=seconds)


def _decimal(value: float) -> Decimal:
    return Decimal(format(value, ".15g"))


def _digits(number: Decimal) -> str:
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _moment(value: float, fields: frozenset[str], *, is_1904: bool) -> str:
    moment = day_of(value, is_1904=is_1904)
    if moment is None:
        return plain(value)
    if "e" in fields:
        minutes, seconds = divmod(round(value * 86400), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if value < 1 and not is_1904:
        return moment.time().isoformat()
    if not fields & {"d", "h", "s"} and moment.time() == time():
        # A month is stored as its first day; any other day was meant.
        if fields == {"y"} and (moment.month, moment.day) == (1, 1):
            return f"{moment.year}"
        if "m" in fields and moment.day == 1:
            return f"{moment.year}-{moment.month:02}"
    return in_words(moment)


def in_words(moment: date | datetime | time) -> str:
    """A date, or a date with its time where it has one, by ISO 8601."""
    if isinstance(moment, datetime):
        return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "seconds")
    return moment.isoformat()


def _section_for(value: float, code: str) -> _Section | None:
    sections = _sections(code[:_LONGEST_CODE])
    numeric = [section for section in sections if not section.is_text]
    if not numeric:
        return sections[0] if sections else None
    for section in numeric:
        if section.condition is not None and _holds(section.condition, value):
            return section
    free = [section for section in numeric if section.condition is None]
    if len(free) < len(numeric):
        return free[0] if free else None
    place = 0 if value > 0 or len(free) == 1 else 1 if value < 0 else 2
    return free[place] if place < len(free) else free[0]


def _holds(condition: tuple[str, Decimal], value: float) -> bool:
    sign, limit = condition
    number = _decimal(value)
    match sign:
        case "<":
            return number < limit
        case ">":
            return number > limit
        case "<=":
            return number <= limit
        case ">=":
            return number >= limit
        case "=":
            return number == limit
        case _:
            return number != limit


@lru_cache(maxsize=2000)
def _sections(code: str) -> tuple[_Section, ...]:
    return tuple(_section(list(tokens)) for tokens in _split(_tokens(code)))


def _split(tokens: Iterator[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    part: list[tuple[str, str]] = []
    for token in tokens:
        if token == ("sign", ";"):
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    """What a code is made of: literals, places of digits, letters of dates, conditions and single signs."""
    at = 0
    while at < len(code):
        character = code[at]
        if character == '"':
            end = code.find('"', at + 1)
            end = end if end >= 0 else len(code)
            yield "literal", code[at + 1 : end]
            at = end + 1
        elif character == "[":
            end = code.find("]", at)
            end = end if end >= 0 else len(code)
            yield "bracket", code[at + 1 : end]
            at = end + 1
        elif character in "\\!" and at + 1 < len(code):
            yield "literal", code[at + 1]
            at += 2
        elif character in "_*":
            at += 2  # a gap as wide as the next character, or filled with it
        elif found := _GENERAL.match(code, at):
            yield "number", "General"
            at = found.end()
        elif found := _NOON.match(code, at) or _EXPONENT.match(code, at):
            yield "sign", found[0]
            at = found.end()
        elif code[at : at + 3].lower() == "aaa":
            yield "letter", "d"  # the day of the week
            at += len(code[at:]) - len(code[at:].lstrip("aA"))
        else:
            kind = "number" if character in "0#?" else "letter" if character.lower() in "ymdhse" else "sign"
            yield kind, character
            at += 1


def _section(tokens: list[tuple[str, str]]) -> _Section:
    condition, fields = None, set[str]()
    places = [at for at, (kind, _) in enumerate(tokens) if kind == "number"]
    first, last = (places[0], places[-1]) if places else (len(tokens), len(tokens))
    parts = {False: "", True: ""}
    inner: list[tuple[str, str]] = tokens[first : last + 1]
    percents = 0
    for at, (kind, text) in enumerate(tokens):
        if kind == "bracket":
            condition = condition or _condition(text)
            if re.fullmatch(r"[hms]+", text.lower()):
                fields |= {"h", "e"}
            currency = text[1:].split("-")[0] if text.startswith("$") else ""
            parts[at > last] += currency if not first < at < last else ""
        elif kind == "letter" and (not places or at < first):
            fields |= {"y" if text.lower() == "e" else text.lower()}
        elif kind == "literal" or (kind == "sign" and text not in ".,%@/") or kind == "letter":
            parts[at > last] += text if not first < at < last else ""
        if (kind, text) == ("sign", "%"):
            percents += 1
    after = parts[True] + "%" * percents
    commas = 0
    for kind, text in tokens[last + 1 :]:
        if (kind, text) != ("sign", ","):
            break
        commas += 1
    return _Section(
        condition=condition,
        before=parts[False],
        after=after,
        digits=_padding(inner),
        has_number=bool(places),
        shift=2 * percents - 3 * commas - _literal_decimals(inner),
        fields=frozenset(fields),
        is_text=("sign", "@") in tokens,
    )


def _condition(text: str) -> tuple[str, Decimal] | None:
    found = _CONDITION.fullmatch(text.strip())
    return (found[1], Decimal(found[2])) if found else None


def _padding(inner: list[tuple[str, str]]) -> int:
    """How many places a whole number always has: ``0000`` writes the code 12 as 0012."""
    return len(inner) if all(token == ("number", "0") for token in inner) else 0


def _literal_decimals(inner: list[tuple[str, str]]) -> int:
    """Places behind a point that is only painted: ``0!.0,`` shows ten thousands with one decimal."""
    if ("sign", ".") in inner or ("literal", ".") not in inner:
        return 0
    return sum(kind == "number" for kind, _ in inner[inner.index(("literal", ".")) :])
