"""Consents of people, each for one purpose in one wording: given and taken back by one press, shown with its day.

The law of the mainland wants a consent of its own before a person's data is passed outside it, Hong Kong and Macao
included (PIPL, articles 14–16 and 39); Macao lets it out by consent (Law 8/2005, article 20). Hong Kong's section 33
(Personal Data (Privacy) Ordinance) is not in force; the hall asks there, too, so that all three are treated alike.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, delete, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Denied, NotFound, WrongState
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.accounts import find_account
from scenario_hall.organizations.facts import values_that_count
from scenario_hall.organizations.models import Account, Organization
from scenario_hall.taxonomy.jurisdictions import Jurisdiction, crossed


@dataclass(frozen=True)
class Purpose:
    """What somebody may consent to. A new wording has a higher ``version``: who agreed to an older one is asked anew.
    All texts are message ids."""

    key: str
    version: int
    title: str
    text: str


_CONTACT = N_(
    "Your name is shown beside your messages on applications, and where you are a scenario's contact, your e-mail "
    "address is in the letter that proposes posting it jointly. A supplier whom you invite may sit anywhere, so there "
    "your name is shown once you have consented to all that is asked outside your own jurisdiction. Without your "
    "consent they see your organisation's name instead; nothing else changes."
)
_TO: dict[Jurisdiction, str] = {
    Jurisdiction.MAINLAND: N_("Pass my contact data to organisations on the mainland that work with mine"),
    Jurisdiction.HONG_KONG: N_("Pass my contact data to organisations in Hong Kong that work with mine"),
    Jurisdiction.MACAO: N_("Pass my contact data to organisations in Macao that work with mine"),
}
# Where one's own organisation sits in the same jurisdiction, none is asked for.
CONTACT_TO: dict[Jurisdiction, Purpose] = {
    place: Purpose(f"contact_to_{place}", 1, title, _CONTACT) for place, title in _TO.items()
}
PURPOSES: dict[str, Purpose] = {each.key: each for each in CONTACT_TO.values()}


class Consent(SQLModel, table=True):
    """What an account said last to one purpose; the log has what it said before."""

    __tablename__ = "consent"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    purpose: str = Field(primary_key=True, max_length=40)
    version: int
    given_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def is_standing(self) -> bool:
        """Given to the present wording and not taken back."""
        purpose = PURPOSES.get(self.purpose)
        return self.withdrawn_at is None and purpose is not None and self.version == purpose.version


@dataclass(frozen=True)
class AskedConsent:
    """A purpose, and what the person said last to it (None: never asked or never answered)."""

    purpose: Purpose
    said: Consent | None

    @property
    def is_given(self) -> bool:
        return self.said is not None and self.said.is_standing


def consents_of(session: Session, account: Account) -> list[AskedConsent]:
    """All purposes in the order of their declaration."""
    rows = session.exec(select(Consent).where(col(Consent.account_id) == account.pk)).all()
    said = {row.purpose: row for row in rows}
    return [AskedConsent(purpose, said.get(purpose.key)) for purpose in PURPOSES.values()]


def set_consent(
    actor: Actor, *, session: Session, account: Account, purpose: str, version: int | None, is_given: bool
) -> None:
    """Give one's consent to the wording ``version``, or take it back; doing either again changes nothing. Raises
    Denied, NotFound (no such purpose), WrongState (the wording has changed since it was shown)."""
    if actor.account_id != account.pk:
        raise Denied()
    asked = PURPOSES.get(purpose)
    if asked is None:
        raise NotFound()
    if is_given and version != asked.version:
        raise WrongState(N_("The wording has changed since you opened the page. Please read it again."))
    with transaction(session):
        row = session.get(Consent, (account.pk, purpose), with_for_update=True, populate_existing=True)
        if is_given and (row is None or not row.is_standing):
            row = row or Consent(account_id=account.pk, purpose=purpose, version=asked.version)
            row.version, row.given_at, row.withdrawn_at = asked.version, now(), None
            session.add(row)
            told = {"purpose": purpose, "wording": asked.version}
            record_event(session, actor, account, "account.consent_given", told)
        elif not is_given and row is not None and row.withdrawn_at is None:
            _withdraw(session, actor, account, row)


def end_consents(session: Session, actor: Actor | None, account: Account) -> None:
    """Within the caller's transaction, take back all that stand and forget them: the account is closed for good."""
    standing = (col(Consent.account_id) == account.pk, col(Consent.withdrawn_at).is_(None))
    for row in session.exec(select(Consent).where(*standing).order_by(col(Consent.purpose))).all():
        _withdraw(session, actor, account, row)
    session.exec(delete(Consent).where(col(Consent.account_id) == account.pk))


def those_shown(
    session: Session, account_ids: Collection[int], *, own: Organization, other: Organization | None
) -> frozenset[int]:
    """Those whose name and address ``other`` may see, where they act for ``own``: all within one jurisdiction, else who
    has consented. ``other`` None: somebody of whom the hall does not know where they sit."""
    wanted = [CONTACT_TO[place].key for place in _crossed(session, own, other)]
    ids = frozenset(account_ids)
    if not wanted or not ids:
        return ids
    query = select(Consent).where(col(Consent.account_id).in_(ids), col(Consent.purpose).in_(wanted))
    standing = [row.account_id for row in session.exec(query) if row.is_standing]
    return frozenset(each for each in ids if standing.count(each) == len(wanted))


def is_name_passed(session: Session, account_id: int, *, own: Organization, other: Organization) -> bool | None:
    """Does ``other`` see the name of this person of ``own``? None where no border lies between them, so that nothing
    is asked."""
    if not _crossed(session, own, other):
        return None
    return bool(those_shown(session, [account_id], own=own, other=other))


def may_pass_address(session: Session, email: str, *, own: Organization, other: Organization) -> bool:
    """May ``other`` be told the address of a contact whom ``own`` names? Across a border only of somebody with a
    confirmed account, who has consented: nobody else's consent is known."""
    if not _crossed(session, own, other):
        return True
    person = find_account(session, email)
    if person is None or not person.is_active or person.email_confirmed_at is None:
        return False
    return bool(those_shown(session, [person.pk], own=own, other=other))


def _crossed(session: Session, own: Organization, other: Organization | None) -> frozenset[Jurisdiction]:
    """The jurisdictions that contact data of ``own`` would come into at ``other``. While a changed region waits for an
    administrator, an organisation counts as sitting in both: all consents are needed that either place asks for."""
    there = values_that_count(session, other, "region") if other is not None else ("",)
    here = values_that_count(session, own, "region")
    return frozenset().union(*(crossed(one, another) for one in here for another in there))


def _withdraw(session: Session, actor: Actor | None, account: Account, row: Consent) -> None:
    row.withdrawn_at = now()
    session.add(row)
    told = {"purpose": row.purpose, "wording": row.version}
    record_event(session, actor, account, "account.consent_withdrawn", told)
