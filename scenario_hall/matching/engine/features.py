"""A scenario and a product as the matcher sees them: weighted words, concepts of the taxonomy, measurable lines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from heapq import nlargest

from scenario_hall.core.values import Requirement, Specification
from scenario_hall.language.text import characters, is_cjk, tokens
from scenario_hall.matching.engine.glossary import glosses
from scenario_hall.matching.engine.negations import denied_words, is_done_by_hand, wants_autonomy
from scenario_hall.matching.engine.statistics import average_length, is_common, rarity
from scenario_hall.quantities.requirements import (
    AskedLine,
    asked_line,
    read_specifications,
    requirements_wanted,
    wanted_part,
)
from scenario_hall.taxonomy.metrics import find_metric, unit_names
from scenario_hall.taxonomy.taxonomy import TagKind, Taxonomy

# What every public list says and no pair shares by it.
BOILERPLATE = frozenset(
    "开展 实现 提升 项目 技术 需求 企业 公司 研究 开发 研发 应用 要求 进行 通过 具有 采用 产品 系统 解决 方案 问题 目前 现有 希望 需要 "
    "提高 提供 建设 相关 主要 能力 方面 内容 目标 预期 情况 工作 基础 以及 可以 能够 支持 完成 形成 达到 以上 以下 不少 少于 低于 不低 不低于 "
    "不超 超过 不超过 有限 有限公司 国家 高新 高新技术 发展 平台 设备 场景 使用 拟 现 已 可 有 人 年 个 项 需 不 无 中 上 下 大 小 "
    "技术开发 合作 企业技术 领域 行业 市场 服务 管理 功能 性能 指标 数据 智能 自动 "
    "use used using need needed require required system project technology product solution provide support company "
    "per abov below within everi each least most than more less over under between must should shall can will want seek "
    "look our we us you your they has have had do does no not up down out all any both other one two three new now onli "
    "while when where which who what how into through via without after befor dure about around well also so if but".split()
)
# How much each part of a record says of what it is about.
TITLE, WANTED, BACKGROUND, PROFILE = 2.2, 1.0, 1.0, 0.25
# A part of a longer word (电动 and 自行 in 电动自行车) says less than the word.
PART_OF_WORD = 0.3
SINGLE_CHARACTER = 0.3
K1, B = 1.2, 0.6
MOST_CHARACTERS = 25
MOST_WORDS = 40
# Families of terms beside whole words, told apart by their first character.
CHARACTER, GLOSS, CONCEPT = "~", "@", "#"
FAMILY_WEIGHTS = {"word": 1.0, CHARACTER: 0.6, GLOSS: 2.5, CONCEPT: 1.0}
KIND_WEIGHTS = {TagKind.TECHNOLOGY: 1.0, TagKind.DOMAIN: 0.6, TagKind.SETTING: 0.3}
# Words of measuring and counting: requirements hold them against each other, with their numbers.
MEASURING = frozenset(unit_names()) | frozenset(
    "约 每 至 天 日 月 年 单 双 多 台 套 条 片 位 处 种 只 块 张 枚 组 级 倍 余 内 外 后 前 时 一 两 三 四 五 六 七 八 九 十 各 全 可 能 不 未 无 非 低 高 大 小".split()
)
# Where a published need stops speaking of the need and begins to speak of the company.
_PROFILE = re.compile(r"想有工作基础|现有工作基础|企业简介|公司简介|公司成立于|成立于\d{4}年|有限公司是一家|是一家")


@dataclass(frozen=True)
class Need:
    """A scenario. Sums are in yuan, about; tags and domains are slugs."""

    code: str
    title: str
    situation: str = ""
    wanted: str = ""
    requirements: tuple[Requirement, ...] = ()
    domains: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    region: str = ""
    budget_low: float | None = None
    budget_high: float | None = None
    organization_id: int | None = None
    deadline: datetime | None = None


@dataclass(frozen=True)
class Offer:
    """A product."""

    code: str
    title: str
    text: str = ""
    specifications: tuple[Specification, ...] = ()
    domains: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    regions_served: tuple[str, ...] = ()
    price_low: float | None = None
    price_high: float | None = None
    readiness_level: int | None = None
    certificates_in_force: int | None = None
    organization_id: int | None = None


@dataclass(frozen=True)
class Features:
    """What both sides are compared by.

    ``weights``: of a scenario, how much each term asks; of a product, how much it answers (less than 0: denies it).
    A pair's words and tags are worth the sum of the products of the two. ``own``: what a scenario's words would be
    worth to its perfect answer. ``glossed``: of a scenario, for each gloss the words that it translates.
    """

    code: str
    weights: Mapping[str, float]
    own: float
    concepts: Mapping[str, float]
    different_words: int
    requirements: tuple[Requirement, ...] = ()
    specifications: tuple[Specification, ...] = ()
    is_read: bool = False
    """Were the requirements read from prose, and confirmed by nobody?"""
    by_hand: bool = False
    wants_autonomy: bool = False
    glossed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    need: Need | None = field(default=None, compare=False)
    offer: Offer | None = field(default=None, compare=False)

    @cached_property
    def asked_lines(self) -> tuple[AskedLine, ...]:
        """The requirements, ready to be held against many products."""
        return tuple(asked_line(requirement) for requirement in self.requirements)


def features_of_need(need: Need, taxonomy: Taxonomy) -> Features:
    """A scenario's features; where it has no requirement lines, those that its prose states."""
    background, profile = _split_profile(need.situation)
    now, asked = wanted_part(background)
    lines = _told_by(need.requirements)
    parts = (
        (need.title, TITLE),
        (need.wanted, WANTED),
        (lines, WANTED),
        (now, BACKGROUND),
        (asked, WANTED),
        (profile, PROFILE),
    )
    counts = _counts(parts)
    weights: dict[str, float] = {}
    own = 0.0
    for term, asks in _asked(counts).items():
        weights[term] = asks
        own += asks * counts[term] * (K1 + 1) / (counts[term] + K1)
    glossed: dict[str, tuple[str, ...]] = {}
    for stem, (number, sources) in _glosses(counts).items():
        weights[stem] = weights.get(stem, 0.0) + FAMILY_WEIGHTS[GLOSS] * _saturated(number) * rarity(stem)
        glossed[stem] = sources
    for stem, number in _latin(counts).items():
        weights[GLOSS + stem] = FAMILY_WEIGHTS[GLOSS] * _saturated(number) * rarity(stem)
    concepts = _concepts(need.tags, need.domains, [(need.title, 1.0), (need.wanted, 0.7), (background, 0.5)], taxonomy)
    for slug, weight in concepts.items():
        weights[CONCEPT + slug] = FAMILY_WEIGHTS[CONCEPT] * weight * rarity(CONCEPT + slug)
    return Features(
        code=need.code,
        weights=weights,
        own=own,
        concepts=concepts,
        different_words=_different_words(counts),
        requirements=need.requirements or tuple(requirements_wanted(need.wanted, background)),
        is_read=not need.requirements,
        wants_autonomy=wants_autonomy(f"{need.title}\n{need.wanted}\n{asked}"),
        glossed=glossed,
        need=need,
    )


