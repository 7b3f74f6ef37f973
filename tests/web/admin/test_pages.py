"""The log of everything, as administrators read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scenario_hall.log.kinds.table import KINDS
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
