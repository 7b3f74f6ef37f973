"""The log of everything, as administrators read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from scenario_hall.core import clock
from scenario_hall.core.clock import end_of_local_day
from scenario_hall.log.kinds.table import KINDS
from scenario_hall.outcomes.plan.milestones import milestones_of
from scenario_hall.outcomes.plan.workdays import calendars
from scenario_hall.web.kit.language import LANGUAGE_TAGS
from tests.world import World

AsPerson = Callable[[str], FlaskClient]


@pytest.mark.parametrize("tag", LANGUAGE_TAGS.values())
def test_the_log_shows_no_stored_key_and_no_raw_data(hall: World, as_person: AsPerson, tag: str) -> None:
    hall.application()
    page = as_person("admin@hall.example").get(f"/admin/log?lang={tag}").text
    rows = page.split("<tbody>")[1]
    assert hall.port.name in rows
    assert not any(name in rows for name in KINDS)
    assert "{&#34;" not in rows


def test_the_log_is_filtered_by_kind_and_by_subject(hall: World, as_person: AsPerson) -> None:
    scenario = hall.released_scenario()
    admin = as_person("admin@hall.example")
    by_kind = admin.get("/admin/log?lang=en&kind=scenario.released").text.split("<tbody>")[1]
    assert by_kind.count("<tr>") == 1 and scenario.code in by_kind and "Released" in by_kind
    by_subject = admin.get("/admin/log?lang=en&kind=scenario").text.split("<tbody>")[1]
    assert by_subject.count("<tr>") == 3 and by_subject.count(scenario.code) == 2 * 3
    assert '<option value="scenario.released" selected>' in admin.get("/admin/log?kind=scenario.released").text


def test_a_record_s_history_tells_kind_and_fields_in_words(hall: World, as_person: AsPerson) -> None:
    scenario = hall.released_scenario()
    page = as_person("port@port.example").get(f"/scenarios/{scenario.code}?lang=en").text
    history = page.split('<ol class="timeline">')[1].split("</ol>")[0]
    assert "Submitted for review" in history and "State after:" in history and "Under review" in history


def test_administrators_are_warned_when_the_holidays_are_not_known_for_long(hall: World, as_person: AsPerson) -> None:
    end = min(calendar.known_until for calendar in calendars().values())
    for before, is_warned in ((60, False), (59, True), (-1, True)):
        with clock.at(end_of_local_day(end - timedelta(days=before))):
            page = as_person("admin@hall.example").get("/admin/?lang=en").text
        assert ("Holidays are not known for long" in page) is is_warned
        assert page.count("known until December 31, 2027") == 3
        assert page.count("from January 1, 2027 on by law only") == 1


def test_a_day_that_may_still_move_is_called_provisional(hall: World, as_person: AsPerson) -> None:
    outcome = hall.signed()
    for milestone in milestones_of(hall.session, outcome):
        milestone.due_on = date(2027, 1, 4) if milestone.name == "measured" else date(2026, 12, 31)
        hall.session.add(milestone)
    hall.session.commit()
    page = as_person("port@port.example").get(f"/outcomes/{outcome.code}?lang=en").text
    assert page.count("provisional") == 1
    assert "provisional" in page.split("January 4, 2027")[1].split("</li>")[0]
