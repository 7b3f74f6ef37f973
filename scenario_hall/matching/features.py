"""A scenario and a product as the matcher sees them: weighted words, concepts of the taxonomy, measurable lines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from scenario_hall.core.values import Requirement, Specification
from scenario_hall.matching.requirements import read_requirements, read_specifications
from scenario_hall.search.text import grams, is_cjk, words
from scenario_hall.taxonomy.taxonomy import TagKind, Taxonomy

# What every public list says and no pair shares by it.
BOILERPLATE = frozenset(
    "开展 实现 提升 项目 技术 需求 企业 公司 研究 开发 研发 应用 要求 进行 通过 具有 采用 产品 系统 解决 方案 问题 目前 现有 希望 需要 "
    "提高 提供 建设 相关 主要 能力 方面 内容 目标 预期 情况 工作 基础 以及 可以 能够 支持 完成 形成 达到 以上 以下 不少 少于 低于 不低 不低于 "
    "不超 超过 不超过 有限 有限公司 国家 高新 高新技术 发展 平台 设备 场景 使用 拟 现 已 可 有 人 年 个 项 需 不 无 中 上 下 大 小 "
    "技术开发 合作 企业技术 领域 行业 市场 服务 管理 功能 性能 指标 数据 智能 自动 "
    "use used using need needed require required system project technology product solution provide support company".split()
)
GENERIC = frozenset("系统 平台 设备 数据 智能 自动 管理 服务".split())
GRAM_WEIGHT = 0.12
TITLE, WANTED, BACKGROUND, PROFILE = 2.2, 1.3, 1.0, 0.25
KIND_WEIGHTS = {TagKind.TECHNOLOGY: 1.0, TagKind.DOMAIN: 0.6, TagKind.SETTING: 0.3}
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
    """What both sides are compared by: term → weighted count, concept slug → weight, the measurable lines, and the
    total weight of the words (the document's length)."""

    code: str
    terms: Mapping[str, float]
    length: float
    concepts: Mapping[str, float]
    requirements: tuple[Requirement, ...] = ()
    specifications: tuple[Specification, ...] = ()
    need: Need | None = field(default=None, compare=False)
    offer: Offer | None = field(default=None, compare=False)


def features_of_need(need: Need, taxonomy: Taxonomy) -> Features:
    """A scenario's features; where it has no requirement lines, those that its prose states."""
    background, profile = _split_profile(need.situation)
    lines = " ".join(f"{line.metric} {line.note}" for line in need.requirements)
    parts = (
        (need.title, TITLE),
        (need.wanted, WANTED),
        (lines, BACKGROUND),
        (background, BACKGROUND),
        (profile, PROFILE),
    )
    terms = _terms(parts)
    requirements = need.requirements or tuple(read_requirements(f"{need.wanted}\n{background}"))
    concepts = _concepts(need.tags, need.domains, [(need.title, 1.0), (need.wanted, 0.7), (background, 0.5)], taxonomy)
    return Features(need.code, terms, sum(terms.values()), concepts, requirements=requirements, need=need)


def features_of_offer(offer: Offer, taxonomy: Taxonomy) -> Features:
    """A product's features; where it has no specification lines, those that its text states."""
    lines = " ".join(f"{line.metric} {line.note}" for line in offer.specifications)
    terms = _terms(((offer.title, TITLE), (offer.text, BACKGROUND), (lines, BACKGROUND)))
    # A stated line wins; what only the prose says is added, so that a number given in words is not unknown.
    stated = {line.metric for line in offer.specifications}
    specifications = offer.specifications + tuple(
        line for line in read_specifications(f"{offer.title}\n{offer.text}") if line.metric not in stated
    )
    concepts = _concepts(offer.tags, offer.domains, [(offer.title, 1.0), (offer.text, 0.6)], taxonomy)
    return Features(offer.code, terms, sum(terms.values()), concepts, specifications=specifications, offer=offer)


def _split_profile(text: str) -> tuple[str, str]:
    found = _PROFILE.search(text)
    if found is None or found.start() < len(text) // 4:
        return text, ""
    return text[: found.start()], text[found.start() :]


def _terms(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    counts: defaultdict[str, float] = defaultdict(float)
    for text, weight in parts:
        for word, count in _word_counts(text):
            counts[word] += weight * count
    return dict(counts)


@lru_cache(maxsize=2048)
def _word_counts(text: str) -> tuple[tuple[str, float], ...]:
    counts: defaultdict[str, float] = defaultdict(float)
    for word in words(text):
        if word not in BOILERPLATE and not word.replace(".", "").isdigit():
            counts[word] += 1.0 if len(word) > 1 else 0.3
    for gram in grams(text):
        if len(gram) == 2 and is_cjk(gram) and gram not in BOILERPLATE:
            counts[f"~{gram}"] += GRAM_WEIGHT
    return tuple(counts.items())


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
