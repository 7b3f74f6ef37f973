"""What was released stays what it was: substance changes after review, facts at once, the deadline never earlier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from scenario_hall.core.errors import Denied, HallError, Invalid, NotFound, StaleEdit, WrongState
from scenario_hall.core.policy import SYSTEM, Actor, Role
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.report import ImportOptions
from scenario_hall.exchange.service import import_list
from scenario_hall.log.chain import Event
from scenario_hall.log.readers import catch_up
from scenario_hall.organizations.accounts import find_account, operator_of
from scenario_hall.organizations.members import add_member
from scenario_hall.organizations.models import Side
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.products import service as products
from scenario_hall.products.models import Product
from scenario_hall.publishing.amending import (
    accept_revision,
    amend,
    get_waiting,
    proposed_revisions,
    return_revision,
    take_back_revision,
    waiting_revision,
)
from scenario_hall.publishing.models import Publishable
from scenario_hall.publishing.revisions import revisions_of
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import IndexReader
from tests.search.test_reader import found
from tests.world import World

OTHER: dict[str, Any] = {
    "title": "另一个题目",
    "situation": "另一种情况",
    "wanted_result": "另一个结果",
    "summary": "另一种摘要",
    "limits": "不适用于雨天",
    "domains": ["advanced-manufacturing"],
    "requirements": [{"metric": "重量", "comparison": "at_most", "value": 9, "unit": "kg"}],
    "specifications": [{"metric": "重量", "value": 9, "unit": "kg"}],
}
SUBSTANCE = [
    pytest.param(table, field.name, id=f"{table.subject}.{field.name}")
    for table in (Scenario, Product)
    for field in table.fields
    if field.is_substance
]


def released(world: World, table: type[Publishable], **content: Any) -> Scenario | Product:
    return world.released_scenario(**content) if table is Scenario else world.listed_product(**content)


def owner(world: World, record: Publishable) -> Actor:
    return world.demand if isinstance(record, Scenario) else world.supplier


def change(world: World, record: Any, content: dict[str, Any], version: int | None = None) -> Any:
    return amend(
        owner(world, record), session=world.session, record=record, version=version, content=content, reason="更正"
    )


def test_the_substance_is_what_a_record_is_about() -> None:
    assert {field.name for field in Scenario.fields if field.is_substance} == {
        "title",
        "situation",
        "wanted_result",
        "domains",
        "requirements",
    }
    assert {field.name for field in Product.fields if field.is_substance} == {
        "title",
        "summary",
        "limits",
        "domains",
        "specifications",
    }


@pytest.mark.parametrize(("table", "name"), SUBSTANCE)
def test_each_field_of_the_substance_waits_and_is_public_once_accepted(
    small_world: World, table: type[Publishable], name: str
) -> None:
    record = released(small_world, table)
    before = record.content()
    change(small_world, record, {name: OTHER[name]})
    small_world.session.expire_all()
    assert (record.content(), record.revision) == (before, 1)
    assert get_waiting(small_world.session, record).content.keys() == {name}
    small_world.accepted_change(record)
    assert (record.revision, record.substance_revision) == (2, 2)
    assert record.content()[name] != before[name]
    assert revisions_of(small_world.session, record)[0].content[name] == record.content()[name]


def test_facts_are_public_at_once(world: World) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"budget_max": 900_000, "place": "4号泊位"})
    assert (scenario.revision, scenario.substance_revision, scenario.place) == (2, 1, "4号泊位")
    assert waiting_revision(world.session, scenario) is None


def test_an_amendment_with_both_waits_whole(world: World) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"title": "新题目", "budget_max": 900_000, "contact_name": "新联系人"})
    assert (scenario.budget_max, scenario.contact_name) == (800_000, "陈秘密")
    world.accepted_change(scenario)
    assert (scenario.title, scenario.budget_max, scenario.contact_name) == ("新题目", 900_000, "新联系人")


def test_a_second_amendment_replaces_what_waits(world: World) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"title": "第二个题目"})
    change(world, scenario, {"title": "第三个题目", "situation": "新的情况"})
    (waiting,) = proposed_revisions(world.session, scenario)
    assert waiting.content == {"title": "第三个题目", "situation": "新的情况"}
    assert scenario.title == "港口岸桥无人机巡检"


def test_facts_do_not_wait_behind_a_change_that_does(world: World) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"title": "新题目", "budget_max": 900_000})
    change(world, scenario, {"title": "新题目", "budget_max": 950_000})
    assert (scenario.budget_max, scenario.title, scenario.revision) == (950_000, "港口岸桥无人机巡检", 2)
    assert get_waiting(world.session, scenario).content == {"title": "新题目"}
    world.accepted_change(scenario)
    assert (scenario.budget_max, scenario.title) == (950_000, "新题目")


def test_whoever_writes_the_public_substance_again_takes_the_change_back(world: World) -> None:
    scenario = world.released_scenario()
    title = scenario.title
    change(world, scenario, {"title": "新题目"})
    change(world, scenario, {"title": title, "budget_max": 900_000})
    assert [each.state for each in proposed_revisions(world.session, scenario)] == ["taken_back"]
    assert (scenario.title, scenario.budget_max, scenario.revision) == (title, 900_000, 2)


def test_the_same_again_is_no_change_also_while_one_waits(small_world: World) -> None:
    scenario = small_world.released_scenario()
    change(small_world, scenario, {"title": "新题目"})
    with pytest.raises(Invalid, match="Nothing was changed"):
        change(small_world, scenario, {"title": "新题目"})


def test_two_who_amend_at_once_are_told_of_each_other(world: World) -> None:
    scenario = world.released_scenario()
    seen = scenario.version
    change(world, scenario, {"title": "第一人的题目"}, seen)
    with pytest.raises(StaleEdit):
        change(world, scenario, {"title": "第二人的题目"}, seen)
    world.session.rollback()
    assert get_waiting(world.session, scenario).content == {"title": "第一人的题目"}


def test_a_reviewer_accepts_only_what_they_have_read(world: World) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"title": "题目甲"})
    waiting = get_waiting(world.session, scenario)
    read = waiting.version
    change(world, scenario, {"title": "题目乙"})
    with pytest.raises(StaleEdit):
        accept_revision(world.admin, session=world.session, record=scenario, proposed=waiting, version=read)
    world.session.rollback()
    assert scenario.title == "港口岸桥无人机巡检"


def test_only_a_neutral_administrator_accepts_or_returns(world: World) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"title": "新题目"})
    waiting = get_waiting(world.session, scenario)
    own = world.make_administrator("own@port.example")
    add_member(world.session, organization=world.port, account=own, role=Role.VIEWER)

    def may_not(actor: Actor) -> None:
        with pytest.raises((Denied, NotFound)):
            accept_revision(actor, session=world.session, record=scenario, proposed=waiting, version=None)
        world.session.rollback()
        with pytest.raises((Denied, NotFound)):
            return_revision(actor, session=world.session, proposed=waiting, version=None, reason="x")
        world.session.rollback()

    for actor in (world.demand, world.supplier, world.actor(own)):
        may_not(actor)
    assert (scenario.title, waiting.state) == ("港口岸桥无人机巡检", "proposed")


def test_a_return_needs_a_reason_and_leaves_what_is_public(world: World) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"title": "新题目"})
    waiting = get_waiting(world.session, scenario)
    with pytest.raises(Invalid):
        return_revision(world.admin, session=world.session, proposed=waiting, version=None, reason=" ")
    world.session.rollback()
    return_revision(world.admin, session=world.session, proposed=waiting, version=None, reason="请说明原因")
    assert (waiting.state, waiting.answer, scenario.title) == ("returned", "请说明原因", "港口岸桥无人机巡检")
    with pytest.raises(HallError):
        accept_revision(world.admin, session=world.session, record=scenario, proposed=waiting, version=None)


def test_the_owner_takes_back_what_waits(world: World) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"title": "新题目"})
    with pytest.raises(Denied):
        take_back_revision(world.supplier, session=world.session, record=scenario, version=None)
    world.session.rollback()
    take_back_revision(world.demand, session=world.session, record=scenario, version=None)
    with pytest.raises(WrongState):
        take_back_revision(world.demand, session=world.session, record=scenario, version=None)


@pytest.mark.parametrize("action", ["close", "withdraw", "expire"])
def test_what_waits_ends_with_its_record(world: World, action: str) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"title": "新题目"})
    who = SYSTEM if action == "expire" else world.demand
    scenarios.end_scenario(who, session=world.session, scenario=scenario, action=action, version=None, reason="x")
    assert [each.state for each in proposed_revisions(world.session, scenario)] == ["lapsed"]


def test_nothing_of_a_suspended_organisation_becomes_public(world: World) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"title": "新题目"})
    act_on_organization(world.admin, session=world.session, organization=world.port, action="suspend", reason="x")
    with pytest.raises(Denied, match="not verified"):
        world.accepted_change(scenario)


def test_an_amendment_of_the_substance_needs_a_reason(small_world: World) -> None:
    scenario = small_world.released_scenario()
    with pytest.raises(Invalid) as caught:
        amend(
            small_world.demand,
            session=small_world.session,
            record=scenario,
            version=None,
            content={"title": "新题目"},
            reason=" ",
        )
    assert set(caught.value.fields) == {"reason"}


def test_search_sees_only_what_was_released(world: World, engine: Engine, tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "index")
    scenario = world.released_scenario()
    change(world, scenario, {"title": "管廊甲烷泄漏"})
    catch_up(engine, IndexReader(index))
    assert (found(index, "甲烷泄漏"), found(index, "岸桥无人机")) == (set(), {scenario.code})
    world.accepted_change(scenario)
    catch_up(engine, IndexReader(index))
    assert found(index, "甲烷泄漏") == {scenario.code}


def test_the_log_names_the_fields_that_changed(world: World) -> None:
    scenario = world.released_scenario()
    change(world, scenario, {"title": "新题目", "budget_max": 900_000})
    world.accepted_change(scenario)
    events = {each.kind: each.fields for each in world.session.exec(select(Event).order_by(Event.id))}
    assert events["revision.proposed"]["fields"] == events["revision.accepted"]["fields"] == ["budget_max", "title"]
    assert events["scenario.amended"]["fields"] == ["title", "budget_max"]


def test_a_listed_list_is_held_to_the_same(small_world: World, tmp_path: Path) -> None:
    """A list that is imported again never rewrites what was released without a reviewer."""
    path = tmp_path / "list.csv"
    path.write_text("id,title,text\nn1,线材检测,直径小于50μm\n", encoding="utf-8")
    take = {"session": small_world.session, "path": path, "kind": ListKind.SCENARIOS}
    operator = operator_of(small_world.session, find_account(small_world.session, "admin@hall.example"))
    import_list(operator, options=ImportOptions(releases=True), **take)
    path.write_text("id,title,text\nn1,线材检测,直径小于40μm\n", encoding="utf-8")
    report = import_list(operator, options=ImportOptions(), **take)
    assert (report.waiting, report.updated, report.errors) == (1, 0, [])
    again = import_list(operator, options=ImportOptions(), **take)
    assert (again.waiting, again.unchanged) == (0, 1)
    (scenario,) = small_world.session.exec(select(Scenario))
    assert "50μm" in scenario.situation
    answered = import_list(operator, options=ImportOptions(releases=True), **take)
    small_world.session.refresh(scenario)
    assert (answered.released, "40μm" in scenario.situation) == (1, True)


def test_a_delisted_product_that_is_listed_again_says_what_changed(world: World) -> None:
    product = world.listed_product()
    products.delist_product(world.supplier, session=world.session, product=product, version=None, reason="x")
    products.submit_product(world.supplier, session=world.session, product=product, version=None)
    products.return_product(world.admin, session=world.session, product=product, version=None, reason="x")
    products.save_draft(
        world.supplier, session=world.session, product=product, version=None, content={"summary": "另一种"}
    )
    products.submit_product(world.supplier, session=world.session, product=product, version=None)
    products.list_product(world.admin, session=world.session, product=product, version=None)
    assert (product.revision, product.substance_revision) == (2, 2)


def test_another_organisation_amends_nothing(small_world: World) -> None:
    scenario = small_world.released_scenario()
    stranger = small_world.person("stranger@x.example")
    small_world.organization(stranger, Side.BOTH, "别的单位")
    with pytest.raises(Denied):
        amend(
            small_world.actor(stranger),
            session=small_world.session,
            record=scenario,
            version=None,
            content={"title": "新题目"},
            reason="x",
        )
