"""A list that is imported again never takes away, and what was amended by hand since stays and is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import col, select

from scenario_hall.core.policy import SYSTEM, Actor
from scenario_hall.exchange import faults
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.models import ImportedContent
from scenario_hall.exchange.references import list_reference, within_list
from scenario_hall.exchange.report import ImportOptions, ImportReport
from scenario_hall.exchange.service import import_list
from scenario_hall.products.models import Product
from scenario_hall.publishing import service as publishing
from scenario_hall.scenarios.models import Scenario
from tests.world import World

FIRST = "场景名称,场景描述,预算（万元）,联系人\n海岛投送,台风停航,300,李工 0755-12345678\n森林防火,每日巡护,200,王工\n"


def take(world: World, path: Path, text: str, name: str = "清单.csv", **options: object) -> ImportReport:
    file = path / name
    file.write_text(text, encoding="utf-8")
    given = ImportOptions(**options)  # type: ignore[arg-type]
    return import_list(SYSTEM, session=world.session, kind=ListKind.SCENARIOS, path=file, options=given)


def scenario(world: World, title: str) -> Scenario:
    world.session.expire_all()
    return world.session.exec(select(Scenario).where(col(Scenario.title) == title)).one()


def amend(world: World, title: str, **content: object) -> None:
    operator = Actor(name="operator", is_confirmed=True, is_system=True)
    publishing.save_draft(operator, session=world.session, record=scenario(world, title), version=None, content=content)


def test_a_column_that_the_list_lacks_leaves_what_is_there(world: World, tmp_path: Path) -> None:
    take(world, tmp_path, FIRST)
    report = take(world, tmp_path, "场景名称,预算（万元）\n海岛投送,400\n")
    found = scenario(world, "海岛投送")
    assert (report.updated, report.created) == (1, 0)
    assert (found.situation, found.contact_phone, found.budget_min) == ("台风停航", "0755-12345678", 4_000_000)


@pytest.mark.parametrize(("clears", "left"), [(False, "台风停航"), (True, "")])
def test_an_empty_cell_takes_away_only_where_that_was_asked(
    world: World, tmp_path: Path, clears: bool, left: str
) -> None:
    take(world, tmp_path, FIRST)
    take(world, tmp_path, "场景名称,场景描述,预算（万元）\n海岛投送,,\n", clears_empty=clears)
    found = scenario(world, "海岛投送")
    assert found.situation == left
    assert found.budget_min == (None if clears else 3_000_000)
    assert found.contact_name == "李工"  # its column is not in the list


def test_a_cell_that_cannot_be_read_is_no_empty_cell(world: World, tmp_path: Path) -> None:
    take(world, tmp_path, FIRST)
    take(world, tmp_path, "场景名称,场景描述,预算（万元）\n海岛投送,#REF!,不知道\n", clears_empty=True)
    found = scenario(world, "海岛投送")
    assert (found.situation, found.budget_min) == ("台风停航", 3_000_000)


def test_what_was_amended_by_hand_stays_and_is_told_with_both_values(world: World, tmp_path: Path) -> None:
    take(world, tmp_path, FIRST)
    amend(world, "海岛投送", situation="台风期间停航三天")
    again = take(world, tmp_path, FIRST)  # the list says what it said: nobody is asked
    assert (again.kept, [fault.reason for fault in again.faults]) == (0, [])
    new = FIRST.replace("台风停航", "冬季停航").replace("300", "350")
    for report in (take(world, tmp_path, new, only_check=True), take(world, tmp_path, new)):
        told = [fault for fault in report.faults if fault.reason == faults.CONFLICT]
        assert [(fault.row, fault.value, fault.other) for fault in told] == [(2, "冬季停航", "台风期间停航三天")]
    assert report.kept == 1
    found = scenario(world, "海岛投送")
    assert (found.situation, found.budget_min) == ("台风期间停航三天", 3_500_000)


def test_a_conflict_ends_when_both_say_the_same(world: World, tmp_path: Path) -> None:
    take(world, tmp_path, FIRST)
    amend(world, "海岛投送", situation="新的描述")
    take(world, tmp_path, FIRST.replace("台风停航", "新的描述"))
    assert take(world, tmp_path, FIRST.replace("台风停航", "更新的描述")).kept == 0
    assert scenario(world, "海岛投送").situation == "更新的描述"


def test_what_was_filled_in_by_hand_stays(world: World, tmp_path: Path) -> None:
    take(world, tmp_path, "场景名称,场景描述\n海岛投送,台风停航\n")
    amend(world, "海岛投送", budget_min=500, budget_max=500)
    report = take(world, tmp_path, FIRST)
    assert [fault.other for fault in report.faults if fault.reason == faults.CONFLICT] == ["500", "500"]
    assert scenario(world, "海岛投送").budget_min == 500


def test_a_second_list_with_the_same_titles_does_not_overwrite_the_first(world: World, tmp_path: Path) -> None:
    take(world, tmp_path, FIRST, name="深圳.csv")
    report = take(world, tmp_path, FIRST.replace("台风停航", "另一处"), name="珠海.csv")
    assert (report.created, report.updated) == (2, 0)
    same = take(world, tmp_path, FIRST.replace("台风停航", "改过"), name="深圳（改）.csv", list_name="深圳")
    assert (same.created, same.updated) == (0, 1)
    query = select(Scenario.situation).where(col(Scenario.title) == "海岛投送")
    assert set(world.session.exec(query)) == {"改过", "另一处"}


def test_a_record_of_before_lists_had_names_is_found_once(world: World, tmp_path: Path) -> None:
    take(world, tmp_path, FIRST, name="深圳.csv")
    found = scenario(world, "海岛投送")
    found.external_reference = within_list(found.external_reference or "")
    kept = world.session.exec(select(ImportedContent).where(col(ImportedContent.record_id) == found.pk)).one()
    world.session.delete(kept)
    world.session.commit()
    assert take(world, tmp_path, FIRST.replace("台风停航", "改过"), name="深圳.csv").updated == 1
    assert take(world, tmp_path, FIRST, name="珠海.csv").created == 2


def test_rows_of_an_organisation_are_known_within_it(world: World, tmp_path: Path) -> None:
    text = "产品名称,产品简介\n无人机,载重十公斤\n"
    for name in ("一.csv", "二.csv"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        options = ImportOptions(organization=world.maker)
        import_list(SYSTEM, session=world.session, kind=ListKind.PRODUCTS, path=file, options=options)
    assert len(world.session.exec(select(Product).where(col(Product.title) == "无人机")).all()) == 1


@pytest.mark.parametrize("name", ["清单", "很长的清单" * 60])
@pytest.mark.parametrize("reference", ["7", "title:" + "很长的标题" * 38])
def test_a_reference_fits_its_column_and_tells_lists_and_rows_apart(name: str, reference: str) -> None:
    whole = list_reference(name, reference)
    assert len(whole) <= 200
    assert whole != list_reference(f"{name}二", reference)
    assert whole != list_reference(name, f"{reference}二")
