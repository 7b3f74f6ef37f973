"""A scenario and a product as the matcher sees them: weighted words, concepts of the taxonomy, measurable lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from scenario_hall.core.values import Requirement, Specification
from scenario_hall.matching.engine.asking import ASIDE_WEIGHT, Kind, sentences_of, weighed, without_asides
from scenario_hall.matching.engine.closeness import Meaning
from scenario_hall.matching.engine.negations import denied_words, is_done_by_hand, wants_autonomy
from scenario_hall.matching.engine.statistics import average_length, rarity
from scenario_hall.matching.engine.word_counts import (
    CONCEPT,
    FAMILY_WEIGHTS,
    GLOSS,
    asked_weights,
    count_different_words,
    count_glosses,
    count_terms,
    latin_words,
    length_of,
    saturated,
)
from scenario_hall.quantities.requirements import read_specifications, requirements_wanted
from scenario_hall.quantities.verdicts import PreparedRequirement, prepare_requirement
from scenario_hall.taxonomy.metrics import find_metric
from scenario_hall.taxonomy.taxonomy import TagKind, Taxonomy

# How much each part of a record counts.
TITLE, WANTED, BACKGROUND = 2.2, 1.0, 1.0
K1, B = 1.2, 0.6
KIND_WEIGHTS = {TagKind.TECHNOLOGY: 1.0, TagKind.DOMAIN: 0.6, TagKind.SETTING: 0.3}


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
    A pair's words and tags are worth the sum of the products of the two. ``perfect_score``: what the words of a perfect
    answer to a scenario would be worth. ``glossed``: of a scenario, for each gloss the words that it translates.
    """

    code: str
    weights: Mapping[str, float]
    perfect_score: float
    concepts: Mapping[str, float]
    different_words: int
    requirements: tuple[Requirement, ...] = ()
    specifications: tuple[Specification, ...] = ()
    is_read: bool = False
    """Were the requirements read from prose, and confirmed by nobody?"""
    by_hand: bool = False
    wants_autonomy: bool = False
    glossed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    meaning: Meaning | None = field(default=None, compare=False)
    need: Need | None = field(default=None, compare=False)
    offer: Offer | None = field(default=None, compare=False)

    @cached_property
    def prepared_requirements(self) -> tuple[PreparedRequirement, ...]:
        """The requirements, ready to be held against many products."""
        return tuple(prepare_requirement(requirement) for requirement in self.requirements)


def features_of_need(need: Need, taxonomy: Taxonomy) -> Features:
    """A scenario's features; where it has no requirement lines, those that its prose states."""
    sentences = sentences_of("", need.situation, need.wanted)
    background = without_asides(sentences_of("", need.situation))
    parts = ((need.title, TITLE), (_prose_of(need.requirements), WANTED), *weighed(sentences))
    counts = count_terms(parts)
    weights: dict[str, float] = {}
    perfect_score = 0.0
    for term, asks in asked_weights(counts).items():
        weights[term] = asks
        perfect_score += asks * counts[term] * (K1 + 1) / (counts[term] + K1)
    glossed: dict[str, tuple[str, ...]] = {}
    for stem, (number, sources) in count_glosses(counts).items():
        weights[stem] = weights.get(stem, 0.0) + FAMILY_WEIGHTS[GLOSS] * saturated(number) * rarity(stem)
        glossed[stem] = sources
    for stem, number in latin_words(counts).items():
        weights[GLOSS + stem] = FAMILY_WEIGHTS[GLOSS] * saturated(number) * rarity(stem)
    concepts = _concepts(need.tags, need.domains, [(need.title, 1.0), (need.wanted, 0.7), (background, 0.5)], taxonomy)
    asked = "\n".join(sentence.text for sentence in sentences if sentence.kind in (Kind.ASKS, Kind.MEASURES))
    for slug, weight in concepts.items():
        weights[CONCEPT + slug] = FAMILY_WEIGHTS[CONCEPT] * weight * rarity(CONCEPT + slug)
    return Features(
        code=need.code,
        weights=weights,
        perfect_score=perfect_score,
        concepts=concepts,
        different_words=count_different_words(counts),
        requirements=need.requirements or tuple(requirements_wanted(need.wanted, background)),
        is_read=not need.requirements,
        wants_autonomy=wants_autonomy(f"{need.title}\n{asked}"),
        glossed=glossed,
        need=need,
    )


def features_of_offer(offer: Offer, taxonomy: Taxonomy) -> Features:
    """A product's features; what only its prose states is added to its specification lines."""
    counts = count_terms(((offer.title, TITLE), *_told_of(offer), (_prose_of(offer.specifications), BACKGROUND)))
    denied = denied_words(f"{offer.text} {offer.title}")
    length = length_of(counts)
    norm = K1 * (1 - B + B * length / average_length())
    weights = {
        term: (-1.0 if term in denied else 1.0) * number * (K1 + 1) / (number + norm) for term, number in counts.items()
    }
    for stem, (number, _) in count_glosses(counts).items():
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
        perfect_score=0.0,
        concepts=concepts,
        different_words=count_different_words(counts),
        specifications=specifications,
        by_hand=is_done_by_hand(f"{offer.title} {offer.text}"),
        offer=offer,
    )


def glossed_words(offer: Offer) -> dict[str, tuple[str, ...]]:
    """Of a product, for each gloss the Chinese words that it translates."""
    counts = count_terms(((offer.title, TITLE), *_told_of(offer)))
    return {stem: sources for stem, (_, sources) in count_glosses(counts).items()}


def counted_terms(title: str, text: str, taxonomy: Taxonomy) -> tuple[set[str], float]:
    """A record's terms and its length in words; what the statistics count."""
    counts = count_terms(((title, TITLE), (text, BACKGROUND)))
    concepts = _concepts((), (), [(f"{title}\n{text}", 1.0)], taxonomy)
    return {*counts, *(CONCEPT + slug for slug in concepts)}, length_of(counts)


def _prose_of(lines: Iterable[Requirement] | Iterable[Specification]) -> str:
    """What measurable lines say in words. The name of a usual measure is none of it: every other product states a
    working temperature, and the verdict on the line says already what there is to say."""
    return " ".join(f"{'' if find_metric(line.metric) else line.metric} {line.note}" for line in lines)


def _told_of(offer: Offer) -> list[tuple[str, float]]:
    """What the product's text says of it; praise and history hardly count."""
    return [
        (sentence.text, ASIDE_WEIGHT if sentence.kind is Kind.ASIDE else BACKGROUND)
        for sentence in sentences_of("", offer.text)
    ]


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
