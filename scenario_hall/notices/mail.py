"""The reader of the log that sends mail, so that no page waits for a mail server.

Sent by SMTP where ``HALL_SMTP_URL`` is set; else each mail is a file in the data folder's ``outbox/``.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, cursor, move_cursor
from scenario_hall.notices.letters import Letter, letters_for

logger = logging.getLogger(__name__)
SMTP_SECONDS = 20
# Older letters are not sent when the reader starts on a log for the first time (an import, a restored backup).
STALE_HOURS = 72


class MailReader:
    """Writes the letters that an event asks for."""

    name = "mail"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def position(self, session: Session) -> int:
        return cursor(session, self.name)

    def skip(self, session: Session, event: Event) -> None:
        with transaction(session):
            move_cursor(session, self.name, event.id)

    def advance(self, session: Session, events: Sequence[Event]) -> None:
        # One event a commit: a letter is sent twice after a crash between sending and committing.
        for event in events:
            if (now() - event.at).total_seconds() < STALE_HOURS * 3600:
                for number, letter in enumerate(letters_for(session, event, self.settings)):
                    self._deliver_or_say(event, number, letter)
            with transaction(session):
                move_cursor(session, self.name, event.id)

    def _deliver_or_say(self, event: Event, number: int, letter: Letter) -> None:
        """Deliver; an address that the server refuses is logged and skipped, a server that is down raises."""
        try:
            self._deliver(event, number, letter)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError):
            logger.exception("letter %d of event %d is refused by the mail server and not sent", number, event.id)

    def _deliver(self, event: Event, number: int, letter: Letter) -> None:
        message = EmailMessage()
        message["From"] = self.settings.mail_from
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Message-ID"] = f"<hall-{event.hash[:24]}-{number}@{urlsplit(self.settings.base_url).hostname}>"
        message.set_content(letter.text)
        if self.settings.smtp_url:
            _send(self.settings.smtp_url, message)
            return
        self.settings.outbox.mkdir(parents=True, exist_ok=True)
        path = self.settings.outbox / f"{event.id:08d}-{number}.eml"
        path.write_bytes(message.as_bytes())
        logger.info("mail for event %s is a file: %s", event.id, path)


def _send(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 0, timeout=SMTP_SECONDS) as server:
        if parts.scheme == "smtp+starttls":
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
