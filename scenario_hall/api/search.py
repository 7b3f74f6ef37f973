"""Search with facets, and the matches of a scenario or product with their reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from scenario_hall.alerts.asked import AskedSearch, RegionCode  # noqa: F401  the checker of types asks for it here
from scenario_hall.api.cursors import read_cursor, write_cursor
from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.products import PRODUCTS
from scenario_hall.api.scenarios import SCENARIOS
from scenario_hall.api.values import MOST_ITEMS, USUAL_ITEMS, OrganizationRef, Query, Ref, Told
from scenario_hall.core.texts import N_
from scenario_hall.core.values import Requirement, Specification
from scenario_hall.dossiers.search import SearchRow, place_in, search_slice
from scenario_hall.matching.service import ShownMatch, matches_of_product, matches_of_scenario
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.organizations.tokens import Scope
from scenario_hall.quantities.verdicts import Verdict
from scenario_hall.search.engine.index import SearchQuery, Sort
from scenario_hall.web.kit.language import named, tag_name
from scenario_hall.web.kit.request import index, settings, taxonomy


class SearchAsked(AskedSearch, Query):
    """What is searched, by the names that a saved search has, too; in which order, and how much at a time."""

    sort: Sort | None = Field(default=None, description="By relevance where words are asked for, else the newest.")
    cursor: str | None = Field(default=None, max_length=200, description="`next` of the page before.")
    limit: int = Field(default=USUAL_ITEMS, ge=1, le=MOST_ITEMS)

    def query(self) -> SearchQuery:
        """As the index takes it."""
        asked = super().query()
        return replace(asked, sort=self.sort or (Sort.RELEVANCE if asked.text.strip() else Sort.NEWEST))


class Hit(Told):
    """One of what was found; `marked` has the words of the query between ⟦ and ⟧."""

    kind: Literal["scenario", "product"]
    code: str
    link: str
    title: str
    marked: str
    state: str
    organization: OrganizationRef
    domains: list[str]
    deadline: AwareDatetime | None
    is_by_meaning: bool


class Found(Told):
    """A page of what was found, with the counts of each facet's values over all of it."""

    items: list[Hit]
    next: str | None
    total: int
    facets: dict[str, dict[str, int]]
    is_widened: bool


class LineReason(Told):
    """One requirement beside what the product states."""

    requirement: Requirement
    stated: Specification | None
    verdict: Verdict
    verdict_name: str


class MatchTold(Told):
    """A scored pair, and why."""

    scenario: Ref
    product: Ref
    score: int | None
    qualifies: bool
    has_unmet_must: bool
    parts: dict[str, float] = Field(description="What the score is made of, as shares.")
    requirements: list[LineReason]
    tags: list[str]
    tag_names: list[str]
    words: list[str]
    fits: dict[str, Verdict]
    rules_version: str


class Matches(Told):
    """The best first."""

    items: list[MatchTold]


class MatchesQuery(Query):
    """How many."""

    top: int = Field(default=10, ge=1, le=50)
    near_misses: bool = Field(default=False, description="Those that a few changes would lift over the line.")


class TopQuery(Query):
    """How many."""

    top: int = Field(default=10, ge=1, le=50)


def _hit(row: SearchRow) -> Hit:
    record, marked = row.record, "".join(f"⟦{each.text}⟧" if each.is_hit else each.text for each in row.text or ())
    kind = SCENARIOS if row.kind == "scenario" else PRODUCTS
    deadline: datetime | None = getattr(record, "deadline", None)
    return Hit(
        kind="scenario" if row.kind == "scenario" else "product",
        code=record.code,
        link=f"/api/v1/{kind.subject}/{record.code}",
        title=record.title,
        marked=marked,
        state=record.state,
        organization=OrganizationRef.model_validate(record.organization),
        domains=record.domains,
        deadline=deadline,
        is_by_meaning=row.is_by_meaning,
    )


def _search(call: Call) -> Found:
    asked: SearchAsked = call.query
    query, after = asked.query(), None
    name = f"search.{query.sort}"
    if asked.cursor is not None:
        code, place = read_cursor(name, asked.cursor, str, int)
        after = (str(code), int(place))
    encoder = encoder_for(settings().meaning, settings().meaning_key)
    found = search_slice(call.session, index(), taxonomy(), query, after=after, size=asked.limit, encoder=encoder)
    following = None
    if not found.is_last and found.rows:
        last = found.rows[-1].record.code
        following = write_cursor(name, last, place_in(found.result, last))
    return Found(
        items=[_hit(row) for row in found.rows],
        next=following,
        total=found.result.total,
        facets=found.result.facets,
        is_widened=found.result.is_widened,
    )


def _match(match: ShownMatch) -> MatchTold:
    reasons = match.reasons
    return MatchTold(
        scenario=Ref(code=match.scenario.code, title=match.scenario.title),
        product=Ref(code=match.product.code, title=match.product.title),
        score=match.score,
        qualifies=match.qualifies,
        has_unmet_must=match.has_unmet_must,
        parts=dict(reasons.parts),
        requirements=[
            LineReason(
                requirement=line.requirement,
                stated=line.specification,
                verdict=line.verdict,
                verdict_name=named(line.verdict),
            )
            for line in reasons.lines
        ],
        tags=list(reasons.shared_tags),
        tag_names=[tag_name(slug) for slug in reasons.shared_tags],
        words=[word for word, _share in reasons.words],
        fits={fit.aspect: fit.verdict for fit in reasons.fits},
        rules_version=match.rules_version,
    )


def _of_scenario(call: Call) -> Matches:
    found = matches_of_scenario(
        call.actor,
        session=call.session,
        scenario=call.record,
        top=call.query.top,
        near_misses=call.query.near_misses,
    )
    return Matches(items=[_match(each) for each in found])


def _of_product(call: Call) -> Matches:
    found = matches_of_product(call.actor, session=call.session, product=call.record, top=call.query.top)
    return Matches(items=[_match(each) for each in found])


_COMMON: dict[str, Any] = {"method": "GET", "answer": Matches, "scopes": (Scope.READ,)}
OPERATIONS = [
    Operation(
        name="search",
        method="GET",
        path="/search",
        subject="search",
        summary=N_("Search scenarios and products, with facets"),
        query=SearchAsked,
        answer=Found,
        run=_search,
    ),
    Operation(
        name="get_scenario_matches",
        path="/scenarios/{code}/matches",
        subject="scenarios",
        summary=N_("Products that match it, with the reasons; to a supplier its own"),
        query=MatchesQuery,
        load=SCENARIOS.load,
        run=_of_scenario,
        **_COMMON,
    ),
    Operation(
        name="get_product_matches",
        path="/products/{code}/matches",
        subject="products",
        summary=N_("Open scenarios that it matches, with the reasons"),
        query=TopQuery,
        load=PRODUCTS.load,
        run=_of_product,
        **_COMMON,
    ),
]
