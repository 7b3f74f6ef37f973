"""The reader of the log that writes notices and letters as rows; ``sender.py`` delivers the letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from sqlmodel import Session, col, func, select

from scenario_hall.config import Settings
from scenario_hall.core.clock import next_morning, now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, ReaderCursor, last_id, move_cursor
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.readers import Batch, DatabaseReader
from scenario_hall.notices.choices import Wishes
from scenario_hall.notices.kinds import KIND_OF_LETTER, Channel
from scenario_hall.notices.letter import Letter
from scenario_hall.notices.models import Notice, StoredLetter
from scenario_hall.notices.writing import letters_for

# A hall whose log was filled by an import or a story has told nobody yet: what is older than this when the reader
# first comes by is no news to anyone. Once the reader stands somewhere, no age makes it pass a letter over.
NO_NEWS = timedelta(hours=72)


class MailReader(DatabaseReader):
    """Writes what an event tells whom, in the hall and by letter, in one transaction with its cursor."""

    name = ReaderName.MAIL

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def position(self, session: Session) -> int:
        row = session.get(ReaderCursor, self.name, populate_existing=True)
        if row is not None:
            return row.position
        first_news = session.exec(select(func.min(Event.id)).where(col(Event.at) >= now() - NO_NEWS)).one()
        return first_news - 1 if first_news is not None else last_id(session)

    def advance(self, session: Session, batch: Batch) -> None:
        written = [
            (event, number, letter)
            for event in batch.events
            for number, letter in enumerate(letters_for(session, event, self.settings))
        ]
        ids = [event.id for event in batch.events]
        wishes = Wishes(session, {letter.account_id for *_, letter in written if letter.account_id is not None})
        with transaction(session):
            known = select(StoredLetter.event_id, StoredLetter.number).where(col(StoredLetter.event_id).in_(ids))
            there_are = set(session.exec(known))
            told = select(Notice.event_id, Notice.account_id, Notice.letter).where(col(Notice.event_id).in_(ids))
            were_told = set(session.exec(told))
            for event, number, letter in written:
                if (event.id, number) in there_are or (event.id, letter.account_id, letter.name) in were_told:
                    continue
                session.add_all(self._rows(event, number, letter, wishes))
            move_cursor(session, self.name, after=batch.after, position=batch.position)

    def _rows(self, event: Event, number: int, letter: Letter, wishes: Wishes) -> Iterator[Notice | StoredLetter]:
        """What one letter becomes: a row of the inbox, of the mail, both or neither, as its reader wants it."""
        if letter.account_id is None:
            yield self._stored(event, number, letter)
            return
        channel = wishes.channel(letter.account_id, letter.name)
        if channel is Channel.LETTER:
            stored = self._stored(event, number, letter)
            stored.next_try_at = wishes.not_before(letter.account_id, letter.name, stored.next_try_at)
            yield stored
        if channel is not Channel.OFF and _stands_in_hall(letter):
            notice = _notice(event, letter, letter.account_id)
            notice.digest_at = next_morning(now()) if channel is Channel.DIGEST else None
            yield notice

    def _stored(self, event: Event, number: int, letter: Letter) -> StoredLetter:
        host = urlsplit(self.settings.base_url).hostname or "hall"
        return StoredLetter(
            event_id=event.id,
            number=number,
            account_id=letter.account_id,
            to=letter.to,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            unsubscribe=letter.stop,
            message_id=f"<hall-{event.hash[:24]}-{number}@{host}>",
            kind=letter.name,
        )


def _stands_in_hall(letter: Letter) -> bool:
    """What carries a link that opens something by itself goes by letter alone."""
    return letter.addressed.signed is None


def _notice(event: Event, letter: Letter, account_id: int) -> Notice:
    return Notice(
        account_id=account_id,
        event_id=event.id,
        letter=letter.name,
        kind=KIND_OF_LETTER[letter.name].name,
        about=_about(event),
        title=_title(event, letter),
        path=letter.addressed.path,
        until=letter.addressed.until,
        at=event.at,
    )


def _about(event: Event) -> str:
    """The code of the record; an amendment belongs to its outcome record. What has a number alone is told by kind."""
    if event.subject_kind == "account":
        return event.subject_kind
    code = event.subject_code.partition("/")[0]
    return code if not code.isdecimal() else f"{event.subject_kind}-{code}"


def _title(event: Event, letter: Letter) -> str:
    """The record's title; of a person none is kept."""
    if event.subject_kind == "account":
        return ""
    values = letter.addressed.values
    return " · ".join(filter(None, (values.get("product"), values.get("name"))))
