"""Delivers letters: by SMTP where ``HALL_SMTP_URL`` is set; else each is a file in the data folder's ``outbox/``.

A server that is down or answers 4xx makes letters wait and come again; one that answers 5xx, or an address that
cannot be written to, makes the letter fail, which administrators and the person see. Nothing is dropped by age.
"""

from __future__ import annotations

import email.policy
import logging
import smtplib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime
from threading import Timer
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine
from sqlmodel import Session, col, select, update

from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.outgoing import checked_tls
from scenario_hall.notices.models import LetterState, StoredLetter

logger = logging.getLogger(__name__)
SMTP_SECONDS = 20.0  # without a byte
# A server that answers a byte at a time would hold a letter for hours; it must be over before the claim is.
LETTER_SECONDS = 60.0
# While one worker delivers a letter, no other takes it; if that worker dies, the letter comes again after this.
CLAIMED_FOR = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
TRIED_FOR = timedelta(days=7)  # an address that is refused “for now”
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 120.0  # seconds without a server


class LetterSender:
    """Delivers what is due, a slice of time at a turn."""

    name = "sender"

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self.settings = settings
        self._pause = 0.0
        self._paused_until = 0.0

    def run_slice(self, seconds: float) -> int:
        """Deliver for about ``seconds``; returns how many letters were sent or failed."""
        if time.monotonic() < self._paused_until:
            return 0
        until, done = time.monotonic() + seconds, 0
        connection: smtplib.SMTP | None = None
        try:
            while time.monotonic() < until and (letter := self._claim()) is not None:
                if self.settings.smtp_url and connection is None:
                    connection = _connect(self.settings.smtp_url)
                done += self._deliver(connection, letter)
                self._pause = 0.0
        except (smtplib.SMTPException, OSError) as error:
            self._pause = min(max(FIRST_PAUSE, 2 * self._pause), LONGEST_PAUSE)
            self._paused_until = time.monotonic() + self._pause
            logger.warning("the mail server is out of reach, trying again in %.0f s: %s", self._pause, error)
            if letter is not None:
                # Lost with this letter in hand, it may be the letter's doing: others go first, and it waits longer.
                wait = timedelta(seconds=self._pause) if connection is None else _pause_after(letter.attempts)
                self._settle(letter, LetterState.WAITING, str(error) or type(error).__name__, wait=wait)
        finally:
            _close(connection)
        return done

    def _claim(self) -> StoredLetter | None:
        """The next letter that is due, taken for this worker alone."""
        due = (
            select(StoredLetter)
            .where(col(StoredLetter.state) == LetterState.WAITING, col(StoredLetter.next_try_at) <= now())
            .order_by(col(StoredLetter.next_try_at), col(StoredLetter.id))
            .limit(1)
        )
        with Session(self.engine, expire_on_commit=False) as session:
            letter = session.exec(due).first()
            if letter is None:
                return None
            mine = (
                update(StoredLetter)
                .where(
                    col(StoredLetter.id) == letter.id,
                    col(StoredLetter.state) == LetterState.WAITING,
                    col(StoredLetter.next_try_at) == letter.next_try_at,
                )
                .values(next_try_at=now() + CLAIMED_FOR)
            )
            session.expunge(letter)
            with transaction(session):
                is_mine = session.exec(mine).rowcount == 1
            return letter if is_mine else self._claim()

    def _deliver(self, connection: smtplib.SMTP | None, letter: StoredLetter) -> int:
        message = message_of(letter, self.settings)
        if connection is None:
            self.settings.outbox.mkdir(parents=True, exist_ok=True)
            path = self.settings.outbox / f"{letter.event_id:08d}-{letter.number}.eml"
            path.write_bytes(message.as_bytes())
            logger.info("letter %s is a file: %s", letter.id, path)
            return self._settle(letter, LetterState.SENT)
        try:
            with _cut_after(connection, LETTER_SECONDS):
                connection.send_message(message)
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            return self._refused(letter, code, answer)
        except smtplib.SMTPResponseException as error:
            return self._refused(letter, error.smtp_code, error.smtp_error)
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            return self._settle(letter, LetterState.FAILED, f"the mail server cannot take this address: {error}")
        return self._settle(letter, LetterState.SENT)

    def _refused(self, letter: StoredLetter, code: int, answer: bytes | str) -> int:
        text = f"{code} {answer.decode('utf-8', 'replace') if isinstance(answer, bytes) else answer}"
        if code >= 500 or now() - letter.written_at > TRIED_FOR:
            return self._settle(letter, LetterState.FAILED, text)
        return self._settle(letter, LetterState.WAITING, text, wait=_pause_after(letter.attempts))

    def _settle(
        self, letter: StoredLetter, state: LetterState, error: str = "", *, wait: timedelta = timedelta(0)
    ) -> int:
        """Store what became of it; returns 1 when it is done with, 0 when it waits."""
        if state is LetterState.FAILED:
            logger.warning("letter %s to account %s failed: %s", letter.id, letter.account_id, error)
        with Session(self.engine) as session, transaction(session):
            row = session.get_one(StoredLetter, letter.id)
            row.state, row.last_error = state, error[:500]
            row.attempts += 1
            row.next_try_at = now() + wait
            if state is LetterState.SENT:
                row.sent_at, row.text, row.html, row.unsubscribe = now(), "", "", ""
            session.add(row)
        return int(state is not LetterState.WAITING)


