"""What is let go because it is old: accounts that nobody confirmed, letters, contacts, people's requests."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, col, delete, or_, select, update

from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.notices.models import LetterState, StoredLetter
from scenario_hall.organizations.models import Account, Membership
from scenario_hall.privacy.erasure import drop_outbox, erase
from scenario_hall.privacy.models import PersonRequest
from scenario_hall.scenarios.lifecycle import CLOSED, WITHDRAWN
from scenario_hall.scenarios.models import Scenario

UNCONFIRMED, LETTERS, OUTBOX, CONTACTS, REQUESTS = (timedelta(days=days) for days in (30, 183, 30, 731, 1461))


def let_unconfirmed_accounts_go(session: Session, settings: Settings) -> int:
    """Accounts whose address nobody has ever confirmed, so that it may be somebody else's."""
    query = (
        select(Account)
        .where(
            col(Account.email_confirmed_at).is_(None),
            col(Account.erased_at).is_(None),
            col(Account.is_administrator).is_(False),
            col(Account.created_at) <= now() - UNCONFIRMED,
            col(Account.id).not_in(select(Membership.account_id)),
        )
        .limit(500)
    )
    found = list(session.exec(query))
    for account in found:
        with transaction(session):
            written = erase(session, None, account)
        drop_outbox(settings.outbox, written)
    return len(found)


def let_letters_go(session: Session, _settings: Settings) -> int:
    """That a letter was sent stays, whom to and about what goes."""
    old = (
        update(StoredLetter)
        .where(
            col(StoredLetter.state) != LetterState.WAITING,
            col(StoredLetter.written_at) <= now() - LETTERS,
            or_(col(StoredLetter.to) != "", col(StoredLetter.subject) != ""),
        )
        .values(to="", subject="", text="", html="", last_error="", unsubscribe="")
    )
    with transaction(session):
        return session.exec(old).rowcount


def let_outbox_go(_session: Session, settings: Settings) -> int:
    old = [
        path
        for path in (settings.outbox.glob("*.eml") if settings.outbox.exists() else ())
        if path.stat().st_mtime <= (now() - OUTBOX).timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def let_contacts_go(session: Session, _settings: Settings) -> int:
    old = (
        update(Scenario)
        .where(
            col(Scenario.state).in_((CLOSED, WITHDRAWN)),
            col(Scenario.updated_at) <= now() - CONTACTS,
            or_(col(Scenario.contact_name) != "", col(Scenario.contact_phone) != "", col(Scenario.contact_email) != ""),
        )
        .values(contact_name="", contact_phone="", contact_email="", updated_at=col(Scenario.updated_at))
    )
    with transaction(session):
        return session.exec(old).rowcount


def let_requests_go(session: Session, _settings: Settings) -> int:
    """PDPO (Hong Kong), section 27: the log book keeps an entry for four years."""
    old = delete(PersonRequest).where(col(PersonRequest.answered_at) <= now() - REQUESTS)
    with transaction(session):
        return session.exec(old).rowcount
