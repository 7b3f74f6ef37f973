"""What the records that are matched mean: the stored vectors, read for the matcher."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from sqlmodel import Session

from scenario_hall.matching.engine.closeness import Reference, meaning_of, reference_of, reference_texts
from scenario_hall.matching.engine.features import Features
from scenario_hall.matching.engine.matcher import Match, Matcher
from scenario_hall.matching.engine.pairing import MOST_MEANING
from scenario_hall.matching.engine.parts import closest_sentences, parts_of
from scenario_hall.meaning.vectors import Packed
from scenario_hall.search.vectors import REFERENCE, vectors_after, vectors_of

MOST_LATE = 500
# Where the meaning adds less than half of what it can in one language, two sentences would explain little.
SHOWN_MEANING = MOST_MEANING / 2


class RecordMeanings:
    """The vectors of one encoder, by its name; None: there are none, and records are matched by their words."""

    def __init__(self, encoder: str | None) -> None:
        self._encoder = encoder
        self._reference: Reference | None = None
        self._looked_to = 0  # the last row of vectors that was looked at

    def all(self, session: Session) -> dict[str, Packed]:
        """Everything that is stored, by code."""
        found: dict[str, Packed] = {}
        self._looked_to = 0
        if self._encoder is not None and self._is_ready(session):
            for row in vectors_after(session, self._encoder, 0):
                found[row.code], self._looked_to = row.vectors, row.id
        return found

    def of(self, session: Session, codes: Sequence[str]) -> dict[str, Packed]:
        if self._encoder is None or not self._is_ready(session):
            return {}
        return vectors_of(session, self._encoder, codes)

    def late(self, session: Session, matcher: Matcher) -> Iterator[str]:
        """The codes of records that were matched by words alone, since their vectors could not be made then, and have
        them now."""
        if self._encoder is None or not self._is_ready(session):
            return
        for row in list(islice(vectors_after(session, self._encoder, self._looked_to), MOST_LATE)):
            self._looked_to = row.id
            if row.code in matcher and not matcher.has_meaning(row.code):
                yield row.code

    def put_on(self, features: Features, vectors: Packed | None) -> Features:
        """The features with what the vectors mean."""
        if vectors is None or self._reference is None:
            return features
        return replace(features, meaning=meaning_of(parts_of(features)[0].text, vectors, self._reference))

    def closest(self, session: Session, matcher: Matcher, matches: Sequence[Match]) -> list[tuple[str, str] | None]:
        """Of each match the two sentences that are closest in meaning; None where the meaning says little."""
        close = [match for match in matches if match.reasons.parts["meaning"] >= SHOWN_MEANING]
        vectors = self.of(session, list({code for match in close for code in (match.scenario, match.product)}))
        found: list[tuple[str, str] | None] = []
        for match in matches:
            need, offer = vectors.get(match.scenario), vectors.get(match.product)
            if need is None or offer is None or match.reasons.parts["meaning"] < SHOWN_MEANING:
                found.append(None)
                continue
            parts = [parts_of(matcher.known(code)) for code in (match.scenario, match.product)]
            # A text that has changed since has other parts.
            is_same = [len(need), len(offer)] == [len(each) for each in parts]
            found.append(closest_sentences(parts[0], need, parts[1], offer) if is_same else None)
        return found

    def _is_ready(self, session: Session) -> bool:
        """Is there what closeness is measured against? Of another list of products it would measure nothing."""
        if self._reference is None and self._encoder is not None:
            stored = vectors_of(session, self._encoder, [REFERENCE]).get(REFERENCE)
            if stored is not None and len(stored) == len(reference_texts()):
                self._reference = reference_of(stored)
        return self._reference is not None