def features_of_offer(offer: Offer, taxonomy: Taxonomy) -> Features:
    """A product's features; what only its prose states is added to its specification lines."""
    lines = _told_by(offer.specifications)
    counts = _counts(((offer.title, TITLE), (offer.text, BACKGROUND), (lines, BACKGROUND)))
    denied = denied_words(f"{offer.text} {offer.title}")
    length = _length(counts)
    norm = K1 * (1 - B + B * length / average_length())
    weights = {
        term: (-1.0 if term in denied else 1.0) * number * (K1 + 1) / (number + norm) for term, number in counts.items()
    }
    for stem, (number, _) in _glosses(counts).items():
        weights[GLOSS + stem] = number * (K1 + 1) / (number + norm)
    concepts = _concepts(offer.tags, offer.domains, [(offer.title, 1.0), (offer.text, 0.6)], taxonomy)
    weights.update({CONCEPT + slug: weight for slug, weight in concepts.items()})
    # A stated line wins; what only the prose says is added, so that a number given in words is not unknown.
    stated = {line.metric for line in offer.specifications}
    specifications = offer.specifications + tuple(
        line for line in read_specifications(f"{offer.title}\n{offer.text}") if line.metric not in stated
    )
    return Features(
        code=offer.code,
        weights=weights,
        own=0.0,
        concepts=concepts,
        different_words=_different_words(counts),
        specifications=specifications,
        by_hand=is_done_by_hand(f"{offer.title} {offer.text}"),
        offer=offer,
    )


def glossed_words(offer: Offer) -> dict[str, tuple[str, ...]]:
    """Of a product, for each gloss the Chinese words that it translates."""
    counts = _counts(((offer.title, TITLE), (offer.text, BACKGROUND)))
    return {stem: sources for stem, (_, sources) in _glosses(counts).items()}


def counted_terms(title: str, text: str, taxonomy: Taxonomy) -> tuple[set[str], float]:
    """A record's terms and its length in words; what the statistics count."""
    counts = _counts(((title, TITLE), (text, BACKGROUND)))
    concepts = _concepts((), (), [(f"{title}\n{text}", 1.0)], taxonomy)
    return {*counts, *(CONCEPT + slug for slug in concepts)}, _length(counts)


