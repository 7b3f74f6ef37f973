"""The words of the log: what people wrote stands in rows beside the entries, each of which holds a commitment to them.

A commitment is SHA-256 over the canonical JSON of salt, field and value: the digest of a disclosure as RFC 9901
(selective disclosure for JWTs), 4.2, has it, with 128 random bits of salt for each value (9.3). Whoever has salt and
value can check that they are what was committed to; whoever has the entry alone cannot guess even a short value. So
when both are erased the entry stays as it was, its hash with it, and tells no more than that there were words.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text
from sqlmodel import Field, Session, SQLModel, col, select, update

from scenario_hall.core.canonical import canonical_json, fingerprint
from scenario_hall.core.errors import HallError
from scenario_hall.log.kinds.fields import FIELDS
from scenario_hall.log.kinds.kind import EventKind

COMMITTED = "committed"  # in an entry's data: by field, the commitments; no field is called so
SALT_BYTES = 16


class EventWord(SQLModel, table=True):
    """What one field of an entry said, or that it was erased: then ``erasure_id`` is the entry that tells why."""

    __tablename__ = "event_word"

    event_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    field: str = Field(primary_key=True, max_length=30)
    salt: str = Field(max_length=32)
    value: str = Field(sa_type=Text)  # canonical JSON
    # Whose own words they are, so that they go with the account; nobody's where they are a record's title or the like.
    account_id: int | None = Field(default=None, index=True)
    erasure_id: int | None = None

    @property
    def is_erased(self) -> bool:
        return self.erasure_id is not None

    def read(self) -> Any:
        """The value; an empty text when it was erased."""
        return "" if self.is_erased else json.loads(self.value)

    def commitment(self) -> str:
        """What the entry has to hold, hexadecimal."""
        return commitment(self.salt, self.field, json.loads(self.value))


class WordsChanged(HallError):
    """Words that are not what their entry was committed to."""


def commitment(salt: str, field: str, value: Any) -> str:
    """SHA-256 of the canonical JSON of ``[salt, field, value]``, hexadecimal. Raises ValueError as
    ``canonical_json``."""
    return fingerprint([salt, field, value])


def parted(kind: EventKind, data: Mapping[str, Any], *, event_id: int, actor_id: int | None) -> tuple[Any, Any]:
    """What of ``data`` stands in the entry, commitments among it, and the rows of words beside it.

    Raises ValueError for what a mark cannot be (``EventField.holds``).
    """
    marks = {name: value for name, value in data.items() if FIELDS[name].holds == "mark"}
    for name, value in marks.items():
        if not is_mark(value):
            raise ValueError(f"{kind.name}: {name} is a mark, and {value!r} is none: words are not hashed into the log")
    words = []
    for name in data.keys() - marks.keys():
        owner = actor_id if FIELDS[name].holds == "own words" and not kind.keeps_words else None
        salt, value = secrets.token_hex(SALT_BYTES), canonical_json_of(data[name])
        words.append(EventWord(event_id=event_id, field=name, salt=salt, value=value, account_id=owner))
    if words:
        marks[COMMITTED] = {word.field: word.commitment() for word in words}
    return marks, words


def canonical_json_of(value: Any) -> str:
    """``canonical_json`` of a value of any kind."""
    return canonical_json([value])[1:-1]


def is_mark(value: Any) -> bool:
    """Whether it is a number, yes or no, nothing, or one word of a vocabulary: a code, a day, a state, a fingerprint;
    or a list of these. None of them can hold a sentence or a name with a blank in it."""
    if isinstance(value, list | tuple):
        return all(is_mark(each) for each in value)
    if isinstance(value, str):
        return len(value) <= 64 and value.isascii() and all(each.isalnum() or each in "_-.:+" for each in value)
    return value is None or isinstance(value, bool | int | float)


def read_words(data: str, words: list[EventWord]) -> dict[str, Any]:
    """An entry's data with the words that stand beside it; those that were erased are empty texts."""
    value: dict[str, Any] = json.loads(data)
    committed = value.pop(COMMITTED, {})
    said = {word.field: word.read() for word in words}
    return value | {name: said.get(name, "") for name in committed}


def fault_of_words(data: str, words: list[EventWord]) -> str | None:
    """What is wrong with the words beside an entry, in English; None when each is what was committed to. Whether those
    that were erased may be gone is for the whole log to tell (``log/verifying.py``)."""
    committed: Mapping[str, str] = json.loads(data).get(COMMITTED, {})
    if stray := {word.field for word in words} - committed.keys():
        return f"has words that it never held ({', '.join(sorted(stray))})"
    beside = {word.field: word for word in words}
    for name, digest in sorted(committed.items()):
        word = beside.get(name)
        if word is None:
            return f"has lost its words ({name}), and nothing says why"
        if word.is_erased:
            if word.salt or word.value:
                return f"says that its words ({name}) were erased, and they were not"
        elif word.commitment() != digest:
            return f"has other words ({name}) than were committed to"
    return None


def erase_words(session: Session, chosen: Any, erasure_id: int) -> int:
    """Within the caller's transaction, take away the words and salts that ``chosen`` (a condition) names; the entry
    ``erasure_id`` says why. Returns how many."""
    session.flush()
    statement = (
        update(EventWord)
        .where(chosen, col(EventWord.erasure_id).is_(None))
        .values(salt="", value="", account_id=None, erasure_id=erasure_id)
        .execution_options(synchronize_session=False)
    )
    count = session.exec(statement).rowcount
    session.expire_all()
    return count


def words_by(account_id: int) -> Any:
    """The condition for somebody's own words."""
    return col(EventWord.account_id) == account_id


def has_words(session: Session, event_id: int) -> bool:
    """Whether there is anything of that entry to erase."""
    query = select(EventWord.field).where(col(EventWord.event_id) == event_id, col(EventWord.erasure_id).is_(None))
    return session.exec(query).first() is not None
