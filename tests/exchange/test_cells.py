import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.exchange.cells import (
    Contact,
    guard,
    is_formula,
    parse_contact,
    parse_readiness,
    parse_side,
    split_list,
    split_slashes,
    unguard,
)
from scenario_hall.language.faults import Fault
from scenario_hall.organizations.models import Side


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://example.invalid","点击")', "=1+1", "＝1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", " =1"]
)
def test_a_formula_is_told_as_one(text):
    assert is_formula(text)


@pytest.mark.parametrize("text", ["-1", "+852 2123 4567", "-20℃~50℃", "- 夜更人手不足", "±2cm", "a=b", ""])
def test_signs_that_people_write_are_no_formulas(text):
    assert not is_formula(text)


@settings(max_examples=200)
@given(st.text(alphabet="=+-@'\t1aA(|! 一＝", max_size=8))
def test_a_guarded_cell_is_no_formula_and_reads_back(text):
    guarded = guard(text)
    assert not is_formula(guarded)
    assert unguard(guarded) == text or guarded == text
    assert unguard(guard(text)) == text


def test_a_plain_number_needs_no_guard():
    assert guard("-1.5") == "-1.5"


def test_a_cell_with_several_values_is_split_at_every_usual_mark():
    assert split_list("低空经济、应急管理；智慧交通;机器人，海洋,|AI\n低空经济") == [
        "低空经济",
        "应急管理",
        "智慧交通",
        "机器人",
        "海洋",
        "AI",
    ]
    assert split_slashes("低空經濟/機械人") == ["低空經濟", "機械人"]


@pytest.mark.parametrize(
    ("text", "level"),
    [("8级", 8), ("TRL9", 9), ("TRL 6-7", 6), ("7", 7), ("八級", 8), ("9.0", 9), ("不详的8", None), ("", None)],
)
def test_a_readiness_level_is_read_from_its_usual_spellings(text, level):
    found = parse_readiness(text)
    assert found == level if level or not text else isinstance(found, Fault)


@pytest.mark.parametrize("text", ["-1", "0", "10", "量产"])
def test_a_readiness_level_outside_one_to_nine_is_told(text):
    assert isinstance(parse_readiness(text), Fault)


def test_a_contact_is_taken_apart():
    assert parse_contact("区应急管理局 0756-0000001") == Contact("区应急管理局", "0756-0000001")
    assert parse_contact("陈先生，电话：+852 2123 4567，chan@example.org") == Contact(
        "陈先生", "+852 2123 4567", "chan@example.org"
    )
    assert parse_contact("𠮷田 0755－12345678") == Contact("𠮷田", "0755-12345678")
    assert parse_contact("李工 13800000000、13900000000") == Contact("李工", "13800000000 / 13900000000")
    assert parse_contact("王工 ０７５５–１２３４５６７８ ｗａｎｇ＠example.org") == Contact(
        "王工", "0755-12345678", "wang@example.org"
    )
    assert parse_contact("張生\u200b \u200e+852\u00a02123\u00a04567") == Contact("張生", "+852 2123 4567")
    assert parse_contact("採購組, ext. 000") == Contact("採購組, ext. 000")


def test_the_side_is_read_in_words():
    assert parse_side("需求方") is Side.DEMAND
    assert parse_side("供給方") is Side.SUPPLY
    assert parse_side("供需双方") is Side.BOTH
    assert parse_side("") is None
    assert isinstance(parse_side("其他"), Fault)
