"""The index follows the log and holds what is public, nothing else."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from scenario_hall.core.clock import now
from scenario_hall.log.chain import last_id
from scenario_hall.log.readers import catch_up
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.products.service import delist_product
from scenario_hall.scenarios.service import amend_scenario, end_scenario
from scenario_hall.search.engine.index import SearchQuery
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import IndexReader, rebuild
from tests.world import World


def found(index: WhooshIndex, text: str = "", *, closed: bool = False) -> set[str]:
    return {hit.code for hit in index.search(SearchQuery(text=text, include_closed=closed), now()).hits}


def test_only_what_is_public_is_found(world: World, engine: Engine, tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "index")
    world.draft_scenario()
    world.submitted_product()
    scenario, product = world.released_scenario(), world.listed_product()
    catch_up(engine, IndexReader(index))
    assert found(index, closed=True) == {scenario.code, product.code}
    assert index.position() == last_id(world.session)
    assert found(index, "secret-contact") == set()
    assert found(index, "陈秘密") == set()


def test_it_follows_amendments_ends_and_suspensions(world: World, engine: Engine, tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "index")
    reader = IndexReader(index)
    scenario, product = world.released_scenario(), world.listed_product()
    amend_scenario(
        world.demand,
        session=world.session,
        scenario=scenario,
        version=None,
        content={"title": "闸口箱号识别"},
        reason="x",
    )
    world.accepted_change(scenario)
    catch_up(engine, reader)
    assert found(index, "闸口箱号") == {scenario.code}
    end_scenario(world.demand, session=world.session, scenario=scenario, action="close", version=None, reason="x")
    delist_product(world.supplier, session=world.session, product=product, version=None, reason="x")
    catch_up(engine, reader)
    assert found(index) == set()
    assert found(index, closed=True) == {scenario.code, product.code}
    act_on_organization(world.admin, session=world.session, organization=world.port, action="suspend", reason="x")
    catch_up(engine, reader)
    assert found(index, closed=True) == {product.code}


def test_a_suspension_takes_all_that_the_organisation_has_out_of_the_index_and_back(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    index = WhooshIndex(tmp_path / "index")
    reader = IndexReader(index)
    scenario, product = world.released_scenario(), world.listed_product()
    for organization, rest in ((world.maker, {scenario.code}), (world.port, {product.code})):
        for action, expected in (("suspend", rest), ("reinstate", {scenario.code, product.code})):
            act_on_organization(
                world.admin, session=world.session, organization=organization, action=action, reason="x"
            )
            catch_up(engine, reader)
            assert found(index) == expected


def test_a_rebuild_gives_the_same_index(world: World, engine: Engine, tmp_path: Path) -> None:
    followed, rebuilt = WhooshIndex(tmp_path / "one"), WhooshIndex(tmp_path / "two")
    world.released_scenario()
    world.listed_product()
    catch_up(engine, IndexReader(followed))
    rebuild(world.session, rebuilt)
    assert found(followed) == found(rebuilt)
    assert followed.position() == rebuilt.position()
