"""What a kind of letter is made of: its text, and who is written to about which page. The kinds are in ``letters/``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from scenario_hall.log.chain import Event
from scenario_hall.organizations.models import Account


@dataclass(frozen=True)
class Stranger:
    """An address that need not be an account's, and the language to write in."""

    email: str
    locale: str


@dataclass(frozen=True)
class Signed:
    """What a link carries so that only its receiver can use it (``tokens.py``)."""

    purpose: str
    values: tuple[int | str, ...]


@dataclass(frozen=True)
class Addressed:
    """Whom one event's letter goes to, the page that it leads to, and what fills the text."""

    people: Sequence[Account]
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    # Values that are message ids: each reader gets them in their own language.
    named_values: Mapping[str, str] = field(default_factory=dict)
    # Stands at the end of the path.
    signed: Signed | None = None
    strangers: Sequence[Stranger] = ()
    until: date | None = None  # the last day of what is asked


@dataclass(frozen=True)
class Letter:
    """One letter to one person, in their language; ``name``: by which it is found in ``letters/``, ``stop``: the
    address on this site that stops its kind, empty where it has to come."""

    name: str
    to: str
    subject: str
    text: str
    html: str
    account_id: int | None  # None: to somebody who may have no account
    addressed: Addressed
    stop: str = ""


@dataclass(frozen=True)
class LetterTemplate:
    """One kind of letter. All texts are message ids; ``%(name)s`` is filled from ``Addressed``."""

    subject: str
    paragraphs: tuple[str, ...]
    addressed: Callable[[Session, Event], Addressed]
    # Below the link.
    closing: tuple[str, ...] = ()
