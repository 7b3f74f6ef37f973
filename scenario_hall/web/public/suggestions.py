"""What is offered while somebody types, and in place of an empty page: tags, titles and organisations."""

from __future__ import annotations

from flask import current_app, url_for
from sqlmodel import col, select

from scenario_hall.log.chain import last_id
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.suggest import Suggestion, SuggestionBook
from scenario_hall.web.kit.language import current_locale
from scenario_hall.web.kit.request import database, taxonomy

MOST_TITLES = 2000


def book() -> SuggestionBook:
    """Tags, titles and organisations that are public, made anew when the log has moved on."""
    stamp = (last_id(database()), current_locale())
    books: dict[str, tuple[tuple[int, str], SuggestionBook]] = current_app.extensions.setdefault("hall_books", {})
    known = books.get(current_locale())
    if known is None or known[0] != stamp:
        known = (stamp, SuggestionBook(entries()))
        books[current_locale()] = known
    return known[1]


def entries() -> list[Suggestion]:
    session, locale = database(), current_locale()
    found = [
        Suggestion(tag.name(locale), "tag" if tag.kind != "domain" else "domain", tag.slug) for tag in taxonomy().tags
    ]
    for table, kind, state in ((Scenario, "scenario", RELEASED), (Product, "product", LISTED)):
        query = (
            select(table.title, table.code)
            .join(Organization, col(Organization.id) == col(table.organization_id))
            .where(col(table.state) == state, col(Organization.state) == VERIFIED)
            .order_by(col(table.id).desc())
            .limit(MOST_TITLES)
        )
        found += [Suggestion(title, kind, code) for title, code in session.exec(query)]
    names = select(Organization.name).where(
        col(Organization.state) == VERIFIED, col(Organization.is_imported_list_owner).is_(False)
    )
    return found + [Suggestion(name, "organization", name) for name in session.exec(names.limit(MOST_TITLES))]


def address_of(suggestion: Suggestion) -> str:
    match suggestion.kind:
        case "domain":
            return url_for("search.show", domain=suggestion.key)
        case "tag":
            return url_for("search.show", tag=suggestion.key)
        case "scenario":
            return url_for("scenarios.show", code=suggestion.key)
        case "product":
            return url_for("products.show", code=suggestion.key)
    return url_for("search.show", q=f'org:"{suggestion.key}"')
