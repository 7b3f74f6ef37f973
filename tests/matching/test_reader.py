"""The stored matches follow the log; each side sees its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied
from scenario_hall.core.policy import VISITOR
from scenario_hall.log.chain import events_after, record_event
from scenario_hall.log.readers import catch_up
from scenario_hall.matching.engine.features import Features
from scenario_hall.matching.engine.pairing import RULES_VERSION
from scenario_hall.matching.from_rows import product_features
from scenario_hall.matching.reader import MatchReader
from scenario_hall.matching.service import matches_of_product, matches_of_scenario
from scenario_hall.matching.storing import MOST_NEWS, NEWS
from scenario_hall.organizations.models import Side
from scenario_hall.products.models import Product
from scenario_hall.products.service import delist_product
from scenario_hall.scenarios.service import end_scenario
from scenario_hall.taxonomy.taxonomy import Taxonomy
from tests.world import World


def test_a_text_without_a_blank_stops_no_matching(world: World, engine: Engine) -> None:
    """A checksum before a quantity once became a metric longer than a metric may be, and the reader stood still."""
    world.listed_product(title="校验", summary=f"checksum {'ab12' * 40} accuracy at least 5 mm")
    product, scenario = world.listed_product(), world.released_scenario()
    catch_up(engine, MatchReader())
    found = matches_of_scenario(world.demand, session=world.session, scenario=scenario)
    assert [match.product.code for match in found] == [product.code]


def test_a_record_that_cannot_be_read_is_left_out_alone(
    world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, product, scenario = world.listed_product(title="坏").code, world.listed_product(), world.released_scenario()
    world.session.commit()

    def reads(record: Product, taxonomy: Taxonomy) -> Features | None:
        if record.code == bad:
            raise RuntimeError("cannot be read")
        return product_features(record, taxonomy)

    monkeypatch.setattr("scenario_hall.matching.reader.product_features", reads)
    catch_up(engine, MatchReader())
    found = matches_of_scenario(world.demand, session=world.session, scenario=scenario)
    assert [match.product.code for match in found] == [product.code]


def test_a_release_is_matched_explained_and_told(world: World, engine: Engine) -> None:
    product, scenario = world.listed_product(), world.released_scenario()
    catch_up(engine, MatchReader())
    (match,) = matches_of_scenario(world.demand, session=world.session, scenario=scenario)
    assert (match.product.code, match.rules_version) == (product.code, RULES_VERSION)
    assert match.reasons.lines[0].verdict == "met"
    kinds = [event.kind for event in events_after(world.session, 0, limit=1000)]
    assert "scenario.matched" in kinds


def test_the_owner_sees_all_a_supplier_its_own_others_nothing(world: World, engine: Engine) -> None:
    product, scenario = world.listed_product(), world.released_scenario()
    rival_person = world.person("rival@rival.example")
    world.organization(rival_person, Side.SUPPLY, "另一供应方")
    catch_up(engine, MatchReader())
    seen = {
        name: [match.product.code for match in matches_of_scenario(actor, session=world.session, scenario=scenario)]
        for name, actor in {
            "owner": world.demand,
            "administrator": world.admin,
            "supplier": world.supplier,
            "rival": world.actor(rival_person),
            "visitor": VISITOR,
        }.items()
    }
    assert seen == {
        "owner": [product.code],
        "administrator": [product.code],
        "supplier": [product.code],
        "rival": [],
        "visitor": [],
    }
    with pytest.raises(Denied):
        matches_of_product(world.actor(rival_person), session=world.session, product=product)


def test_what_ends_is_matched_no_more(world: World, engine: Engine) -> None:
    product, scenario = world.listed_product(), world.released_scenario()
    reader = MatchReader()
    catch_up(engine, reader)
    assert matches_of_product(world.supplier, session=world.session, product=product)
    delist_product(world.supplier, session=world.session, product=product, version=None, reason="x")
    catch_up(engine, reader)
    assert matches_of_scenario(world.demand, session=world.session, scenario=scenario) == []
    end_scenario(world.demand, session=world.session, scenario=scenario, action="close", version=None, reason="x")
    catch_up(engine, reader)
    assert matches_of_product(world.supplier, session=world.session, product=product) == []


def told_of_matches(world: World, engine: Engine, later: timedelta) -> int:
    """How many matches the hall tells of when the matcher comes by so much later."""
    world.session.rollback()
    with clock.at(now() + later):
        catch_up(engine, MatchReader())
    return len(events_after(world.session, 0, limit=1000, kinds=["scenario.matched", "product.matched"]))


def test_what_happens_now_is_news(small_world: World, sqlite_engine: Engine) -> None:
    small_world.listed_product()
    small_world.released_scenario()
    assert told_of_matches(small_world, sqlite_engine, NEWS - timedelta(seconds=30)) == 2


def test_what_happened_a_while_ago_is_matched_but_no_news(small_world: World, sqlite_engine: Engine) -> None:
    product, scenario = small_world.listed_product(), small_world.released_scenario()
    assert told_of_matches(small_world, sqlite_engine, NEWS + timedelta(seconds=1)) == 0
    found = matches_of_scenario(small_world.demand, session=small_world.session, scenario=scenario)
    assert [match.product.code for match in found] == [product.code]


def test_a_list_that_is_taken_in_is_matched_but_no_news(small_world: World, sqlite_engine: Engine) -> None:
    """More events at once than people make by hand, in however many batches they are read."""
    scenario = small_world.released_scenario()
    for _ in range(MOST_NEWS):
        with transaction(small_world.session):
            record_event(small_world.session, None, scenario, "scenario.amended", {"title": scenario.title})
    small_world.listed_product()
    assert told_of_matches(small_world, sqlite_engine, timedelta()) == 0
    assert matches_of_scenario(small_world.demand, session=small_world.session, scenario=scenario)
