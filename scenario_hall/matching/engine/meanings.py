"""The meanings of all products, and of all scenarios, as arrays by slot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenario_hall.matching.engine.closeness import Floats, Meaning, standard_scores
from scenario_hall.meaning.vectors import Packed, cosines

# So many products at once: their vectors stay in the cache.
BLOCK = 4096


class OfferMeanings:
    """Of each product the vector of its whole."""

    def __init__(self) -> None:
        self._vectors: Packed = np.zeros((0, 0), np.int8)
        self._languages = np.zeros(0, np.int8)
        self._present = np.zeros(0, np.bool_)

    def put(self, slot: int, meaning: Meaning | None) -> None:
        """Raises ValueError for a vector of another encoder's length."""
        if meaning is None:
            self.drop(slot)
            return
        dimensions = meaning.vectors.shape[1]
        if not len(self._present):
            self._vectors = np.zeros((0, dimensions), np.int8)
        while slot >= len(self._present):
            more = max(64, len(self._present))
            self._vectors = np.concatenate([self._vectors, np.zeros((more, dimensions), np.int8)])
            self._languages = np.concatenate([self._languages, np.zeros(more, np.int8)])
            self._present = np.concatenate([self._present, np.zeros(more, np.bool_)])
        self._vectors[slot] = meaning.vectors[0]
        self._languages[slot] = meaning.language
        self._present[slot] = True

    def drop(self, slot: int) -> None:
        if slot < len(self._present):
            self._present[slot] = False

    def of(self, slot: int) -> Meaning | None:
        """What was put, of the parts the whole alone."""
        if slot >= len(self._present) or not self._present[slot]:
            return None
        nothing = np.zeros(0)
        return Meaning(self._vectors[slot : slot + 1], int(self._languages[slot]), nothing, nothing)

    def across(self, need: Meaning, slots: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the slots, ascending, are in another language than the scenario; shape (slots,)."""
        found = np.zeros(len(slots), np.bool_)
        known = slots[: np.searchsorted(slots, len(self._languages))]
        found[: len(known)] = self._languages[known] != need.language
        return found

    def scores(self, need: Meaning, slots: NDArray[np.int64]) -> Floats:
        """The standard score of each of the slots, ascending; −∞ where there is no vector. Shape (slots,)."""
        found = np.full(len(slots), -np.inf)
        known = np.flatnonzero(self._present[slots[: np.searchsorted(slots, len(self._present))]])
        for begin in range(0, len(known), BLOCK):
            places = known[begin : begin + BLOCK]
            chosen = slots[places]
            found[places] = standard_scores(need, self._vectors[chosen], self._languages[chosen])
        return found


@dataclass(frozen=True)
class _Stack:
    """The vectors of all scenarios' parts one behind the other, and where each scenario's begin."""

    slots: NDArray[np.int64]
    starts: NDArray[np.int64]
    vectors: Packed
    means: Floats
    deviations: Floats
    languages: NDArray[np.int8]


class NeedMeanings:
    """Of each scenario the vectors of all its parts."""

    def __init__(self) -> None:
        self._meanings: dict[int, Meaning] = {}
        self._stack: _Stack | None = None

    def put(self, slot: int, meaning: Meaning | None) -> None:
        self.drop(slot)
        if meaning is not None:
            self._meanings[slot] = meaning

    def drop(self, slot: int) -> None:
        self._meanings.pop(slot, None)
        self._stack = None

    def scores(self, offer: Meaning, capacity: int) -> tuple[Floats, NDArray[np.bool_]]:
        """The standard score of every scenario's slot with a product, −∞ where there is no vector, and which are in
        another language; shapes (capacity,)."""
        found, across = np.full(capacity, -np.inf), np.zeros(capacity, np.bool_)
        if self._meanings:
            stack = self._stack = self._stack or self._stacked()
            best = np.maximum.reduceat(cosines(stack.vectors, offer.vectors[:1])[:, 0], stack.starts)
            language = offer.language
            found[stack.slots] = (best - stack.means[:, language]) / stack.deviations[:, language]
            across[stack.slots] = stack.languages != language
        return found, across

    def _stacked(self) -> _Stack:
        meanings = list(self._meanings.values())
        counts = [len(meaning.vectors) for meaning in meanings]
        return _Stack(
            slots=np.fromiter(self._meanings, np.int64, len(meanings)),
            starts=np.cumsum([0, *counts[:-1]]),
            vectors=np.concatenate([meaning.vectors for meaning in meanings]),
            means=np.array([meaning.means for meaning in meanings]),
            deviations=np.array([meaning.deviations for meaning in meanings]),
            languages=np.array([meaning.language for meaning in meanings], np.int8),
        )
