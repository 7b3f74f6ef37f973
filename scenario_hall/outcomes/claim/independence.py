"""Links between a supplier and a user that the hall's own records show, beside what is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from scenario_hall.language.folding import fold_name
from scenario_hall.organizations.models import Membership, Organization
from scenario_hall.outcomes.models import Outcome


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
    """Owners, legal persons, people, addresses and websites that both sides have; one that owns the other, too."""
    supplier, demand = (session.get_one(Organization, key) for key in (outcome.supplier_id, outcome.demand_id))
    owners = [{fold_name(name) for name in (*side.owners, side.name)} for side in (supplier, demand)]
    found = [Link(LinkKind.SHARED_OWNER)] if owners[0] & owners[1] else []
    same: list[tuple[LinkKind, Callable[[Organization], str]]] = [
        (LinkKind.SAME_LEGAL_PERSON, lambda side: side.legal_person),
        (LinkKind.SAME_ADDRESS, lambda side: side.address),
        (LinkKind.SAME_WEBSITE, lambda side: urlsplit(side.website).hostname or ""),
    ]
    for kind, read in same:
        if read(supplier) and fold_name(read(supplier)) == fold_name(read(demand)):
            found.append(Link(kind, read(supplier) if kind is LinkKind.SAME_WEBSITE else ""))
    people = [
        set(
            session.exec(
                select(Membership.account_id).where(
                    col(Membership.organization_id) == side.pk, col(Membership.is_active)
                )
            )
        )
        for side in (supplier, demand)
    ]
    if shared := people[0] & people[1]:
        found.append(Link(LinkKind.SHARED_PEOPLE, str(len(shared))))
    return sorted(found, key=lambda link: list(LinkKind).index(link.kind))
