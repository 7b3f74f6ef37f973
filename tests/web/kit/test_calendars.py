"""Calendar files, read by a parser that has nothing to do with the one that writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.dossiers.calendar import CalendarDay, DayKind
from scenario_hall.web.kit.calendars import calendar_file
from tests.conftest import settings_in

WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=120).filter(
    lambda text: text.strip() == text
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("calendars")
    settings: Settings = settings_in(folder, f"sqlite:///{folder / 'none.sqlite'}")
    return create_app(settings)


def read(app: Flask, *days: CalendarDay, lang: str = "en") -> Calendar:
    with app.test_request_context(f"/?lang={lang}"):
        file = calendar_file(days, key="days-1", base_url="https://hall.example")
    for line in file.split(b"\r\n"):
        assert len(line) <= 75  # RFC 5545, 3.1
        assert b"\n" not in line
    return IcsCalendarStream.calendar_from_ics(file.decode())


DEADLINE = CalendarDay(
    DayKind.DEADLINE,
    "deadline-S-2026-000001",
    date(2026, 12, 3),
    date(2026, 12, 3),
    "港口岸桥; 无人机, 巡检\\",
    "/scenarios/S-2026-000001",
    datetime(2026, 11, 1, 8, tzinfo=UTC),
    moment=datetime(2026, 12, 3, 9, 30, tzinfo=UTC),
)


def test_a_deadline_is_a_whole_day_with_its_moment_a_link_and_an_alarm(app: Flask) -> None:
    (event,) = read(app, DEADLINE).events
    assert event.uid == "deadline-S-2026-000001@hall.example"
    assert event.summary == "Deadline: 港口岸桥; 无人机, 巡检\\"
    assert (event.start, event.end) == (date(2026, 12, 3), date(2026, 12, 4))
    assert event.description == "Until 2026-12-03 17:30 HKT\nhttps://hall.example/scenarios/S-2026-000001"
    assert str(event.url) == "https://hall.example/scenarios/S-2026-000001"
    assert event.dtstamp == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert [(alarm.action, alarm.trigger) for alarm in event.alarm] == [("DISPLAY", timedelta(hours=-15))]


def test_a_run_of_holidays_is_one_event_without_an_alarm(app: Flask) -> None:
    days = CalendarDay(
        DayKind.HOLIDAY, "holiday-macao-2026-10-01", date(2026, 10, 1), date(2026, 10, 7), "", "/rules", place="macao"
    )
    (event,) = read(app, days).events
    assert (event.start, event.end, event.alarm) == (date(2026, 10, 1), date(2026, 10, 8), [])
    assert event.summary == "Holiday: Macao"


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en", "pt"])
def test_the_titles_are_in_the_readers_language(app: Flask, lang: str) -> None:
    day = CalendarDay(
        DayKind.MILESTONE,
        "milestone-T-1-reported",
        date(2026, 1, 5),
        date(2026, 1, 5),
        "巡检",
        "/outcomes/T-1",
        milestone="reported",
    )
    summaries = {each: (read(app, day, lang=each).events[0].summary) for each in ("en", lang)}
    assert "巡检" in (summaries[lang] or "")
    assert len(set(summaries.values())) == len(summaries)


@given(st.lists(WORDS, max_size=5, unique=True))
def test_every_title_comes_back_as_it_was(app: Flask, titles: list[str]) -> None:
    days = [
        CalendarDay(DayKind.DEADLINE, f"d-{number}", date(2026, 1, 1), date(2026, 1, 1), title, "/x")
        for number, title in enumerate(titles)
    ]
    assert {each.summary for each in read(app, *days).events} == {f"Deadline: {title}" for title in titles}


def test_an_empty_calendar_is_one(app: Flask) -> None:
    assert read(app).events == []
