"""A person's calendar by its secret address, and days that pages offer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from flask.testing import FlaskClient
from ical.calendar_stream import IcsCalendarStream
from sqlmodel import Session, select

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.organizations.calendar_feeds import CalendarFeed
from scenario_hall.privacy.erasure import close_account
from tests.web.conftest import token
from tests.world import World

LogIn = Callable[[str], FlaskClient]


def make(client: FlaskClient) -> str:
    """A new address, as the page shows it once."""
    answer = client.post("/account/calendar", data={"csrf_token": token(client, "/account")})
    assert answer.headers["Cache-Control"] == "private, no-store"
    found = re.search(r"http://hall\.test(/calendar/[\w-]{43}\.ics)", answer.text)
    assert found is not None
    return found[1]


def test_the_address_gives_the_days_without_a_log_in_until_it_is_renewed_or_revoked(
    hall: World, as_person: LogIn, visitor: FlaskClient, database: Session
) -> None:
    scenario = hall.released_scenario()
    client = as_person("port@port.example")
    address = make(client)
    answer = visitor.get(address)
    assert answer.content_type == "text/calendar; charset=utf-8"
    titles = [event.summary or "" for event in IcsCalendarStream.calendar_from_ics(answer.text).events]
    assert any(scenario.title in each for each in titles)
    assert visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    (row,) = database.exec(select(CalendarFeed))
    assert row.secret_hash not in address
    other = make(client)
    assert visitor.get(address).status_code == 404
    assert visitor.get(other).status_code == 200
    page = client.post(
        "/account/calendar/revoke", data={"csrf_token": token(client, "/account")}, follow_redirects=True
    )
    assert page.status_code == 200
    assert visitor.get(other).status_code == 404


def test_an_administrators_calendar_shows_nothing_of_their_office(
    hall: World, as_person: LogIn, visitor: FlaskClient
) -> None:
    hall.released_scenario()
    address = make(as_person("admin@hall.example"))
    assert IcsCalendarStream.calendar_from_ics(visitor.get(address).text).events == []


def test_the_address_goes_with_the_account(
    hall: World, as_person: LogIn, visitor: FlaskClient, hall_settings: Settings
) -> None:
    address = make(as_person("maker@maker.example"))
    close_account(hall.supplier, session=hall.session, account=hall.maker_person, outbox=hall_settings.outbox)
    assert visitor.get(address).status_code == 404


def test_each_deadline_of_a_record_can_be_taken(hall: World, as_person: LogIn, visitor: FlaskClient) -> None:
    scenario = hall.released_scenario()
    outcome = hall.signed(hall.accepted(scenario))
    hall.session.commit()
    path = f"/calendar/deadline/{scenario.code}.ics"
    assert f'href="{path}"' in visitor.get(f"/scenarios/{scenario.code}").text
    answer = visitor.get(path)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="deadline-{scenario.code}.ics"'
    client = as_person("port@port.example")
    with clock.at(datetime(2026, 10, 20, tzinfo=UTC)):  # before its milestones
        shown = client.get(f"/outcomes/{outcome.code}").text + client.get("/desk").text
    offered = re.findall(rf'href="(/calendar/milestone/{outcome.code}(?:/\w+)?\.ics)"', shown)
    assert len(offered) > 3
    assert f"/calendar/milestone/{outcome.code}.ics" in offered
    for each in offered:
        (event,) = IcsCalendarStream.calendar_from_ics(client.get(each).text).events
        assert event.start
