"""Dates as people write them; a month, a quarter or a year stands for its last day, which is what a deadline means.

The whole of a text is taken apart into known pieces; what is left over is a fault, so that a bare year never stands for
a month that was not understood.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone

from scenario_hall.core.clock import local_day
from scenario_hall.language import faults
from scenario_hall.language.date_words import FORMS, MONTHS, ORDINALS, PIECES
from scenario_hall.language.faults import LONGEST_VALUE, Fault
from scenario_hall.language.folding import fold
from scenario_hall.language.numerals import with_digits

_OPEN = re.compile(
    r"长期(?:有效|开放|征集|合作)?|长期|常年(?:有效|开放|征集)?|不限(?:期|时间)?|无(?:期限|限制)?|持续(?:开放|征集)?"
    r"|long[- ]?term|open(?:-ended)?|ongoing|none|n/?a|sem prazo|permanente|em aberto|[-—–/]+"
)
FIRST_YEAR, LAST_YEAR = 1990, 2100
_MINGUO = 1911  # the year before the first of the calendar that Taiwan counts by
# Excel counts days from here on (its 1900 has a 29 February that never was); only serials of our time are taken.
_EXCEL_EPOCH, _FIRST_SERIAL, _LAST_SERIAL = date(1899, 12, 30), 36_526, 73_415


@dataclass(frozen=True)
class _Point:
    """A day, or a time that lasts for some ``months`` and ends with ``month``, as far as it is written."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    third: str = ""
    months: int = 1

    def last_day(self) -> date:
        """Raises ValueError where the calendar does not have it."""
        if self.year is None or not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError("no such year")
        if self.day is not None:
            return date(self.year, self.month or 12, self.day)
        end = _month_end(self.year, self.month or 12)
        return end if self.third not in _THIRDS else end.replace(day=_THIRDS[self.third])


_THIRDS = {"上旬": 10, "中旬": 20, "初": 10, "中": 20}


def _month_end(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError("no such month")
    return date(year, month, monthrange(year, month)[1])


def parse_date(text: str) -> date | Fault | None:
    """The last day that ``text`` names; None when it is empty or says that there is no end (长期有效).

    Of a span the end counts, with year and month of the beginning where it has none (2027年6月至9月). A day that the
    calendar does not have is a fault, never guessed, and so is whatever is not understood.
    """
    if len(text) > LONGEST_VALUE:
        return Fault(faults.TOO_LONG, text)
    written = _plain(re.sub(r"\([^()]*\)", " ", fold(text))).strip()
    if not written or _OPEN.fullmatch(written):
        return None
    serial = re.fullmatch(r"(\d{5})(?:\.\d+)?", written)
    if serial is not None and _FIRST_SERIAL <= int(serial[1]) <= _LAST_SERIAL:
        return _EXCEL_EPOCH + timedelta(days=int(serial[1]))
    try:
        return _date_of(written)
    except LookupError:
        return Fault(faults.NO_DATE, text)
    except ValueError:
        return Fault(faults.IMPOSSIBLE_DATE, text)


def _date_of(written: str) -> date:
    """The last day. Raises ValueError for one that the calendar does not have, LookupError for what is no date."""
    points, time, zone = _points(written)
    if len(points) == 2 and points[0].year is not None and points[0].last_day() > points[1].last_day():
        raise ValueError("it ends before it begins")
    day = points[-1].last_day()
    return _in_hong_kong(day, time, zone) if time is not None and zone else day


def _points(written: str) -> tuple[list[_Point], re.Match[str] | None, str]:
    """One point, or the two of a span, and the time of day with its zone. Raises LookupError for what is no date."""
    points: list[_Point] = []
    betweens = 0
    is_between = False
    time: re.Match[str] | None = None
    zone = ""
    for match in PIECES.finditer(written):
        kind = next(name for name in (*FORMS, *_OTHERS) if match[name] is not None)
        if kind == "rest":
            raise LookupError(match.group())
        if kind == "between":
            betweens += 1
            is_between = bool(points)
        elif kind == "time":
            time, zone = match, match["plain"] or ""
        elif kind == "zone":
            zone = match["offset"] or "z"
        elif kind in FORMS:
            if points and not is_between:
                raise LookupError("two dates")
            points.append(_point(kind, match, points[-1] if points else None))
            is_between = False
    if not points or len(points) > 2 or points[-1].year is None or is_between:
        raise LookupError("no date")
    return points, time, zone


_OTHERS = ("time", "zone", "between", "filler", "rest")


def _point(kind: str, match: re.Match[str], before: _Point | None) -> _Point:
    parts = {name.removeprefix(f"{kind}_"): value for name, value in match.groupdict().items() if value is not None}
    year = int(parts["y"]) if "y" in parts else None
    month = int(parts["m"]) if match.groupdict().get(f"{kind}_m") else None
    name = match.groupdict().get(f"{kind}_n")
    if name:
        month = MONTHS[name.rstrip(".")]
    day = match.groupdict().get(f"{kind}_d")
    point = _Point(year, month, int(day) if day else None, match.groupdict().get(f"{kind}_third") or "")
    if kind == "dmy":
        point = _day_first(point)
    if kind in ("quarter", "quartered", "q", "half", "halved", "h"):
        number = next(ORDINALS[value] for group in "abcd" if (value := match.groupdict().get(f"{kind}_{group}")))
        months = 3 if kind.startswith("q") else 6
        point = replace(point, day=None, month=number * months, months=months)
    if kind == "year":
        point = replace(point, months=12)
    if point.year is None and before is not None:
        is_next = bool(match["next"] or match["next_m"])
        point = _completed(point, before, kind, is_next_year=is_next)
    return point


def _day_first(point: _Point) -> _Point:
    """31/12/2025: the day first, as Hong Kong and Macao write; the month first only where nothing else is possible."""
    if (point.month or 0) > 12 >= (point.day or 0):
        return replace(point, month=point.day, day=point.month)
    return point


def _completed(point: _Point, before: _Point, kind: str, *, is_next_year: bool) -> _Point:
    """The end of a span with what it left to the beginning. Raises LookupError where that does not have it."""
    if before.year is None:
        raise LookupError("no year")
    year = before.year + is_next_year
    if kind == "d" and before.day is None:
        # 2027-06~09: of months, another month.
        if before.month is None:
            raise LookupError("a day of no month")
        return _Point(year, point.day)
    return replace(point, year=year, month=point.month or before.month)


def _in_hong_kong(day: date, time: re.Match[str], zone: str) -> date:
    """The day in Hong Kong of a moment with its zone, as JSON lists and JavaScript have it."""
    hour, minute = int(time["hour"] or 0), int(time["minute"] or 0)
    if hour == 24 and not minute:
        return day
    digits = "+00" if zone == "z" else zone.replace(":", "")
    offset = timedelta(hours=int(digits[:3]), minutes=int(digits[0] + (digits[3:] or "0")))
    return local_day(datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone(offset)))


