"""The sums of the gaps in supply: whatever happens, they are what counting all stored matches anew gives."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select

from scenario_hall.core.db import transaction
from scenario_hall.core.values import Comparison, Requirement
from scenario_hall.log.readers import catch_up
from scenario_hall.matching.engine.explanation import reasons_from_data
from scenario_hall.matching.engine.pairing import WEIGHTS
from scenario_hall.matching.gap_sums import count_missing
from scenario_hall.matching.models import ALL_SUPPLIERS, GapCount, GapScenario, StoredMatch
from scenario_hall.matching.reader import MatchReader
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.products.models import Product
from scenario_hall.products.service import delist_product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import amend_scenario, end_scenario
from scenario_hall.taxonomy.metrics import metric_slug
from tests.world import World

Sums = dict[tuple[int, str, str, str], int]


def counted_anew(session: Session) -> Sums:
    """By the definition: over every open scenario, its domains and its stored matches."""
    sums: Counter[tuple[int, str, str, str]] = Counter()
    for scenario in session.exec(select(Scenario)):
        if not (scenario.is_public() and scenario.is_open()):
            continue
        pairs = session.exec(select(StoredMatch).where(col(StoredMatch.scenario_id) == scenario.pk)).all()
        fits = [pair for pair in pairs if (pair.score or 0) >= WEIGHTS.qualifies and not pair.has_unmet_must]
        for domain in scenario.domains or [""]:
            sums[ALL_SUPPLIERS, domain, "open", ""] += 1
            sums[ALL_SUPPLIERS, domain, "unanswered", ""] += not fits
            for pair in pairs:
                reasons = reasons_from_data(pair.reasons)
                told = [("unmet", metric_slug(line.requirement.metric)) for line in reasons.unmet]
                told += [("unknown", metric_slug(line.requirement.metric)) for line in reasons.unknown]
                told += [("technology", tag) for tag in reasons.missing_tags]
                for change in reasons.lifts:
                    metric = reasons.lines[change.line].requirement.metric if change.line is not None else ""
                    told.append(("lift", metric_slug(metric) if metric else change.kind.value))
                owner = session.get_one(Product, pair.product_id).organization_id
                for kind, name in told:
                    sums[ALL_SUPPLIERS, domain, kind, name] += 1
                    sums[owner, domain, kind, name] += 1
    return {key: count for key, count in sums.items() if count}


def kept(session: Session) -> Sums:
    session.rollback()
    session.expire_all()
    rows = session.exec(select(GapCount))
    return {(row.organization_id, row.domain, row.kind, row.name): row.count for row in rows if row.count}


def endurance(least: float) -> list[Requirement]:
    return [Requirement(metric="续航时间", comparison=Comparison.AT_LEAST, value=least, unit="min")]


def test_after_each_thing_that_happens_the_sums_are_those_of_all_matches(world: World, engine: Engine) -> None:
    reader, session = MatchReader(), world.session

    def follow() -> None:
        session.commit()
        catch_up(engine, reader)
        assert kept(session) == counted_anew(session)

    first = world.released_scenario(requirements=endurance(900))
    follow()
    assert kept(session)[ALL_SUPPLIERS, first.domains[0], "unanswered", ""] == 1
    world.listed_product()
    follow()
    assert kept(session)[world.maker.pk, first.domains[0], "unmet", "endurance"] == 1
    second = world.released_scenario()
    follow()
    amend_scenario(
        world.demand, session=session, scenario=second, version=None, content={"domains": ["marine"]}, reason="x"
    )
    world.accepted_change(second)
    follow()
    assert (ALL_SUPPLIERS, "marine", "open", "") in kept(session)
    other = world.listed_product(title="另一台")
    follow()
    end_scenario(world.demand, session=session, scenario=first, action="close", reason="x", version=None)
    follow()
    delist_product(world.supplier, session=session, product=other, reason="x", version=None)
    follow()
    act_on_organization(
        world.admin,
        session=session,
        organization=session.get_one(Organization, world.port.pk),
        action="suspend",
        version=None,
        reason="x",
    )
    follow()
    assert kept(session) == {}


def test_a_hall_that_is_older_than_the_sums_has_all_of_them_after_the_start(world: World, engine: Engine) -> None:
    world.released_scenario(requirements=endurance(900))
    world.listed_product()
    world.released_scenario()
    catch_up(engine, MatchReader())
    before = kept(world.session)
    with transaction(world.session):
        world.session.exec(delete(GapScenario))
        world.session.exec(delete(GapCount))
    assert count_missing(world.session) == 2
    assert kept(world.session) == before and count_missing(world.session) == 0


@pytest.mark.parametrize("product_first", [True, False])
def test_an_event_that_comes_again_changes_no_sum(world: World, engine: Engine, product_first: bool) -> None:
    made = [world.listed_product, world.released_scenario]
    for make in made if product_first else reversed(made):
        make()
    catch_up(engine, MatchReader())
    before = kept(world.session)
    assert before == counted_anew(world.session)
    MatchReader().recompute(world.session)
    assert kept(world.session) == before
