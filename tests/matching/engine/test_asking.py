"""What a text asks: wishes, measures and headings count, history, policy and praise do not."""

from __future__ import annotations

import pytest

from scenario_hall.matching.engine.asking import (
    LONGEST,
    MOST_SENTENCES,
    Kind,
    sentences_of,
    weighed,
    without_asides,
)
from scenario_hall.matching.engine.features import Need, Offer, features_of_need, features_of_offer
from scenario_hall.matching.engine.matcher import Matcher
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

TAXONOMY = Taxonomy(load_shipped_tags())


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("希望引入水下清洗机器人", Kind.ASKS),
        ("擬徵求自動稱重設備", Kind.ASKS),
        ("We are looking for a robot that paints ceilings", Kind.ASKS),
        ("Pretende-se um sistema de rega autónomo", Kind.ASKS),
        ("清洗效率每小时200平方米以上", Kind.MEASURES),
        ("Endurance 40 min", Kind.MEASURES),
        ("人工检查费时,漏检多", Kind.PROBLEM),
        ("Readings are taken by hand", Kind.PROBLEM),
        ("A contagem é feita manualmente", Kind.PROBLEM),
        ("岸桥共有十二台", Kind.PLAIN),
        ("为贯彻落实上级要求,推动高质量发展", Kind.ASIDE),
        ("公司荣获省科技进步奖", Kind.ASIDE),
        ("Our group is a leading operator with years of experience", Kind.ASIDE),
        ("A empresa foi fundada em Macau", Kind.ASIDE),
    ],
)
def test_a_sentence_is_what_it_does_in_any_language(sentence: str, kind: Kind) -> None:
    (found,) = sentences_of("", sentence)
    assert found.kind == kind


@pytest.mark.parametrize("heading", ["技术需求:", "(二)具体要求", "Requirements:", "Requisitos:"])
def test_under_a_heading_that_asks_a_line_asks_without_saying_so(heading: str) -> None:
    (found,) = sentences_of("", f"{heading}\n1. 防水夜视镜头\n")
    assert (found.text, found.kind) == ("1. 防水夜视镜头", Kind.ASKS)


@pytest.mark.parametrize("heading", ["一、项目背景", "企业简介:", "About us", "Enquadramento:"])
def test_under_a_heading_of_history_a_plain_line_is_beside_the_point(heading: str) -> None:
    (found,) = sentences_of("", f"{heading}\n本站有十二条皮带机。")
    assert found.kind is Kind.ASIDE


def test_a_table_flattened_into_a_line_is_taken_row_by_row() -> None:
    found = sentences_of("", "项目|指标\n续航|≥60分钟|抗风|6级以上")
    assert [each.text for each in found if each.kind is not Kind.PLAIN] == ["≥60分钟", "6级以上"]


def test_sentences_are_short_few_different_and_in_order() -> None:
    text = (
        "\n".join(f"第{number}段说的是别的事," * 30 for number in range(60))
        + "\n希望引入清洗机器人。希望引入清洗机器人。"
    )
    found = sentences_of("标题", text)
    assert len(found) == MOST_SENTENCES
    assert all(len(each.text) <= LONGEST + 20 for each in found)
    assert len({each.text for each in found}) == len(found)
    assert (found[0].kind, found[-1].text) == (Kind.TITLE, "希望引入清洗机器人。")


def test_all_that_tells_how_things_are_counts_as_one_sentence_that_asks() -> None:
    found = dict(weighed(sentences_of("", "岸桥有十二台。码头在东边。皮带机也有。希望引入机器人。公司荣获省奖。")))
    assert found["希望引入机器人。"] == 1.0
    assert sum(found[each] for each in ("岸桥有十二台。", "码头在东边。", "皮带机也有。")) == pytest.approx(1.0)
    assert found["公司荣获省奖。"] < 0.1


def test_what_is_cut_at_a_comma_is_one_text_again() -> None:
    sentence = "要求" + ",".join(f"第{number}项精度不低于{number}毫米" for number in range(1, 20)) + "。"
    assert without_asides(sentences_of("", f"公司荣获省奖。\n{sentence}")) == sentence


POLICY = (
    "为贯彻落实上级部署,推动高质量发展,我单位始建于1987年,占地面积三百亩,荣获省科技进步奖,是国内一流的高新技术企业。"
    * 4
)


def test_two_pages_of_history_leave_the_best_product_the_best() -> None:
    asks = "希望引入巡检机器人,识别皮带跑偏和托辊异响。"
    offers = (
        Offer("P-1", "皮带巡检机器人", "沿轨道巡检,识别皮带跑偏、托辊异响和烟雾。"),
        Offer("P-2", "科技成果管理平台", "管理科技进步奖申报、高新技术企业认定与政策匹配,推动高质量发展。"),
    )
    for text in (asks, f"{POLICY}\n{asks}\n{POLICY}"):
        matcher = Matcher(TAXONOMY)
        matcher.put_all(features_of_offer(each, TAXONOMY) for each in offers)
        matcher.put(features_of_need(Need("S-1", "输煤栈桥巡检", text), TAXONOMY))
        assert matcher.matches_of("S-1")[0].product == "P-1"
        assert all(match.product != "P-2" or not match.qualifies for match in matcher.matches_of("S-1"))