def _told_by(lines: Iterable[Requirement] | Iterable[Specification]) -> str:
    """What measurable lines say in words. The name of a usual measure is none of it: every other product states a
    working temperature, and the verdict on the line says already what there is to say."""
    return " ".join(f"{'' if find_metric(line.metric) else line.metric} {line.note}" for line in lines)


def _split_profile(text: str) -> tuple[str, str]:
    found = _PROFILE.search(text)
    if found is None or found.start() < len(text) // 4:
        return text, ""
    return text[: found.start()], text[found.start() :]


def _counts(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    counts: defaultdict[str, float] = defaultdict(float)
    for text, weight in parts:
        for term, number in _term_counts(text):
            counts[term] += weight * number
    return dict(counts)


@lru_cache(maxsize=2048)
def _term_counts(text: str) -> tuple[tuple[str, float], ...]:
    counts: defaultdict[str, float] = defaultdict(float)
    found = tokens(text)
    longest: dict[int, int] = {}
    for token in found:
        longest[token.start] = max(longest.get(token.start, 0), token.end)
    wholes = sorted(longest.items())
    for token in found:
        word = token.text
        if word in BOILERPLATE or word in MEASURING or (word[0].isdigit() and not re.search("[a-z]", word)):
            continue
        is_part = any(
            start <= token.start and token.end <= end and end - start > token.end - token.start for start, end in wholes
        )
        counts[word] += (1.0 if len(word) > 1 else SINGLE_CHARACTER) * (PART_OF_WORD if is_part else 1.0)
    for character in characters(text):
        counts[CHARACTER + character] += 1.0
    return tuple(counts.items())


def _asked(counts: Mapping[str, float]) -> dict[str, float]:
    """How much each word asks, of the MOST_WORDS and the MOST_CHARACTERS that ask most: the common ones stand in
    every other record, and would cost most of the work to say least."""
    words: list[tuple[float, str]] = []
    characters_asked: list[tuple[float, str]] = []
    for term, number in counts.items():
        asks = _saturated(number) * rarity(term)
        if term[0] != CHARACTER:
            words.append((asks, term))
        elif not is_common(term):
            characters_asked.append((asks * FAMILY_WEIGHTS[CHARACTER], term))
    most = (*nlargest(MOST_WORDS, words), *nlargest(MOST_CHARACTERS, characters_asked))
    return {term: asks for asks, term in most}


def _saturated(number: float) -> float:
    return 2.0 * number / (number + 1.0)


def _length(counts: Mapping[str, float]) -> float:
    return sum(number for term, number in counts.items() if term[0] != CHARACTER)


def _different_words(counts: Mapping[str, float]) -> int:
    return sum(term[0] != CHARACTER for term in counts)


def _latin(counts: Mapping[str, float]) -> dict[str, float]:
    return {term: number for term, number in counts.items() if term.isascii() and term.isalpha() and len(term) > 2}


def _glosses(counts: Mapping[str, float]) -> dict[str, tuple[float, tuple[str, ...]]]:
    """English stem → (weighted count, the Chinese words that it translates)."""
    numbers: defaultdict[str, float] = defaultdict(float)
    sources: defaultdict[str, list[str]] = defaultdict(list)
    for term, number in counts.items():
        if term[0] != CHARACTER and is_cjk(term):
            for stem, weight in glosses(term):
                numbers[stem] += number * weight
                sources[stem].append(term)
    return {stem: (number, tuple(sources[stem])) for stem, number in numbers.items()}


def _concepts(
    tags: Iterable[str], domains: Iterable[str], texts: Iterable[tuple[str, float]], taxonomy: Taxonomy
) -> dict[str, float]:
    """Tags chosen (1), tags whose names the texts mention (less), and what stands above either (half, a quarter …)."""
    direct: dict[str, float] = {}
    for slug in (*tags, *domains):
        direct[slug] = 1.0
    for text, weight in texts:
        for slug in taxonomy.mentioned_in(text):
            direct[slug] = max(direct.get(slug, 0.0), weight)
    concepts: dict[str, float] = {}
    for slug, weight in direct.items():
        kind = taxonomy.get(slug).kind
        # Two records in one domain, and more so in one kind of place, may have nothing else in common.
        own = weight * KIND_WEIGHTS[kind]
        concepts[slug] = max(concepts.get(slug, 0.0), own)
        for steps, above in enumerate(taxonomy.ancestors(slug), start=1):
            concepts[above] = max(concepts.get(above, 0.0), own * 0.5**steps)
    return concepts
