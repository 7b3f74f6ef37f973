"""Reasons are in the authors' own words, in every language, and none of them only links or counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenario_hall.language.text import Language, is_cjk, register_terms
from scenario_hall.matching.engine.closeness import reference_texts
from scenario_hall.matching.engine.evaluation import read_judged
from scenario_hall.matching.engine.explanation import Reasons
from scenario_hall.matching.engine.features import Need, Offer, features_of_need, features_of_offer
from scenario_hall.matching.engine.matcher import Matcher
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

DATA = Path(__file__).parent / "data"
TOP = 20
# Written for this test, apart from the list that the matcher has.
EMPTY = frozenset(
    (
        "zero one two three four five six seven eight nine ten eleven twelve twenty thirty hundred thousand first second third "
        "once twice and or but nor so yet for of in on at by to from with without within into onto over under between among "
        "across along through during before after until since while when whenever where wherever whether which who whose "
        "what how why this that these those there here it its they them their we our you your he she his her is are was were "
        "be been being has have had do does did not no can may must shall should will would a an the any all each every both "
        "some such same other another than then too very also only just even still again ever never always often more most "
        "less least many much few several per via "
        "zero um uma dois duas três quatro cinco seis sete oito nove dez onze doze vinte trinta cem mil primeiro segundo "
        "terceiro e ou mas nem de da do das dos em na no nas nos por pelo pela pelos pelas para com sem sob sobre entre "
        "até após antes durante desde enquanto quando onde como que quem cujo cuja qual quais se este esta estes estas esse "
        "essa isso isto aquele aquela ele ela eles elas seu sua seus suas nosso nossa o a os as ao aos à às um uns umas é são "
        "foi ser está estão ter tem têm há não já também ainda sempre nunca muito muitos muita muitas mais menos outro outra "
        "outros outras mesmo mesma cada todo toda todos todas qualquer alguns algumas vários várias"
    ).split()
) | frozenset(
    "的 和 与 及 或 在 是 对 为 等 之 其 并 将 以 于 由 从 到 把 被 也 都 而 且 以及 并且 或者 而且 但 但是 因此 所以 如果 其中 同时 "
    "一 二 三 四 五 六 七 八 九 十 百 千 万 一个 两个 三个 每个 个 各 每 第一 第二".split()
)


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    made = Taxonomy(load_shipped_tags())
    register_terms(made.terms())
    return made


def pairs_of(needs: list[Need], offers: list[Offer], taxonomy: Taxonomy) -> Iterator[tuple[str, str, Reasons]]:
    """The two texts and the reasons of each of the best pairs."""
    matcher = Matcher(taxonomy)
    matcher.put_all(features_of_offer(offer, taxonomy) for offer in offers)
    matcher.put_all(features_of_need(need, taxonomy) for need in needs)
    told = {offer.code: f"{offer.title}\n{offer.text}" for offer in offers}
    for need in needs:
        for match in matcher.matches_of(need.code, top=TOP):
            yield f"{need.title}\n{need.situation}", told[match.product], match.reasons


def is_latin(letter: str) -> bool:
    return letter.isalpha() and not is_cjk(letter)


def check(asked: str, answered: str, reasons: Reasons) -> int:
    """How many words are shown."""
    shown = [(word, asked) for word, _ in reasons.words]
    shown += [(word, answered) for word in reasons.denied]
    shown += [pair for each in reasons.translations for pair in ((each.asked, asked), (each.answered, answered))]
    for word, text in shown:
        place = text.find(word)
        assert place >= 0, (word, "is not in the author's text")
        assert word.lower() not in EMPTY, (word, "only links or counts")
        if not is_cjk(word):
            whole = [
                begin
                for begin in range(len(text))
                if text.startswith(word, begin)
                and not is_latin(text[begin - 1 : begin])
                and not is_latin(text[begin + len(word) : begin + len(word) + 1])
            ]
            assert whole, (word, "is a part of a word")
    return len(shown)


@pytest.mark.parametrize("name", ["judged-a", "judged-b", "judged-c", "judged-d", "judged-e", "judged-f"])
def test_reasons_over_the_judged_sets(name: str, taxonomy: Taxonomy) -> None:
    files = (
        [json.loads(line) for line in (DATA / name / f"{part}.jsonl").read_text("utf-8").splitlines()]
        for part in ("scenarios", "products", "pairs")
    )
    judged = read_judged(*files, taxonomy)
    assert sum(check(*pair) for pair in pairs_of(list(judged.needs), list(judged.offers), taxonomy)) > 100


@pytest.mark.parametrize("language", list(Language))
def test_reasons_within_one_language(language: Language, taxonomy: Taxonomy) -> None:
    """The products of the fixed list, each asked for as if it were a need."""
    texts = [text.split("\n", 1) for own, text in reference_texts() if own is language]
    needs = [Need(f"S-{number}", title, situation=text) for number, (title, text) in enumerate(texts)]
    offers = [Offer(f"P-{number}", title, text) for number, (title, text) in enumerate(texts)]
    assert sum(check(*pair) for pair in pairs_of(needs, offers, taxonomy)) > 100
