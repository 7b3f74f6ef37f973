"""Links between a supplier and a user that the hall's own records show, beside what is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from scenario_hall.core.errors import WrongState
from scenario_hall.core.texts import N_
from scenario_hall.language.folding import fold_name
from scenario_hall.organizations.facts import ever_stated
from scenario_hall.organizations.models import FormerMembership, Membership, Organization
from scenario_hall.outcomes.models import Outcome, OutcomeKind


class LinkKind(StrEnum):
    SHARED_OWNER = "shared_owner"
    SAME_LEGAL_PERSON = "same_legal_person"
    SHARED_PEOPLE = "shared_people"
    SAME_ADDRESS = "same_address"
    SAME_WEBSITE = "same_website"


# With one of these the user is not independent, and a first use is none.
EQUITY = frozenset({LinkKind.SHARED_OWNER, LinkKind.SAME_LEGAL_PERSON})


@dataclass(frozen=True)
class Link:
    """One thing that both sides share; ``text`` only says what is public anyway."""

    kind: LinkKind
    text: str = ""


def links_between(session: Session, outcome: Outcome) -> list[Link]:
    """Owners, legal persons, people, addresses and websites that both sides have; one that owns the other, too. What
    either ever stated counts, and so does who ever belonged to it: nobody becomes independent by editing a form."""
    sides = (outcome.supplier_id, outcome.demand_id)
    stated = ever_stated(session, sides)
    supplier, demand = (_values(session.get_one(Organization, key), stated[key]) for key in sides)
    found = []
    if (supplier["owners"] | supplier["name"]) & (demand["owners"] | demand["name"]):
        found.append(Link(LinkKind.SHARED_OWNER))
    if supplier["legal_person"] & demand["legal_person"]:
        found.append(Link(LinkKind.SAME_LEGAL_PERSON))
    if shared := _people(session, outcome.supplier_id) & _people(session, outcome.demand_id):
        found.append(Link(LinkKind.SHARED_PEOPLE, str(len(shared))))
    if supplier["address"] & demand["address"]:
        found.append(Link(LinkKind.SAME_ADDRESS))
    if shared_sites := supplier["website"] & demand["website"]:
        found.append(Link(LinkKind.SAME_WEBSITE, min(shared_sites)))
    return found


def is_independent(session: Session, outcome: Outcome) -> bool:
    """Does the user belong to somebody else than the supplier?"""
    return not any(link.kind in EQUITY for link in links_between(session, outcome))


def require_facts_verified(session: Session, outcome: Outcome) -> None:
    """Raise WrongState while a side of a first use has changed its details and nobody has verified them anew."""
    if outcome.kind != OutcomeKind.FIRST_USE:
        return
    for key in (outcome.supplier_id, outcome.demand_id):
        side = session.get_one(Organization, key, populate_existing=True)
        if side.facts_changed_at is not None:
            raise WrongState(
                N_("“%(name)s” has changed details not verified yet; an administrator verifies them first."),
                name=side.name,
            )


def _values(organization: Organization, stated: Mapping[str, Sequence[Any]]) -> dict[str, set[str]]:
    """Field → every value that the organisation ever stated, folded for comparison."""
    found: dict[str, set[str]] = {}
    for name in ("name", "owners", "legal_person", "address", "website"):
        values = [*stated.get(name, ()), getattr(organization, name)]
        texts = [text for value in values for text in (value if isinstance(value, list) else [value])]
        if name == "website":
            texts = [urlsplit(text).hostname or "" for text in texts]
        found[name] = {fold_name(text) for text in texts if text}
    return found


def _people(session: Session, organization_id: int) -> set[int]:
    """Everybody who belongs to it or did."""
    now_in_it = select(Membership.account_id).where(
        col(Membership.organization_id) == organization_id, col(Membership.is_active)
    )
    left_it = select(FormerMembership.account_id).where(col(FormerMembership.organization_id) == organization_id)
    return {*session.exec(now_in_it), *session.exec(left_it)}
