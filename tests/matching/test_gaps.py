"""Gaps in supply, summed over all for administrators, and for one its own."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from scenario_hall.core.errors import Denied
from scenario_hall.core.values import Comparison, Requirement
from scenario_hall.log.readers import catch_up
from scenario_hall.matching.gaps import gaps_by_domain
from scenario_hall.matching.reader import MatchReader
from scenario_hall.organizations.models import Side
from tests.world import World


def test_gaps_are_counted_by_domain_for_administrators(world: World, engine: Engine) -> None:
    scenario = world.released_scenario()
    catch_up(engine, MatchReader())
    (gaps,) = [
        each for each in gaps_by_domain(world.admin, session=world.session) if each.domain == scenario.domains[0]
    ]
    assert gaps.scenarios == 1 and [each.code for each in gaps.without_match] == [scenario.code]
    world.listed_product()
    catch_up(engine, MatchReader())
    (gaps,) = [
        each for each in gaps_by_domain(world.admin, session=world.session) if each.domain == scenario.domains[0]
    ]
    assert gaps.without_match == []
    with pytest.raises(Denied):
        gaps_by_domain(world.demand, session=world.session)


def test_a_supplier_sees_the_gaps_of_its_own_products_and_no_other_sees_them(world: World, engine: Engine) -> None:
    scenario = world.released_scenario()
    world.listed_product()
    rival_person = world.person("rival@rival.example")
    rival = world.organization(rival_person, Side.SUPPLY, "另一供应方")
    catch_up(engine, MatchReader())
    (own,) = [
        each
        for each in gaps_by_domain(world.supplier, session=world.session, organization_id=world.maker.pk)
        if each.domain == scenario.domains[0]
    ]
    assert own.without_match == []
    (theirs,) = [
        each
        for each in gaps_by_domain(world.actor(rival_person), session=world.session, organization_id=rival.pk)
        if each.domain == scenario.domains[0]
    ]
    assert [each.code for each in theirs.without_match] == [scenario.code]
    with pytest.raises(Denied):
        gaps_by_domain(world.actor(rival_person), session=world.session, organization_id=world.maker.pk)


def test_what_many_write_differently_is_counted_as_one(world: World, engine: Engine) -> None:
    for metric in ("续航时间", "Endurance"):
        world.released_scenario(
            requirements=[Requirement(metric=metric, comparison=Comparison.AT_LEAST, value=900, unit="min")]
        )
    world.listed_product()
    catch_up(engine, MatchReader())
    found = gaps_by_domain(world.admin, session=world.session)
    assert {name for each in found for name in each.unmet} == {"endurance"}
