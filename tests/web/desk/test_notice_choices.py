"""The page on which people say how they want to be told, and the one click that stops a kind of letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from scenario_hall.config import Settings
from scenario_hall.log.chain import Event
from scenario_hall.notices.choices import choices_of, quiet_hours
from scenario_hall.notices.kinds import KINDS, Channel
from scenario_hall.notices.models import NoticeChoice
from scenario_hall.notices.tokens import CONFIRM_EMAIL, STOP_NOTICES, make_token
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
PAGE = "/notices/choices"


def the_form(client: FlaskClient) -> dict[str, str]:
    """What the page's form sends as it stands."""
    form = next(each for each in forms_of(client.get(PAGE, headers=EN).text) if "message" in each.sent)
    return {name: value[0] if isinstance(value, list) else value for name, value in form.sent.items()}


def test_what_is_chosen_on_the_page_holds_and_stands_there_again(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client, mine = as_person("port@port.example"), hall.port_person.pk
    sent = the_form(client)
    assert {kind.name: sent[kind.name] for kind in KINDS} == {kind.name: kind.default for kind in KINDS}
    change = {"message": "off", "trial": "digest", "quiet_begins": "22:30", "quiet_ends": "07:00"}
    assert client.post(PAGE, data={**sent, **change}).status_code == 302
    chosen = choices_of(database, mine)
    assert (chosen["message"], chosen["trial"], chosen["claim"]) == (Channel.OFF, Channel.DIGEST, Channel.LETTER)
    assert quiet_hours(database, mine) == (time(22, 30), time(7))
    again = the_form(client)
    assert {name: again[name] for name in change} == change
    assert client.post(PAGE, data={**again, "quiet_begins": "", "quiet_ends": ""}).status_code == 302
    database.rollback()
    assert quiet_hours(database, mine) is None


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"account": "off"}, "Not a valid choice"),
        ({"claim": "hall"}, "Not a valid choice"),
        ({"message": "x" * 500}, "Not a valid choice"),
        ({"quiet_begins": "22:00"}, "Give both, or none."),
        ({"quiet_begins": "06:00", "quiet_ends": "23:00"}, "At most 16 hours"),
        ({"quiet_begins": "25:00", "quiet_ends": "07:00"}, "Not a valid time"),
    ],
)
def test_what_cannot_be_chosen_changes_nothing(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session, sent: dict[str, str], told: str
) -> None:
    client = as_person("port@port.example")
    answer = client.post(PAGE, data={**the_form(client), "trial": "off", **sent}, headers=EN)
    assert answer.status_code == 200 and told in answer.text
    assert database.exec(select(NoticeChoice)).all() == []


def test_one_click_of_a_mail_program_stops_a_kind(
    hall: World, visitor: FlaskClient, database: Session, hall_settings: Settings
) -> None:
    mine, key = hall.port_person.pk, hall_settings.secret_key
    address = "/notices/stop/" + make_token(key, STOP_NOTICES, mine, "message")
    page = visitor.get(address, headers=EN)
    assert page.status_code == 200 and choices_of(database, mine)["message"] is Channel.LETTER
    answer = visitor.post(address, data={"List-Unsubscribe": "One-Click"}, headers=EN)
    assert answer.status_code == 200 and "Stopped" in answer.text
    database.rollback()
    assert choices_of(database, mine)["message"] is Channel.HALL
    assert visitor.post(address).status_code == 200  # asked again, it changes nothing
    database.rollback()
    told = [event for event in database.exec(select(Event)) if event.kind == "account.notices_stopped"]
    assert [event.fields for event in told] == [{"notice": "message"}]
    for wrong in (
        make_token("another" * 8, STOP_NOTICES, mine, "message"),
        make_token(key, STOP_NOTICES, mine, "gone"),
        make_token(key, CONFIRM_EMAIL, mine, "message"),
    ):
        assert visitor.post(f"/notices/stop/{wrong}").status_code == 404


def test_what_has_to_come_is_stopped_by_no_click(
    hall: World, visitor: FlaskClient, database: Session, hall_settings: Settings
) -> None:
    mine = hall.port_person.pk
    before = choices_of(database, mine)
    for kind in KINDS:
        if kind.always:
            address = "/notices/stop/" + make_token(hall_settings.secret_key, STOP_NOTICES, mine, kind.name)
            assert visitor.post(address).status_code == 200
    database.rollback()
    assert choices_of(database, mine) == before
