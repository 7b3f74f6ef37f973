"""Calendar files (RFC 5545): whole days with a title, a link and, for what has to be done, an alarm the day before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event
from icalendar.enums import TRANSP

from scenario_hall.core.texts import N_
from scenario_hall.dossiers.calendar import DAY_NAMES, CalendarDay, DayKind
from scenario_hall.outcomes.plan.workdays import PLACES
from scenario_hall.web.kit.language import LANGUAGE_TAGS, current_locale, exact, named

MIME = "text/calendar; charset=utf-8"
PRODUCT = "-//Scenario Hall of the Greater Bay Area//Calendar//EN"
READ_AGAIN = timedelta(hours=6)
ALARM_BEFORE = timedelta(hours=15)  # of the day: at nine in the morning of the day before
WITHOUT_ALARM = (DayKind.HOLIDAY, DayKind.WORKED)
UNTIL = N_("Until %(moment)s")


def calendar_file(days: Sequence[CalendarDay], *, key: str, base_url: str) -> bytes:
    """The file, its texts in the reader's language; ``key`` is the same as long as it is the same calendar."""
    host = urlsplit(base_url).hostname or "hall"
    calendar = Calendar.new(
        prodid=PRODUCT,
        uid=f"{key}@{host}",
        name=_("Scenario Hall"),
        language=LANGUAGE_TAGS[current_locale()],
        refresh_interval=READ_AGAIN,
    )
    for each in days:
        calendar.add_component(_event(each, base_url, host))
    return bytes(calendar.to_ical())


def title_of(day: CalendarDay) -> str:
    """What an entry is called."""
    values = {
        "title": day.title,
        "milestone": named(f"milestone.{day.milestone}") if day.milestone else "",
        "place": _(PLACES[day.place]) if day.place else "",
    }
    return _(DAY_NAMES[day.kind]) % values


def _event(day: CalendarDay, base_url: str, host: str) -> Event:
    title, link = title_of(day), base_url + day.path
    # RFC 5545, 3.8.7.2: without a method the stamp is when what it tells of was changed last.
    changed = day.changed_at or datetime.combine(day.begin, time.min, UTC)
    event = Event.new(
        uid=f"{day.key}@{host}",
        start=day.begin,
        end=day.end + timedelta(days=1),  # 3.6.1: the first day that is none of it
        summary=title,
        description=f"{_(UNTIL) % {'moment': exact(day.moment)}}\n{link}" if day.moment is not None else link,
        url=link,
        stamp=changed,
        last_modified=changed,
        transparency=TRANSP.TRANSPARENT,
        categories=[day.kind.value],
    )
    if day.kind not in WITHOUT_ALARM:
        event.add_component(_alarm(title))
    return event


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -ALARM_BEFORE)
    return alarm