def read_days(text: str) -> tuple[date, date] | None:
    """The first and the last day of a day or a month that is written year first (2027-03-01, 2027/3/1, 2027-03); None
    for anything else and for years that no record of the hall is of."""
    written = fold(text[:LONGEST_VALUE]).strip()
    found = PIECES.fullmatch(written)
    if found is None or (found["ymd"] is None and found["ym"] is None) or re.search(r"[初中上下底末]", written):
        return None
    point = _point("ymd" if found["ymd"] else "ym", found, None)
    try:
        last = point.last_day()
    except ValueError:
        return None
    return last if point.day else last.replace(day=1), last


def read_span(text: str) -> tuple[date, date] | None:
    """The first and the last day of what ``text`` names in whatever way, a day, month, quarter, half or year; None for
    spans, thirds of a month and what is not understood."""
    try:
        points, time, _ = _points(_plain(fold(text[:LONGEST_VALUE])).strip())
        last = points[0].last_day()
    except (LookupError, ValueError):
        return None
    if len(points) > 1 or points[0].third or time is not None:
        return None
    first = last if points[0].day else last.replace(month=last.month - points[0].months + 1, day=1)
    return first, last


def read_day(text: str) -> date | None:
    """The day that ``text`` writes year first, with nothing else beside it; None where it does not."""
    days = read_days(text)
    return days[0] if days is not None and days[0] == days[1] else None


def _plain(text: str) -> str:
    """二〇二五年十二月廿五日 as 2025年12月25日, 民国116年 as 2027年, 3Q27 as 3Q2027."""
    text = _MOMENT.sub(r"\1 \2", " ".join(text.replace("廿", "二十").replace("卅", "三十").split()))
    text = with_digits(text, r"[〇○零一二三四五六七八九]{4}(?=\s*年)")
    text = with_digits(text, r"[一二三四五六七八九十]{1,3}(?=\s*(?:月|日|号|至[^至]{1,3}[月日号]))")
    text = _SHORT_YEAR.sub(lambda found: f"{found[1] or found[2] + ' '}20{found[3]}", text)
    return re.sub(r"民国\s*(\d{2,3})(?=\s*年)", lambda found: str(_MINGUO + int(found[1])), text)


# A year of two digits is read beside a quarter or a half that stands alone; 1h30 and 2h45 are times.
_SHORT_YEAR = re.compile(r"^(?:([1-4][qt]|[12][hs])|([qt][1-4]|[hs][12]))\s?['’`]?(?!(?<=\dh)(?:00|15|30|45))(\d{2})$")
_MOMENT = re.compile(r"^(\d{4}-\d{2}-\d{2})t(\d{2})")
