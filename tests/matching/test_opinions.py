"""Owners' words on matches: kept with the rules' version, told to whom is invited, used by evaluate, ranking nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from scenario_hall.core.errors import Denied, WrongState
from scenario_hall.log.chain import events_after
from scenario_hall.log.readers import catch_up
from scenario_hall.matching.engine.evaluation import evaluate_match
from scenario_hall.matching.engine.pairing import RULES_VERSION
from scenario_hall.matching.models import Opinion
from scenario_hall.matching.opinions import judged_pairs, opinions_on, say_of_match
from scenario_hall.matching.reader import MatchReader
from scenario_hall.matching.service import matches_of_scenario
from scenario_hall.outcomes.judgements import judged_by_people
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags
from tests.world import World


def test_an_opinion_is_kept_replaced_and_evaluated(world: World, engine: Engine) -> None:
    product, scenario = world.listed_product(), world.released_scenario()
    catch_up(engine, MatchReader())
    before = [match.score for match in matches_of_scenario(world.demand, session=world.session, scenario=scenario)]
    for opinion in (Opinion.NOT_USEFUL, Opinion.INVITED, Opinion.INVITED):
        say_of_match(world.demand, session=world.session, scenario=scenario, product=product, opinion=opinion)
    assert opinions_on(world.session, scenario) == {product.pk: Opinion.INVITED}
    assert judged_pairs(world.session) == [
        {"scenario": scenario.code, "product": product.code, "grade": 3, "rules": RULES_VERSION}
    ]
    kinds = [event.kind for event in events_after(world.session, 0, limit=1000)]
    assert kinds.count("product.invited") == 1
    catch_up(engine, MatchReader())
    after = [match.score for match in matches_of_scenario(world.demand, session=world.session, scenario=scenario)]
    assert after == before
    results = evaluate_match(judged_by_people(world.session), Taxonomy(load_shipped_tags()))
    assert results["hall"]["ndcg@10"] == 1.0


def test_only_the_owner_says_and_only_of_a_match(world: World, engine: Engine) -> None:
    scenario = world.released_scenario()
    unrelated = world.listed_product(
        title="有机肥料", model="", summary="果园用颗粒肥", tags=[], domains=["modern-agriculture"], specifications=[]
    )
    catch_up(engine, MatchReader())
    with pytest.raises(WrongState):
        say_of_match(world.demand, session=world.session, scenario=scenario, product=unrelated, opinion=Opinion.USEFUL)
    with pytest.raises(Denied):
        say_of_match(
            world.supplier, session=world.session, scenario=scenario, product=unrelated, opinion=Opinion.USEFUL
        )
