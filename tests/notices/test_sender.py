"""Letters are rows until a real mail server has taken them: down, slow, “not now” and “never” each do what they should."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.log.readers import catch_up
from scenario_hall.notices import sender as sending
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.models import LetterState, StoredLetter
from scenario_hall.notices.sender import LetterSender, is_refused
from tests.notices.office import Office, free_port
from tests.tls import self_signed
from tests.world import World


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def server(office: Office) -> Iterator[Controller]:
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def mailing(hall_settings: Settings, server: Controller) -> Settings:
    return replace(hall_settings, smtp_url=f"smtp://127.0.0.1:{server.port}")


def register(world: World, engine: Engine, settings: Settings, *emails: str) -> None:
    for email in emails:
        world.person(email, is_confirmed=False)
    catch_up(engine, MailReader(settings))


def states(engine: Engine) -> dict[str, str]:
    with Session(engine) as session:
        rows = session.exec(
            select(StoredLetter.to, StoredLetter.state).where(col(StoredLetter.to).like("%new.example"))
        )
        return dict(rows.all())


def test_a_letter_goes_once_with_the_headers_that_mail_needs(
    small_world: World, sqlite_engine: Engine, mailing: Settings, office: Office
) -> None:
    register(small_world, sqlite_engine, mailing, "one@new.example")
    for _ in range(2):
        LetterSender(sqlite_engine, mailing).run_slice(20.0)
    [message] = [message for address, message in office.taken if address == "one@new.example"]
    assert message["Date"] and message["Message-ID"] and message["Auto-Submitted"] == "auto-generated"
    with Session(sqlite_engine) as session:
        row = session.exec(select(StoredLetter).where(col(StoredLetter.to) == "one@new.example")).one()
        # What it said may open an account, so it is not kept.
        assert row.state == LetterState.SENT and row.text == "" and row.sent_at is not None


def test_one_address_that_is_refused_for_good_fails_alone(
    small_world: World, sqlite_engine: Engine, mailing: Settings, office: Office
) -> None:
    office.answers["gone@new.example"] = "550 no such user"
    register(small_world, sqlite_engine, mailing, "gone@new.example", "next@new.example")
    LetterSender(sqlite_engine, mailing).run_slice(20.0)
    assert states(sqlite_engine) == {"gone@new.example": "failed", "next@new.example": "sent"}
    with Session(sqlite_engine) as session:
        failed = session.exec(select(StoredLetter).where(col(StoredLetter.state) == LetterState.FAILED)).one()
        assert "550" in failed.last_error and failed.text  # it can be sent again
        next_one = session.exec(select(StoredLetter).where(col(StoredLetter.to) == "next@new.example")).one()
        assert failed.account_id is not None and next_one.account_id is not None
        assert is_refused(session, failed.account_id)  # as the account's page says
        assert not is_refused(session, next_one.account_id)


def test_an_address_that_is_refused_for_now_waits_and_comes_again(
    small_world: World, sqlite_engine: Engine, mailing: Settings, office: Office
) -> None:
    office.answers["later@new.example"] = "450 mailbox busy"
    register(small_world, sqlite_engine, mailing, "later@new.example", "next@new.example")
    sender = LetterSender(sqlite_engine, mailing)
    sender.run_slice(20.0)
    assert states(sqlite_engine) == {"later@new.example": "waiting", "next@new.example": "sent"}
    office.answers.clear()
    sender.run_slice(20.0)
    assert "later@new.example" not in office.receivers  # its time has not come
    with clock.at(now() + timedelta(minutes=2)):
        sender.run_slice(20.0)
    assert office.receivers.count("later@new.example") == 1


def test_an_address_that_is_refused_for_now_for_a_week_has_failed(
    small_world: World, sqlite_engine: Engine, mailing: Settings, office: Office
) -> None:
    office.answers["later@new.example"] = "450 mailbox busy"
    register(small_world, sqlite_engine, mailing, "later@new.example")
    with clock.at(now() + timedelta(days=8)):
        LetterSender(sqlite_engine, mailing).run_slice(20.0)
    assert states(sqlite_engine) == {"later@new.example": "failed"}


def test_a_server_that_is_off_for_four_days_loses_no_letter(
    small_world: World, sqlite_engine: Engine, mailing: Settings, office: Office
) -> None:
    off = replace(mailing, smtp_url="smtp://127.0.0.1:9")
    emails = [f"{number}@new.example" for number in range(5)]
    register(small_world, sqlite_engine, off, *emails)
    sender = LetterSender(sqlite_engine, off)
    for hours in (0, 24, 48, 72, 95):
        sender._paused_until = 0.0
        with clock.at(now() + timedelta(hours=hours)):
            assert sender.run_slice(20.0) == 0
    assert set(states(sqlite_engine).values()) == {"waiting"}
    with clock.at(now() + timedelta(days=4)):
        LetterSender(sqlite_engine, mailing).run_slice(20.0)
    assert sorted(set(office.receivers) & set(emails)) == emails


def test_a_slow_server_gets_every_letter_once(
    small_world: World, sqlite_engine: Engine, mailing: Settings, office: Office
) -> None:
    emails = [f"{number}@new.example" for number in range(4)]
    office.delays = dict.fromkeys(emails, 0.4)
    register(small_world, sqlite_engine, mailing, *emails)
    sender = LetterSender(sqlite_engine, mailing)
    for _ in range(20):  # each slice is over before a second letter is
        sender.run_slice(0.1)
    assert [office.receivers.count(email) for email in emails] == [1] * 4


def test_a_letter_at_which_the_server_falls_silent_waits_behind_the_others(
    small_world: World, sqlite_engine: Engine, mailing: Settings, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SMTP_SECONDS", 0.3)
    office.delays["tarpit@new.example"] = 5.0
    register(small_world, sqlite_engine, mailing, "tarpit@new.example", "one@new.example", "two@new.example")
    sender = LetterSender(sqlite_engine, mailing)
    for _ in range(3):
        sender._paused_until = 0.0
        sender.run_slice(20.0)
    assert states(sqlite_engine) == {
        "tarpit@new.example": "waiting",
        "one@new.example": "sent",
        "two@new.example": "sent",
    }
    with Session(sqlite_engine) as session:
        row = session.exec(select(StoredLetter).where(col(StoredLetter.to) == "tarpit@new.example")).one()
        assert row.attempts == 1 and row.last_error  # not tried again at once


class Mute:
    """A server that takes connections and sends a byte of its greeting each ``seconds``."""

    def __init__(self, greeting: bytes, seconds: float) -> None:
        self.greeting, self.seconds, self.is_over = greeting, seconds, Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while not self.is_over.is_set():
            connection, _ = self.socket.accept()
            Thread(target=self._drip, args=(connection,), daemon=True).start()

    def _drip(self, connection: socket.socket) -> None:
        try:
            for byte in self.greeting:
                if self.is_over.wait(self.seconds):
                    break
                connection.sendall(bytes([byte]))
            self.is_over.wait(30.0)
        except OSError:
            return  # the other side hung up
        finally:
            connection.close()


@pytest.mark.parametrize("seconds", [60.0, 0.02], ids=["never a word", "a byte at a time"])
def test_a_server_that_never_finishes_its_greeting_holds_nothing(
    small_world: World,
    sqlite_engine: Engine,
    mailing: Settings,
    seconds: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "SMTP_SECONDS", 0.3)
    monkeypatch.setattr(sending, "LETTER_SECONDS", 0.6)
    server = Mute(b"2" * 8000, seconds)
    register(small_world, sqlite_engine, mailing, "one@new.example")
    begun = time.monotonic()
    assert LetterSender(sqlite_engine, replace(mailing, smtp_url=f"smtp://127.0.0.1:{server.port}")).run_slice(5.0) == 0
    assert time.monotonic() - begun < 3.0
    server.is_over.set()
    assert states(sqlite_engine) == {"one@new.example": "waiting"}
    with clock.at(now() + timedelta(minutes=1)):
        LetterSender(sqlite_engine, mailing).run_slice(20.0)
    assert states(sqlite_engine) == {"one@new.example": "sent"}


def test_the_text_is_written_once_however_often_the_reader_comes_by(
    small_world: World, sqlite_engine: Engine, mailing: Settings
) -> None:
    register(small_world, sqlite_engine, mailing, "one@new.example")
    with Session(sqlite_engine) as session:
        before = [row.id for row in session.exec(select(StoredLetter))]
    catch_up(sqlite_engine, MailReader(mailing))
    with Session(sqlite_engine) as session:
        assert [row.id for row in session.exec(select(StoredLetter))] == before


def test_two_senders_deliver_no_letter_twice(
    small_world: World, sqlite_engine: Engine, mailing: Settings, office: Office
) -> None:
    register(small_world, sqlite_engine, mailing, *[f"{number}@new.example" for number in range(4)])
    senders = [LetterSender(sqlite_engine, mailing) for _ in range(2)]
    for _ in range(8):
        for sender in senders:
            sender.run_slice(0.05)
    letters = [message["Message-ID"] for _, message in office.taken]
    assert len(letters) == len(set(letters)) >= 4


def test_without_a_server_each_letter_is_a_file(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    register(small_world, sqlite_engine, hall_settings, "one@new.example")
    LetterSender(sqlite_engine, hall_settings).run_slice(20.0)
    texts = [path.read_text() for path in hall_settings.outbox.glob("*.eml")]
    assert sum("one@new.example" in text for text in texts) == 1


def test_what_happened_long_before_the_hall_wrote_its_first_letter_is_no_news(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    small_world.person("old@new.example", is_confirmed=False)
    with clock.at(now() + timedelta(days=5)):
        register(small_world, sqlite_engine, hall_settings, "one@new.example")
    assert list(states(sqlite_engine)) == ["one@new.example"]


def test_what_waited_longer_than_that_is_written_all_the_same_once_letters_are_written(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    register(small_world, sqlite_engine, hall_settings, "one@new.example")
    small_world.person("two@new.example", is_confirmed=False)
    with clock.at(now() + timedelta(days=5)):
        catch_up(sqlite_engine, MailReader(hall_settings))
    assert list(states(sqlite_engine)) == ["one@new.example", "two@new.example"]


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
@pytest.mark.parametrize(("host", "is_trusted"), [("127.0.0.1", True), ("127.0.0.1", False), ("other.example", True)])
def test_no_letter_and_no_password_goes_to_a_server_that_cannot_show_who_it_is(
    small_world: World,
    sqlite_engine: Engine,
    hall_settings: Settings,
    office: Office,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    host: str,
    is_trusted: bool,
) -> None:
    file, context = self_signed(tmp_path, host)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    way = {"ssl_context": context} if scheme == "smtps" else {"server_kwargs": {"tls_context": context}}
    controller = Controller(office, hostname="127.0.0.1", port=free_port(), **way)
    controller.start()
    try:
        mailing = replace(hall_settings, smtp_url=f"{scheme}://127.0.0.1:{controller.port}")
        register(small_world, sqlite_engine, mailing, "one@new.example")
        LetterSender(sqlite_engine, mailing).run_slice(5.0)
    finally:
        controller.stop()
    is_good = is_trusted and host == "127.0.0.1"
    assert states(sqlite_engine) == {"one@new.example": LetterState.SENT if is_good else LetterState.WAITING}
    assert ("one@new.example" in office.receivers) is is_good
