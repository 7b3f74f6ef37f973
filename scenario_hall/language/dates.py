"""Dates as people write them; a month, a quarter or a year stands for its last day, which is what a deadline means."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime

from scenario_hall.core.clock import local_day
from scenario_hall.language import faults
from scenario_hall.language.faults import LONGEST_VALUE, Fault
from scenario_hall.language.folding import fold
from scenario_hall.language.numerals import with_digits

_OPEN = re.compile(
    r"长期(?:有效|开放|征集|合作)?|长期|常年(?:有效|开放|征集)?|不限(?:期|时间)?|无(?:期限|限制)?|持续(?:开放|征集)?"
    r"|long[- ]?term|open(?:-ended)?|ongoing|none|n/?a|[-—–/]+"
)
_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_MONTH_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
FIRST_YEAR, LAST_YEAR = 1990, 2100
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def _whole_day(match: re.Match[str]) -> date:
    return date(int(match[1]), int(match[2]), int(match[3]))


def _day_first(match: re.Match[str]) -> date:
    """31/12/2025: the day first, as Hong Kong and Macao write; the month first only where nothing else is possible."""
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    return date(year, first, second) if second > 12 >= first else date(year, second, first)


def _third_of_month(match: re.Match[str]) -> date:
    year, month, third = int(match[1]), int(match[2]), match[3]
    end = _month_end(year, month)
    return end if third in ("下", "底", "末") else date(year, month, {"上": 10, "中": 20, "初": 10}[third])


def _month_end(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError("no such month")
    return date(year, month, monthrange(year, month)[1])


_DAY = r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)"
_MONTH = r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})(?!\d)"
# Tried in this order, the fullest first.
_FORMS: tuple[tuple[str, Callable[[re.Match[str]], date]], ...] = (
    (_DAY, _whole_day),
    (r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)", _whole_day),
    (r"(?<!\d)(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?!\d)", _day_first),
    (
        rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH_NAME},?\s+(\d{{4}})",
        lambda found: date(int(found[3]), _MONTHS[found[2]], int(found[1])),
    ),
    (
        rf"{_MONTH_NAME}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})",
        lambda found: date(int(found[3]), _MONTHS[found[1]], int(found[2])),
    ),
    (r"(\d{4})\s*年\s*(\d{1,2})\s*月份?([上中下初底末])", _third_of_month),
    (_MONTH, lambda found: _month_end(int(found[1]), int(found[2]))),
    (rf"{_MONTH_NAME}\s+(\d{{4}})", lambda found: _month_end(int(found[2]), _MONTHS[found[1]])),
    (r"(\d{4})\s*年?\s*(?:q|第)\s*([1-4一二三四])", lambda found: _month_end(int(found[1]), 3 * _QUARTERS[found[2]])),
    (r"()q([1-4])\s*(\d{4})", lambda found: _month_end(int(found[3]), 3 * int(found[2]))),
    (r"(\d{4})\s*年?\s*上半年", lambda found: date(int(found[1]), 6, 30)),
    (
        r"(?<!\d)(\d{4})\s*年?\s*(?:下半年|年?底|年?末|年)?\s*(?=$|[前内止之以至到\-~–—,;、.])",
        lambda found: date(int(found[1]), 12, 31),
    ),
)


def parse_date(text: str) -> date | Fault | None:
    """The last day that ``text`` names; None when it is empty or says that there is no end (长期有效).

    Of a span (2025年1月-2026年12月) the end counts. A day that the calendar does not have is a fault, never guessed.
    """
    if len(text) > LONGEST_VALUE:
        return Fault(faults.TOO_LONG, text)
    written = _plain(re.sub(r"\([^()]*\)", " ", fold(text))).strip()
    if not written or _OPEN.fullmatch(written):
        return None
    moment = _moment(written)
    if moment is not None:
        return moment
    last: tuple[int, int, date | Fault] | None = None
    taken: list[tuple[int, int]] = []
    for pattern, read in _FORMS:
        for found in re.finditer(pattern, written):
            if any(found.start() < end and start < found.end() for start, end in taken):
                continue
            taken.append(found.span())
            try:
                day: date | Fault = read(found)
            except ValueError:
                day = Fault(faults.IMPOSSIBLE_DATE, text)
            if isinstance(day, date) and not FIRST_YEAR <= day.year <= LAST_YEAR:
                day = Fault(faults.IMPOSSIBLE_DATE, text)
            if last is None or found.start() > last[0]:
                last = (found.start(), found.end(), day)
    return last[2] if last is not None else Fault(faults.NO_DATE, text)


def read_days(text: str) -> tuple[date, date] | None:
    """The first and the last day of a day or a month that is written year first (2027-03-01, 2027/3/1, 2027-03); None
    for anything else and for years that no record of the hall is of."""
    written = fold(text[:LONGEST_VALUE]).strip()
    try:
        if found := re.fullmatch(_DAY, written):
            first = last = _whole_day(found)
        elif found := re.fullmatch(_MONTH, written):
            last = _month_end(int(found[1]), int(found[2]))
            first = last.replace(day=1)
        else:
            return None
    except ValueError:
        return None
    return (first, last) if FIRST_YEAR <= first.year <= LAST_YEAR else None


def read_day(text: str) -> date | None:
    """The day that ``text`` writes year first, with nothing else beside it; None where it does not."""
    days = read_days(text)
    return days[0] if days is not None and days[0] == days[1] else None


def _moment(written: str) -> date | None:
    """An ISO 8601 moment with its zone, as JSON lists have it, as the day in Hong Kong."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})?", written):
        return None
    try:
        moment = datetime.fromisoformat(written.upper())
    except ValueError:
        return None  # read again as a plain day, which then tells what is impossible
    return moment.date() if moment.tzinfo is None else local_day(moment)


def _plain(text: str) -> str:
    """二〇二五年十二月 as 2025年12月."""
    text = with_digits(text, r"[〇零一二三四五六七八九]{4}(?=年)")
    return with_digits(text, r"[一二三四五六七八九十]{1,3}(?=[月日号])")
