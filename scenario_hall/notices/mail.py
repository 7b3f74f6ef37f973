"""The reader of the log that writes letters as rows; ``sender.py`` delivers them."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from sqlmodel import Session, col, func, select

from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, ReaderCursor, last_id, move_cursor
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.readers import Batch, DatabaseReader
from scenario_hall.notices.models import StoredLetter
from scenario_hall.notices.writing import letters_for

# A hall whose log was filled by an import or a story has told nobody yet: what is older than this when the reader
# first comes by is no news to anyone. Once the reader stands somewhere, no age makes it pass a letter over.
NO_NEWS = timedelta(hours=72)


class MailReader(DatabaseReader):
    """Writes the letters that an event asks for, in one transaction with its cursor."""

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
        host = urlsplit(self.settings.base_url).hostname or "hall"
        written = [
            StoredLetter(
                event_id=event.id,
                number=number,
                account_id=letter.account_id,
                to=letter.to,
                subject=letter.subject,
                text=letter.text,
                message_id=f"<hall-{event.hash[:24]}-{number}@{host}>",
            )
            for event in batch.events
            for number, letter in enumerate(letters_for(session, event, self.settings))
        ]
        with transaction(session):
            known = select(StoredLetter.event_id, StoredLetter.number).where(
                col(StoredLetter.event_id).in_([event.id for event in batch.events])
            )
            there_are = set(session.exec(known))
            session.add_all(letter for letter in written if (letter.event_id, letter.number) not in there_are)
            move_cursor(session, self.name, after=batch.after, position=batch.position)
