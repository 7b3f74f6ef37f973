"""What was read in a record's text is kept with it."""

from __future__ import annotations

from dataclasses import replace

from scenario_hall.products import service as products
from scenario_hall.products.reading import SPECIFICATIONS_IN_TEXT
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.reading import REQUIREMENTS_IN_TEXT
from tests.world import World


def metrics(lines: object) -> list[str]:
    return [line.metric for line in lines]  # type: ignore[attr-defined]


def test_a_saved_text_is_not_read_again(world: World) -> None:
    scenario = world.draft_scenario(wanted_result="单架次续航不少于40分钟。")
    scenarios.save_draft(
        world.demand, session=world.session, scenario=scenario, version=None, content={"situation": "每天飞3次。"}
    )
    never = replace(REQUIREMENTS_IN_TEXT, read=None)  # type: ignore[arg-type]
    assert metrics(never.lines(scenario).lines) == ["单架次续航"]
    assert never.lines(scenario).lines == REQUIREMENTS_IN_TEXT.lines(scenario).lines


def test_a_changed_text_is_read_anew(world: World) -> None:
    product = world.draft_product(summary="续航45分钟的无人机。")
    owner = world.supplier
    products.save_draft(
        owner, session=world.session, product=product, version=None, content={"summary": "载重6公斤的无人机。"}
    )
    assert metrics(SPECIFICATIONS_IN_TEXT.lines(product).lines) == ["载重"]
    product.summary = "最大速度80公里/小时。"  # as an import writes it
    assert metrics(SPECIFICATIONS_IN_TEXT.lines(product).lines) == ["最大速度"]
