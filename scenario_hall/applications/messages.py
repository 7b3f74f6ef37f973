"""Messages between the two sides of an application, kept with it. What was sent is not edited; the log says that
somebody wrote, not what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from scenario_hall.applications.lifecycle import STANDING
from scenario_hall.applications.models import Application
from scenario_hall.core import limits
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Invalid, WrongState
from scenario_hall.core.policy import Actor, parties_spoken_for, require
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.consents import is_name_passed, those_shown
from scenario_hall.organizations.models import Account, Organization, Side

LONGEST = 2_000
BY_PERSON = limits.Limit("message", 30, limits.DAY)
SIDES = {"supplier": Side.SUPPLY, "demand": Side.DEMAND}


class ApplicationMessage(SQLModel, table=True):
    """What one side has written to the other."""

    __tablename__ = "application_message"

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    party: str = Field(max_length=10)  # the application's, for which it was written
    text: str = Field(sa_type=Text)
    sent_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class MessageReading(SQLModel, table=True):
    """How far somebody has read an application's messages: the last one's id."""

    __tablename__ = "message_reading"

    application_id: int = Field(primary_key=True, foreign_key="application.id")
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    last_id: int = 0


@dataclass(frozen=True)
class ShownMessage:
    """A message with who wrote it; ``author`` is their name, "" where the reader's side sits in another jurisdiction
    and they have not consented to its being shown there; ``is_new``: the reader's side has got it and they have not
    read it yet."""

    message: ApplicationMessage
    author: str
    organization: Organization
    is_new: bool


def may_write(actor: Actor, application: Application) -> bool:
    """Whether ``actor`` may write for one of the sides now; who belongs to both writes for neither."""
    spoken_for = parties_spoken_for(actor, application, tuple(SIDES))
    return application.state in STANDING and len(spoken_for) == 1 and actor.account_id is not None


def send_message(actor: Actor, *, session: Session, application: Application, text: str) -> ApplicationMessage:
    """Write to the other side. Raises NotFound, Denied, WrongState (the application is over), Invalid (field ``text``),
    TooMany."""
    require(actor, "write", application)
    if application.state not in STANDING:
        raise WrongState(N_("This application is over: its messages can only be read."))
    if not may_write(actor, application):
        raise WrongState(N_("You belong to both sides, so a colleague who does not has to write."))
    if not text.strip() or len(text) > LONGEST:
        raise Invalid({"text": N_("Write a message of at most 2,000 characters.")})
    limits.count_attempt(session, BY_PERSON, f"{actor.account_id} {application.pk}")
    (party,) = parties_spoken_for(actor, application, tuple(SIDES))
    with transaction(session):
        message = ApplicationMessage(
            application_id=application.pk, account_id=actor.account_id or 0, party=party, text=text.strip()
        )
        session.add(message)
        session.flush()
        told = {"side": SIDES[party].value}
        record_event(session, actor, application, "application.message", told, party=party)
    return message


def messages_of(session: Session, actor: Actor, application: Application) -> list[ShownMessage]:
    """The oldest first."""
    query = (
        select(ApplicationMessage, Account)
        .join(Account, col(Account.id) == col(ApplicationMessage.account_id))
        .where(col(ApplicationMessage.application_id) == application.pk)
        .order_by(col(ApplicationMessage.id))
    )
    rows, parties = list(session.exec(query)), application.parties()
    own = {party for party, pk in parties.items() if pk in actor.memberships}
    read = session.get(MessageReading, (application.pk, actor.account_id or 0))
    last, sides = read.last_id if read else 0, {pk: session.get_one(Organization, pk) for pk in parties.values()}
    hidden = _hidden_authors(session, own, rows, {party: sides[pk] for party, pk in parties.items()})
    return [
        ShownMessage(
            message=message,
            author="" if (message.party, author.pk) in hidden else author.name,
            organization=sides[parties[message.party]],
            is_new=bool(own) and message.party not in own and (message.id or 0) > last,
        )
        for message, author in rows
    ]


def _hidden_authors(
    session: Session,
    own: Collection[str],
    rows: Sequence[tuple[ApplicationMessage, Account]],
    sides: Mapping[str, Organization],
) -> set[tuple[str, int]]:
    """Party and account of those whose names a reader of the party ``own`` is not shown. Who belongs to both sides or
    to none, as an administrator, sees all names."""
    if len(own) != 1:
        return set()
    (reader,) = own
    (other,) = set(SIDES) - {reader}
    people = {author.pk for message, author in rows if message.party == other and author.erased_at is None}
    return {(other, pk) for pk in people - those_shown(session, people, own=sides[other], other=sides[reader])}


def is_own_name_passed(session: Session, actor: Actor, application: Application) -> bool | None:
    """Will the other side see the name of ``actor``, who may write? None where nothing is asked: both sides sit in one
    jurisdiction."""
    (party,) = parties_spoken_for(actor, application, tuple(SIDES))
    sides = {each: session.get_one(Organization, pk) for each, pk in application.parties().items()}
    (other,) = set(SIDES) - {party}
    return is_name_passed(session, actor.account_id or 0, own=sides[party], other=sides[other])


def note_read(session: Session, actor: Actor, application: Application, shown: Sequence[ShownMessage]) -> None:
    """Remember that ``actor`` has seen these; nothing to do where none is new."""
    if actor.account_id is None or not any(each.is_new for each in shown):
        return
    with transaction(session):
        row = session.get(MessageReading, (application.pk, actor.account_id), with_for_update=True)
        row = row or MessageReading(application_id=application.pk, account_id=actor.account_id)
        row.last_id = max(row.last_id, *(each.message.id or 0 for each in shown))
        session.add(row)


def unread_messages(session: Session, actor: Actor, applications: Collection[Application]) -> dict[int, int]:
    """Application's id → how many messages of the other side ``actor`` has not read; those without are left out."""
    found: dict[int, int] = {}
    by_other: dict[str, list[int]] = {}
    for application in applications:
        own = [party for party, pk in application.parties().items() if pk in actor.memberships]
        if len(own) == 1:
            by_other.setdefault("demand" if own == ["supplier"] else "supplier", []).append(application.pk)
    for party, ids in by_other.items():
        last = (
            select(MessageReading.last_id)
            .where(
                col(MessageReading.application_id) == col(ApplicationMessage.application_id),
                col(MessageReading.account_id) == actor.account_id,
            )
            .scalar_subquery()
        )
        query = (
            select(ApplicationMessage.application_id, func.count())
            .where(
                col(ApplicationMessage.application_id).in_(ids),
                col(ApplicationMessage.party) == party,
                col(ApplicationMessage.id) > func.coalesce(last, 0),
            )
            .group_by(col(ApplicationMessage.application_id))
        )
        found |= dict(session.exec(query).all())
    return found


def forget_readings(session: Session, account_id: int) -> None:
    """Within the caller's transaction, drop how far an account has read."""
    session.exec(delete(MessageReading).where(col(MessageReading.account_id) == account_id))
