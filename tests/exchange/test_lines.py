from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from scenario_hall.core.values import Comparison, Necessity, Requirement, Specification
from scenario_hall.exchange import faults
from scenario_hall.exchange.lines import (
    format_requirement,
    format_specification,
    parse_requirements,
    parse_specifications,
)
from scenario_hall.quantities.requirements import read_requirements

METRICS = st.sampled_from(["续航时间", "载重", "flight time", "IP等级", "定位精度(水平)", "working temperature"])
UNITS = st.sampled_from(["", "min", "kg", "m/s", "℃", "次/日"])
NUMBERS = st.floats(-1e9, 1e9).map(lambda number: round(number, 3) + 0.0)
NOTES = st.sampled_from(["", "满载", "at sea level [ISO] = 1"])


def nothing(_text: str) -> list:
    return []


@settings(max_examples=150)
@given(METRICS, st.sampled_from(list(Comparison)), NUMBERS, NUMBERS, UNITS, st.sampled_from(list(Necessity)), NOTES)
def test_an_exported_requirement_reads_back(metric, comparison, value, high, unit, necessity, note):
    has = comparison is Comparison.HAS
    try:
        line = Requirement(
            metric=metric,
            comparison=comparison,
            value=None if has else value,
            value_high=high if comparison is Comparison.BETWEEN else None,
            unit="" if has else unit,
            necessity=necessity,
            note=note,
        )
    except ValidationError:
        assume(False)
    assert parse_requirements(format_requirement(line), read=nothing) == ([line], [])


@settings(max_examples=100)
@given(METRICS, st.none() | NUMBERS, st.none() | NUMBERS, UNITS, NOTES)
def test_an_exported_specification_reads_back(metric, value, high, unit, note):
    assume(high is None or (value is not None and high >= value))
    line = Specification(metric=metric, value=value, value_high=high, unit="" if value is None else unit, note=note)
    assert parse_specifications(format_specification(line), read=nothing) == ([line], [])


def test_prose_goes_to_the_reader_and_what_it_does_not_read_is_told():
    lines, silent = parse_requirements("载重≥20kg；航程≥40公里；离地60个单位", read=read_requirements)
    assert [(line.metric, line.value, line.unit) for line in lines] == [("载重", 20, "kg"), ("航程", 40, "公里")]
    assert [(fault.reason, fault.value) for fault in silent] == [(faults.UNREAD_LINES, "离地60个单位")]


def test_json_lines_are_taken_as_they_are_and_broken_ones_are_told():
    text = '[{"metric": "载重", "comparison": "at_least", "value": 20, "unit": "kg"}]'
    assert parse_requirements(text, read=nothing)[0][0].value == 20
    assert parse_requirements('[{"metric": ""}]', read=nothing)[1][0].reason == faults.BAD_LINES
