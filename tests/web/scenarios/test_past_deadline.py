"""A deadline in the past is told where it is typed, on every page that asks for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from scenario_hall.core.clock import HONG_KONG, now
from scenario_hall.scenarios.models import Scenario
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
PAST = "The deadline has already passed."


def send(client: FlaskClient, page: str, **typed: str) -> tuple[int, str]:
    form = next(each for each in forms_of(client.get(page).text) if "deadline" in each.sent)
    answer = client.post(page, data={**form.sent, **typed}, headers=EN)
    return answer.status_code, answer.text


@pytest.mark.parametrize("page", ["reading", "edit/terms", "amend"])
@pytest.mark.parametrize("typed", ["2020-01-01T12:00", "2020-01-01"])
def test_it_is_refused_beside_the_field_and_nothing_else_is_lost(
    hall: World, as_person: Callable[[str], FlaskClient], page: str, typed: str
) -> None:
    record = hall.released_scenario() if page == "amend" else hall.draft_scenario()
    before, client = record.deadline, as_person("port@port.example")
    more = {"reason": "x"} if page == "amend" else {}
    status, text = send(client, f"/scenarios/{record.code}/{page}", deadline=typed, contact_name="郑重", **more)
    assert status == 200 and PAST in text.split('id="deadline-error"')[1][:200]
    assert 'value="郑重"' in text and typed in text
    hall.session.rollback()
    hall.session.refresh(record)
    assert record.deadline == before


def test_one_that_passed_while_the_draft_waited_does_not_keep_other_words_from_being_saved(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    record = hall.draft_scenario(deadline=now() + timedelta(days=1))
    record.deadline = now() - timedelta(days=1, seconds=7)
    hall.session.add(record)
    hall.session.commit()
    client = as_person("port@port.example")
    assert send(client, f"/scenarios/{record.code}/edit/terms", contact_name="郑重")[0] == 302
    hall.session.rollback()  # to see what was written meanwhile
    assert hall.session.get_one(Scenario, record.pk).contact_name == "郑重"


def test_the_page_knows_what_is_past_by_the_server_s_clock(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    page = as_person("port@port.example").get(f"/scenarios/{hall.draft_scenario().code}/edit/terms", headers=EN).text
    field = page.split('name="deadline"')[0].rsplit("<input", 1)[1] + page.split('name="deadline"')[1].split(">")[0]
    assert f'data-ahead="{PAST}"' in field and f'min="{now().astimezone(HONG_KONG):%Y-%m-%d}' in field
    assert "ahead." in page