def send_again(session: Session, letter_id: int) -> bool:
    """Let a letter that failed be tried at once; False when there is no such letter."""
    with transaction(session):
        letter = session.get(StoredLetter, letter_id, with_for_update=True, populate_existing=True)
        if letter is None or letter.state != LetterState.FAILED:
            return False
        letter.state, letter.next_try_at = LetterState.WAITING, now()
        session.add(letter)
        return True


def is_refused(session: Session, account_id: int) -> bool:
    """Has the last letter to the account been refused for good?"""
    query = select(StoredLetter.state).where(col(StoredLetter.account_id) == account_id)
    last = session.exec(query.order_by(col(StoredLetter.id).desc()).limit(1)).first()
    return last == LetterState.FAILED


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header whose one long word stays as it is: the usual folding writes it as encoded words (RFC 2047), which no
    mail program takes for an address. A line may have 998 characters (RFC 5322, section 2.1.1)."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _WholeHeader)
POLICY = email.policy.default.clone(header_factory=_HEADERS)


def message_of(letter: StoredLetter, settings: Settings) -> EmailMessage:
    """The letter as it goes to the mail server (RFC 5322; RFC 3834 for what a program sends, RFC 8058 for
    what can be stopped by one click)."""
    message = EmailMessage(policy=POLICY)
    message["From"] = settings.mail_from
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{settings.base_url}{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return message


def _pause_after(attempts: int) -> timedelta:
    return PAUSES[min(attempts, len(PAUSES) - 1)]


@contextmanager
def _cut_after(connection: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Hang up ``seconds`` from now if what is inside is not over by then; it then raises as for a lost connection."""

    def hang_up() -> None:
        if connection.sock is not None:
            with suppress(OSError):  # the server was faster
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _BoundedGreeting(smtplib.SMTP):
    """A connection whose greeting, too, is over in time."""

    def connect(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        with _cut_after(self, LETTER_SECONDS):
            return super().connect(*arguments, **options)


class _BoundedGreetingOverTls(_BoundedGreeting, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or 0
    if parts.scheme == "smtps":
        server: smtplib.SMTP = _BoundedGreetingOverTls(host, port, timeout=SMTP_SECONDS, context=checked_tls())
    else:
        server = _BoundedGreeting(host, port, timeout=SMTP_SECONDS)
    if parts.scheme == "smtp+starttls":
        server.starttls(context=checked_tls())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _close(connection: smtplib.SMTP | None) -> None:
    if connection is None:
        return
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError) as error:
        logger.debug("the mail server hung up before the good-bye: %s", error)
