"""Mail follows the log; links work, expire and belong to one purpose."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import Engine

from scenario_hall.config import Settings
from scenario_hall.core.errors import NotFound
from scenario_hall.log.readers import catch_up
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.sender import LetterSender
from scenario_hall.notices.tokens import CONFIRM_EMAIL, RESET_PASSWORD, make_token, read_token
from scenario_hall.organizations.accounts import ask_to_register, confirm_email, request_password_reset, set_active
from tests.world import World


def letters(folder: Path) -> list[tuple[str, str]]:
    found = []
    for path in sorted(folder.glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        found.append((message["To"], body.get_content()))
    return found


def deliver(engine: Engine, settings: Settings) -> None:
    catch_up(engine, MailReader(settings))
    LetterSender(engine, settings).run_slice(30.0)


def test_a_new_person_gets_a_link_that_confirms(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    person = small_world.person("new@new.example", is_confirmed=False)
    deliver(sqlite_engine, hall_settings)
    text = dict(letters(hall_settings.outbox))["new@new.example"]
    found = re.search(r"/register/confirm/(\S+)", text)
    assert found is not None
    number, email = read_token(hall_settings.secret_key, CONFIRM_EMAIL, found[1])
    confirm_email(small_world.session, account_id=int(number), email=str(email))
    assert person.email_confirmed_at is not None


def test_who_has_an_account_learns_it_by_letter_alone(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    closed = small_world.person("closed@port.example")
    set_active(small_world.admin, session=small_world.session, account=closed, is_active=False, reason="x")
    unconfirmed = small_world.person("unconfirmed@port.example", is_confirmed=False)
    deliver(sqlite_engine, hall_settings)
    count = len(letters(hall_settings.outbox))
    for email in ("PORT@port.example", "closed@port.example", "unconfirmed@port.example", "new@port.example"):
        ask_to_register(small_world.session, email=email, name="N", password="a long enough one", locale="en")
    deliver(sqlite_engine, hall_settings)
    told = letters(hall_settings.outbox)[count:]
    assert [to for to, _ in told] == ["port@port.example", "unconfirmed@port.example", "new@port.example"]
    assert ["/password/reset/" in text for _, text in told] == [True, True, False]
    small_world.session.refresh(unconfirmed)
    assert unconfirmed.email_confirmed_at is None


def test_a_letter_is_written_once_and_no_secret_is_in_the_log(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    request_password_reset(small_world.session, email="port@port.example", address="1.2.3.4")
    request_password_reset(small_world.session, email="nobody@port.example", address="1.2.3.5")
    deliver(sqlite_engine, hall_settings)
    before = len(letters(hall_settings.outbox))
    deliver(sqlite_engine, hall_settings)
    told = letters(hall_settings.outbox)
    assert len(told) == before
    assert not any(to == "nobody@port.example" for to, _ in told)


def test_the_other_side_hears_of_an_application(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    application = small_world.application()
    deliver(sqlite_engine, hall_settings)
    to_port = [text for to, text in letters(hall_settings.outbox) if to == "port@port.example"]
    assert any(f"/applications/{application.code}" in text for text in to_port)


def test_a_link_of_one_purpose_is_no_link_of_another() -> None:
    token = make_token("k" * 32, CONFIRM_EMAIL, 1, "a@b.example")
    with pytest.raises(NotFound):
        read_token("k" * 32, RESET_PASSWORD, token)
    with pytest.raises(NotFound):
        read_token("other" * 8, CONFIRM_EMAIL, token)
