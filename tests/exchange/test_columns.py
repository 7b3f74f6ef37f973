import pytest

from scenario_hall.core.values import Currency
from scenario_hall.exchange.columns import Certainty, ListKind, is_known_header, map_columns, targets


def meaning(header, kind, **more):
    return {column.header: column.target for column in map_columns(header, kind, **more).columns}


def test_headers_of_both_scripts_and_english_are_known():
    assert meaning(["场景名称", "所屬領域", "現況與痛點", "技術要求", "實施地點", "完成时限"], ListKind.SCENARIOS) == {
        "场景名称": "title",
        "所屬領域": "domains",
        "現況與痛點": "text",
        "技術要求": "requirements",
        "實施地點": "region",
        "完成时限": "deadline",
    }
    assert meaning(["Product Name", "Model", "主要技术指标", "价格区间", "首次销售时间"], ListKind.PRODUCTS) == {
        "Product Name": "title",
        "Model": "model",
        "主要技术指标": "specifications",
        "价格区间": "price",
        "首次销售时间": "earlier_uses",
    }


@pytest.mark.parametrize("kind", list(ListKind))
def test_our_own_column_names_are_sure(kind):
    own = [target for target in targets(kind) if target not in ("measure", "ordinal")]
    assert [(column.target, column.certainty) for column in map_columns(own, kind).columns] == [
        (target, Certainty.SURE) for target in own
    ]


def test_marks_numbering_and_brackets_of_a_header_do_not_matter():
    assert meaning(["*1. 场景名称（必填）"], ListKind.SCENARIOS) == {"*1. 场景名称（必填）": "title"}


def test_the_header_of_a_sum_gives_its_currency_and_unit():
    columns = map_columns(["預算(港幣)", "名称"], ListKind.SCENARIOS).columns
    assert (columns[0].target, columns[0].currency, columns[0].factor) == ("budget", Currency.HKD, None)
    assert map_columns(["投资规模（万元）"], ListKind.SCENARIOS).columns[0].factor == 10_000


def test_a_header_that_contains_a_known_name_is_guessed_and_any_other_is_unknown():
    found = map_columns(["主要应用场景名称", "颜色"], ListKind.SCENARIOS)
    assert [column.target for column in found.guessed] == ["title"]
    assert [column.header for column in found.unknown] == ["颜色"]


def test_a_header_that_hints_at_a_contact_is_one_before_anything_else():
    assert meaning(["单位联系人手机号码"], ListKind.SCENARIOS) == {"单位联系人手机号码": "contact"}


def test_only_one_column_is_the_title_and_texts_may_be_several():
    found = map_columns(["项目名称", "场景名称", "背景", "痛点"], ListKind.SCENARIOS)
    assert [column.header for column in found.of("title")] == ["项目名称"]
    assert [column.header for column in found.of("text")] == ["背景", "痛点"]
    assert [column.header for column in found.unknown] == ["场景名称"]


def test_what_a_person_chose_wins():
    chosen = {"场景名称": "title", "项目名称": None, "颜色": "tags"}
    assert meaning(["项目名称", "场景名称", "颜色"], ListKind.SCENARIOS, chosen=chosen) == {
        "项目名称": None,
        "场景名称": "title",
        "颜色": "tags",
    }
    with pytest.raises(ValueError, match="no such meaning"):
        map_columns(["a"], ListKind.SCENARIOS, chosen={"a": "colour"})


def test_unnamed_columns_of_numbers_become_measures_with_their_units():
    header = ["name", "weight", "Payload (kg)", "rotors", "mobile_no", "class"]
    cells = [dict(zip(header, ["A", "3000", "2.5", "4", "13800000000", "C2"], strict=True))]
    found = map_columns(header, ListKind.PRODUCTS, cells=cells)
    assert [(column.metric, column.unit) for column in found.of("measure")] == [
        ("weight", "g"),
        ("payload", "kg"),
        ("rotors", ""),
    ]
    assert {column.header for column in found.unknown} <= {"mobile_no", "class"}


def test_long_numbers_are_never_measures():
    found = map_columns(["name", "代号"], ListKind.PRODUCTS, cells=[{"name": "A", "代号": "13800000000"}])
    assert not found.of("measure")


def test_known_headers_are_told():
    assert is_known_header("場景名稱")
    assert not is_known_header("附件1:")
