"""Mail follows the log; links work, expire and belong to one purpose."""

from __future__ import annotations

import re
import smtplib
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import Engine

from scenario_hall.config import Settings
from scenario_hall.core.errors import NotFound
from scenario_hall.log.readers import catch_up
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.tokens import CONFIRM_EMAIL, RESET_PASSWORD, make_token, read_token
from scenario_hall.organizations.accounts import confirm_email, request_password_reset
from tests.world import World


def letters(folder: Path) -> list[tuple[str, str]]:
    found = []
    for path in sorted(folder.glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body()
        assert body is not None
        found.append((message["To"], body.get_content()))
    return found


def test_a_new_person_gets_a_link_that_confirms(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    person = small_world.person("new@new.example", is_confirmed=False)
    catch_up(sqlite_engine, MailReader(hall_settings))
    text = dict(letters(hall_settings.outbox))["new@new.example"]
    found = re.search(r"/register/confirm/(\S+)", text)
    assert found is not None
    number, email = read_token(hall_settings.secret_key, CONFIRM_EMAIL, found[1])
    confirm_email(small_world.session, account_id=int(number), email=str(email))
    assert person.email_confirmed_at is not None


def test_a_letter_is_written_once_and_no_secret_is_in_the_log(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    request_password_reset(small_world.session, email="port@port.example", address="1.2.3.4")
    request_password_reset(small_world.session, email="nobody@port.example", address="1.2.3.5")
    catch_up(sqlite_engine, MailReader(hall_settings))
    before = len(letters(hall_settings.outbox))
    catch_up(sqlite_engine, MailReader(hall_settings))
    told = letters(hall_settings.outbox)
    assert len(told) == before
    assert not any(to == "nobody@port.example" for to, _ in told)


def test_the_other_side_hears_of_an_application(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    application = small_world.application()
    catch_up(sqlite_engine, MailReader(hall_settings))
    to_port = [text for to, text in letters(hall_settings.outbox) if to == "port@port.example"]
    assert any(f"/applications/{application.code}" in text for text in to_port)


def test_a_refused_address_stops_nobody_elses_mail(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def refuse_one(_url: str, message: EmailMessage) -> None:
        if message["To"] == "gone@new.example":
            raise smtplib.SMTPRecipientsRefused({"gone@new.example": (550, b"no such user")})
        sent.append(message["To"])

    monkeypatch.setattr("scenario_hall.notices.mail._send", refuse_one)
    small_world.person("gone@new.example", is_confirmed=False)
    small_world.person("next@new.example", is_confirmed=False)
    catch_up(sqlite_engine, MailReader(replace(hall_settings, smtp_url="smtp://mail.example")))
    assert "next@new.example" in sent and "gone@new.example" not in sent


def test_a_link_of_one_purpose_is_no_link_of_another() -> None:
    token = make_token("k" * 32, CONFIRM_EMAIL, 1, "a@b.example")
    with pytest.raises(NotFound):
        read_token("k" * 32, RESET_PASSWORD, token)
    with pytest.raises(NotFound):
        read_token("other" * 8, CONFIRM_EMAIL, token)
