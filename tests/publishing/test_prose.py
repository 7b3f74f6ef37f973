"""A text read for its author: what is plain is taken, what is not is left out, and no text breaks it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core.clock import end_of_local_day
from scenario_hall.core.values import Currency
from scenario_hall.products.prose import product_in
from scenario_hall.publishing.prose import LONGEST_TITLE, clauses, title_and_body
from scenario_hall.scenarios.prose import scenario_in
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

TAXONOMY = Taxonomy(load_shipped_tags())
BODY = "深圳妈湾港靠人工登高检查岸桥,每台停机2小时。希望引入无人机夜间巡检,续航时间不少于40分钟。"


def test_a_whole_text_is_read_field_by_field() -> None:
    read = scenario_in(f"岸桥无人机巡检\n{BODY}预算50-80万元,申请截止时间为2099年3月31日。", TAXONOMY)
    assert read["title"] == "岸桥无人机巡检"
    assert read["situation"].startswith("深圳妈湾港") and "希望" not in read["situation"]
    assert read["wanted_result"].startswith("希望引入无人机")
    assert read["region"] == "440300" and "low-altitude" in read["domains"]
    assert (read["budget_min"], read["budget_max"], read["currency"]) == (500_000, 800_000, Currency.CNY)
    assert read["deadline"] == end_of_local_day(date(2099, 3, 31))
    assert [(line["metric"], line["value"]) for line in read["requirements"]] == [("续航时间", 40)]


def test_what_the_text_does_not_say_is_empty() -> None:
    read = scenario_in("我们想要一个好办法。", TAXONOMY)
    assert (read["region"], read["budget_min"], read["budget_max"], read["deadline"]) == ("", None, None, None)
    assert read["requirements"] == [] and read["domains"] == []


def test_a_day_that_is_over_is_no_deadline() -> None:
    assert scenario_in("申请截止2020年3月31日。", TAXONOMY)["deadline"] is None


SUMS = st.sampled_from(
    [
        ("预算{}万元", Currency.CNY),
        ("项目经费约为{}万元", Currency.CNY),
        ("资金规模:{}万元", Currency.CNY),
        ("the budget is HK${},000", Currency.HKD),
    ]
)


@given(SUMS, st.integers(10, 900), st.sampled_from(["", BODY, "第一行\n"]))
def test_a_budget_is_read_wherever_it_stands(form: tuple[str, Currency], amount: int, before: str) -> None:
    pattern, currency = form
    read = scenario_in(f"{before}{pattern.format(amount)}。其他事项面谈。", TAXONOMY)
    assert (read["budget_max"], read["currency"]) == (
        amount * (1_000 if currency is Currency.HKD else 10_000),
        currency,
    )


@given(st.text(max_size=400))
def test_any_text_makes_a_draft(text: str) -> None:
    for read in (scenario_in(text, TAXONOMY), product_in(text, TAXONOMY)):
        assert len(read["title"]) <= LONGEST_TITLE and "\n" not in read["title"]
    title, body = title_and_body(text)
    for clause in clauses(text):
        assert clause in body or clause in title or clause in text


@given(st.text(alphabet="甲乙丙。，\n", max_size=60))
def test_no_word_is_lost(text: str) -> None:
    title, body = title_and_body(text)
    kept = f"{title}{body}"
    assert all(text.count(letter) <= kept.count(letter) for letter in "甲乙丙")


def test_a_product_is_read_with_its_price_and_readiness() -> None:
    read = product_in("机场巡检系统\n六旋翼无人机,续航45分钟。技术成熟度8级,售价约30万元。", TAXONOMY)
    assert (read["title"], read["readiness_level"]) == ("机场巡检系统", 8)
    assert (read["price_min"], read["price_max"]) == (300_000, 300_000)
    assert [line["metric"] for line in read["specifications"]] == ["续航"]
