"""Scenarios that look like another, by the matcher's own kernel: pointed out to the author before submission."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import Actor, require
from scenario_hall.log.chain import record_event
from scenario_hall.matching.engine.features import Features, Offer, features_of_need, features_of_offer
from scenario_hall.matching.engine.pairing import likeness_of
from scenario_hall.matching.from_rows import need_of
from scenario_hall.organizations.consents import may_pass_address
from scenario_hall.organizations.models import Organization
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.index import SearchIndex, SearchQuery
from scenario_hall.search.titles import search_or_titles
from scenario_hall.taxonomy.taxonomy import Taxonomy

# The share of a scenario's own weight that another one's words answer; a copy answers all of it.
ALIKE = 0.35
CANDIDATES = 30


@dataclass(frozen=True)
class LikeScenario:
    """Another scenario, and how much of the first it says too (0–1)."""

    scenario: Scenario
    likeness: float


def similar_scenarios(
    session: Session, scenario: Scenario, taxonomy: Taxonomy, index: SearchIndex, most: int = 3
) -> list[LikeScenario]:
    """Public scenarios like this one, the most alike first; those with a running deadline before those without."""
    asked = SearchQuery(
        text=f"{scenario.title} {scenario.wanted_result}"[:400],
        kind="scenario",
        include_closed=True,
        page_size=CANDIDATES,
        facets=(),
    )
    hits = search_or_titles(session, index, taxonomy, asked).hits
    codes = [hit.code for hit in hits if hit.code != scenario.code]
    need = features_of_need(need_of(scenario), taxonomy)
    found = []
    for other in session.exec(select(Scenario).where(col(Scenario.code).in_(codes))):
        likeness = likeness_of(need, _as_offer(other, taxonomy))
        if other.is_public() and likeness >= ALIKE:
            found.append(LikeScenario(other, round(likeness, 2)))
    found.sort(key=lambda like: (not like.scenario.is_open(), -like.likeness, like.scenario.code))
    return found[:most]


def is_contact_told(session: Session, scenario: Scenario, other: Organization) -> bool:
    """Would a proposal tell ``other`` the address of the scenario's contact? Not where none is given, and across the
    border of a jurisdiction only with the contact's consent."""
    email = scenario.contact_email
    return bool(email) and may_pass_address(session, email, own=scenario.organization, other=other)


def propose_jointly(actor: Actor, *, session: Session, scenario: Scenario, other_code: str) -> bool:
    """Tell the owner of a similar scenario that this one's author would post it jointly; returns whether the letter has
    the contact's address. Raises Denied, NotFound."""
    with transaction(session):
        require(actor, "propose_jointly", scenario)
        other = session.exec(select(Scenario).where(col(Scenario.code) == other_code)).first()
        if other is None or not other.is_public() or other.organization_id == scenario.organization_id:
            raise NotFound()
        record_event(
            session,
            actor,
            other,
            "scenario.joint_proposed",
            {"title": other.title, "with": scenario.code, "by": scenario.organization.name},
        )
        return is_contact_told(session, scenario, other.organization)


def _as_offer(scenario: Scenario, taxonomy: Taxonomy) -> Features:
    return features_of_offer(
        Offer(
            code=scenario.code,
            title=scenario.title,
            text=f"{scenario.situation}\n{scenario.wanted_result}",
            domains=tuple(scenario.domains),
            tags=tuple(scenario.tags),
        ),
        taxonomy,
    )
