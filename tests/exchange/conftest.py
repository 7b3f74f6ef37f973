"""A small world to read lists in: four regions, four tags, and the real reader of quantities."""

from datetime import date

import pytest

from scenario_hall.exchange.reading import parse_table
from scenario_hall.exchange.row_reader import LookUps
from scenario_hall.exchange.rows import check_products, check_scenarios
from scenario_hall.quantities.requirements import read_requirements, read_specifications

TODAY = date(2026, 11, 23)
REGIONS = {"珠海": "440400", "韶关": "440200", "清远": "441800", "香港": "810000"}
TAGS = {"低空经济": "low-altitude", "应急管理": "emergency", "機械人": "robotics", "低空經濟": "low-altitude"}


@pytest.fixture
def look_ups():
    return LookUps(
        find_regions=lambda text: [code for name, code in REGIONS.items() if name in text],
        find_tag=TAGS.get,
        read_requirements=read_requirements,
        read_specifications=read_specifications,
    )


@pytest.fixture
def scenarios(look_ups):
    return lambda text, **more: check_scenarios(parse_table(text.encode()), look_ups=look_ups, today=TODAY, **more)


@pytest.fixture
def products(look_ups):
    return lambda text: check_products(parse_table(text.encode()), look_ups=look_ups, today=TODAY)
