"""Gaps in supply, summed over all for administrators, and for one its own."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from scenario_hall.core.errors import Denied
from scenario_hall.core.policy import Actor
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


def test_a_page_names_the_newest_and_the_most_frequent_and_a_file_all(world: World, engine: Engine) -> None:
    made = [world.released_scenario(domains=["marine"]).code for _ in range(3)]
    world.session.commit()  # reads what the reader has written, not what was before
    catch_up(engine, MatchReader())
    for organization_id in (None, world.maker.pk):
        actor = world.admin if organization_id is None else world.supplier

        def named(most: int | None, actor: Actor = actor, own: int | None = organization_id) -> list[str]:
            (gaps,) = gaps_by_domain(actor, session=world.session, organization_id=own, most=most)
            assert (gaps.scenarios, gaps.unanswered) == (3, 3)
            return [each.code for each in gaps.without_match]

        assert named(2) == made[:0:-1] and named(None) == made[::-1]
    for metrics in (["续航时间", "载荷"], ["续航时间"]):
        lines = [Requirement(metric=each, comparison=Comparison.AT_LEAST, value=9e6, unit="min") for each in metrics]
        world.released_scenario(requirements=lines, title="港口岸桥无人机巡检")
    world.listed_product()
    world.session.commit()
    catch_up(engine, MatchReader())
    found = {each.domain: each for each in gaps_by_domain(world.admin, session=world.session, most=1)}
    whole = {each.domain: each for each in gaps_by_domain(world.admin, session=world.session)}
    shown, all_of_it = found["low-altitude"], whole["low-altitude"]
    for one, every in ((shown.unmet, all_of_it.unmet), (shown.unknown, all_of_it.unknown)):
        assert len(one) <= 1 and one.items() <= every.items()
        assert not every or max(every.values()) in one.values()
    assert len(all_of_it.unmet + all_of_it.unknown) == 2


def test_what_many_write_differently_is_counted_as_one(world: World, engine: Engine) -> None:
    for metric in ("续航时间", "Endurance"):
        world.released_scenario(
            requirements=[Requirement(metric=metric, comparison=Comparison.AT_LEAST, value=900, unit="min")]
        )
    world.listed_product()
    catch_up(engine, MatchReader())
    found = gaps_by_domain(world.admin, session=world.session)
    assert {name for each in found for name in each.unmet} == {"endurance"}
