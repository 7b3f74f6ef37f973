"""The parts of a record that are encoded, each with the sentence that a reader is shown for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenario_hall.matching.engine.asking import Kind, Sentence, sentences_of, without_asides
from scenario_hall.matching.engine.features import Features, Need, Offer
from scenario_hall.meaning.vectors import Packed, cosines

MOST_PARTS = 12
LONGEST_WHOLE = 400
# What is encoded first where a text has more sentences.
_ORDER = (Kind.ASKS, Kind.MEASURES, Kind.PROBLEM, Kind.PLAIN)


@dataclass(frozen=True, slots=True)
class Part:
    """A text to encode, and the sentence of it that is shown."""

    text: str
    sentence: str


def parts_of(features: Features) -> list[Part]:
    """The parts of a scenario or a product."""
    if features.need is not None:
        return parts_of_need(features.need)
    if features.offer is not None:
        return parts_of_offer(features.offer)
    raise ValueError(f"{features.code} is neither scenario nor product")


def parts_of_need(need: Need) -> list[Part]:
    """The whole, the title, and each sentence that is not beside the point."""
    return _parts(need.title, sentences_of(need.title, need.situation, need.wanted), with_title=True)


def parts_of_offer(offer: Offer) -> list[Part]:
    """The whole, and each sentence for showing."""
    return _parts(offer.title, sentences_of(offer.title, offer.text), with_title=False)


def _parts(title: str, sentences: Sequence[Sentence], *, with_title: bool) -> list[Part]:
    whole = without_asides(sentences)[: LONGEST_WHOLE + len(title)]
    told = [sentence for sentence in sentences if sentence.kind in _ORDER]
    told = sorted(told, key=lambda sentence: _ORDER.index(sentence.kind))[: MOST_PARTS - 2]
    parts = [Part(whole, title), *([Part(title, title)] if with_title else [])]
    return parts + [Part(f"{title}\n{sentence.text}", sentence.text) for sentence in told]


def closest_sentences(
    need_parts: Sequence[Part], need: Packed, offer_parts: Sequence[Part], offer: Packed
) -> tuple[str, str]:
    """The two sentences, as their authors wrote them, that are closest: of the scenario the one that made the number,
    of the product the one closest to that."""
    asked = int(cosines(need, offer[:1]).argmax())
    answered = 1 + int(cosines(need[asked : asked + 1], offer[1:]).argmax()) if len(offer) > 1 else 0
    return need_parts[asked].sentence, offer_parts[answered].sentence
