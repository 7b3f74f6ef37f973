"""What another quantity is measured at is no measure of the product."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.quantities.conditions import without_conditions, without_portuguese_conditions
from scenario_hall.quantities.quantities import read_quantities

CONDITIONS = (
    "在{}直流电压下，绝缘电阻不小于100MΩ",
    "在{}压力下绝缘电阻不小于100MΩ",
    "负载{}时，绝缘电阻不小于100MΩ",
    "温度为{}、湿度60%时，绝缘电阻不小于100MΩ",
    "绝缘电阻在{}环境下不小于100MΩ",
    "當水深超過{}時，絕緣電阻不小於100MΩ",
    "At {} the insulation resistance shall be no less than 100 MΩ",
    "When the load exceeds {}, the insulation resistance must be at least 100 MΩ",
    "Insulation resistance measured at {} must be at least 100 MΩ",
    "A resistência de isolamento deve ser superior a 100 MΩ com carga de {}",
    "Com tensão de {}, a resistência de isolamento deve ser superior a 100 MΩ",
    "Quando a carga ultrapassar {}, a resistência de isolamento deve ser superior a 100 MΩ",
)


@pytest.mark.parametrize("condition", ["500 V", "25 °C", "10 kg", "0.6 MPa", "30 km/h"])
@pytest.mark.parametrize("sentence", CONDITIONS)
def test_a_condition_is_not_claimed(sentence: str, condition: str) -> None:
    (found,) = read_quantities(sentence.format(condition))
    assert (found.low, found.comparison, found.unit) == (100, "at_least", "MΩ")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("抓取成功率由92%提升至99%", 99),
        ("含尘量由10mg/m³降到5mg/m³以下", 5),
        ("Cleaning time must be cut from 60 minutes to 20 minutes", 20),
        ("Drinking water output should rise from 400 to 600 litres per hour", 600),
        ("A taxa de reciclagem deve passar de 60 % para 85 %", 85),
        ("Reduzir o tempo de espera de 40 minutos para 15 minutos", 15),
    ],
)
def test_of_a_change_what_it_comes_to_counts(text: str, target: float) -> None:
    (found,) = read_quantities(text)
    assert (found.low, found.high) == (target, None)


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("温度控制在25℃以下", 25),
        ("续航时间30分钟", 30),
        ("5秒内下发，续航2小时", 5),
        ("在30分钟内完成充电，续航2小时", 30),
        ("设备可在海拔4500米以下地区使用，重20公斤", 4500),
    ],
)
def test_what_the_thing_can_do_stays(text: str, low: float) -> None:
    assert low in [each.low for each in read_quantities(text)]
    assert without_conditions(text) == text


@given(st.text(max_size=300), st.sampled_from((without_conditions, without_portuguese_conditions)))
def test_places_stay(text: str, without: object) -> None:
    assert callable(without)
    rest = without(text)
    assert len(rest) == len(text)
    assert all(kept in (written, " ") for kept, written in zip(rest, text, strict=True))
