"""The vectors of all records in memory, and how close each lies to a query."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from scenario_hall.language.text import Language
from scenario_hall.meaning.vectors import Packed, cosines

LANGUAGES = tuple(Language)
# With fewer records of a language their mean says nothing: they are measured among all.
ENOUGH = 20
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Closeness:
    """How close each record is to a query, in deviations above the mean of its language."""

    scores: Floats
    languages: NDArray[np.int8]
    codes: list[str]
    slots: dict[str, int]

    def of(self, code: str) -> float:
        """0 for what has no vector."""
        slot = self.slots.get(code)
        return float(self.scores[slot]) if slot is not None else 0.0

    def closest(self, number: int, least: float, language: Language, *, across: bool) -> list[str]:
        """The codes of those that score at least so much, the closest first: ``across``, of those in another language
        than this one, else of those in it."""
        is_own = self.languages == LANGUAGES.index(language)
        found = np.flatnonzero((self.scores >= least) & (is_own != across))
        order = found[np.argsort(-self.scores[found], kind="stable")][:number]
        return [self.codes[slot] for slot in order.tolist()]

    def ranking(self, number: int) -> list[str]:
        """The codes of the closest of all."""
        return [self.codes[slot] for slot in np.argsort(-self.scores, kind="stable")[:number].tolist()]


class VectorStore:
    """One vector a record; follows the stored rows (``search/vectors.py``). Safe to share by threads."""

    def __init__(self) -> None:
        self.position = 0
        self._guard = Lock()
        self._vectors: Packed = np.zeros((0, 0), np.int8)
        self._languages = np.zeros(0, np.int8)
        self._codes: list[str] = []
        self._slots: dict[str, int] = {}

    def put(self, code: str, language: Language, vector: NDArray[np.int8], position: int) -> None:
        with self._guard:
            slot = self._slots.get(code, len(self._codes))
            if slot == len(self._codes):
                if slot == len(self._languages):
                    more = max(256, slot)
                    old = self._vectors if slot else np.zeros((0, len(vector)), np.int8)
                    self._vectors = np.concatenate([old, np.zeros((more, len(vector)), np.int8)])
                    self._languages = np.concatenate([self._languages, np.zeros(more, np.int8)])
                self._codes.append(code)
                self._slots[code] = slot
            self._vectors[slot] = vector
            self._languages[slot] = LANGUAGES.index(language)
            self.position = max(self.position, position)

    def __len__(self) -> int:
        return len(self._codes)

    def closeness(self, query: Packed) -> Closeness | None:
        """None where there are too few records to compare."""
        with self._guard:
            count = len(self._codes)
            vectors, languages = self._vectors[:count], self._languages[:count]
        if count < 2 or vectors.shape[1] != query.shape[1]:
            return None
        found = cosines(query, vectors)[0].astype(np.float64)
        scores = _standard(found, found)
        for place in range(len(LANGUAGES)):
            own = languages == place
            if np.count_nonzero(own) >= ENOUGH:
                scores[own] = _standard(found[own], found[own])
        return Closeness(scores, languages, self._codes, self._slots)


def _standard(values: Floats, among: Floats) -> Floats:
    return np.asarray((values - among.mean()) / max(1e-6, float(among.std())))
