"""The reader of the log that encodes what is released and listed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, delete, select

from scenario_hall.core.db import transaction
from scenario_hall.language.text import language_of
from scenario_hall.log.chain import ReaderCursor, move_cursor
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.readers import Batch, DatabaseReader, subjects_of
from scenario_hall.matching.engine.closeness import reference_texts
from scenario_hall.matching.engine.parts import parts_of_need, parts_of_offer
from scenario_hall.matching.from_rows import need_of, offer_of
from scenario_hall.meaning.encoder import Encoder
from scenario_hall.meaning.vectors import pack, to_bytes
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.models import RecordVector
from scenario_hall.search.vectors import REFERENCE


class MeaningReader(DatabaseReader):
    """Keeps each public record's ``RecordVector``. What has not changed since, and was encoded by the same encoder, is
    not encoded again; another encoder begins at the log's first entry."""

    name = ReaderName.MEANING

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def prepare(self, session: Session, *, reads_model: bool = True) -> None:
        """Read the model (a command that may have nothing to encode does without: it takes seconds), and store what
        closeness is measured against; after a change of the encoder go back to the beginning. Raises OSError where a
        server does not answer."""
        texts = {REFERENCE: [text for _, text in reference_texts()]}
        if not self._missing(session, texts):
            if reads_model:
                self._encoder.encode([texts[REFERENCE][0]])
            return
        rows = self._encoded(texts)
        with transaction(session):
            _store(session, rows)
            session.exec(delete(ReaderCursor).where(col(ReaderCursor.name) == self.name))

    def advance(self, session: Session, batch: Batch) -> None:
        scenario_ids = subjects_of(batch.events, "scenario", self.name)
        product_ids = subjects_of(batch.events, "product", self.name)
        texts: dict[str, list[str]] = {}
        for scenario in session.exec(select(Scenario).where(col(Scenario.id).in_(scenario_ids))):
            if scenario.is_public():
                texts[scenario.code] = [part.text for part in parts_of_need(need_of(scenario))]
        for product in session.exec(select(Product).where(col(Product.id).in_(product_ids))):
            if product.is_public():
                texts[product.code] = [part.text for part in parts_of_offer(offer_of(product))]
        # Encoded before anything is written: whoever else wants to write waits for no calculation.
        rows = self._encoded(self._missing(session, texts))
        with transaction(session):
            _store(session, rows)
            move_cursor(session, self.name, after=batch.after, position=batch.position)

    def _missing(self, session: Session, texts: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
        """Those of the texts that are not stored as they are now."""
        query = select(RecordVector.code, RecordVector.encoder, RecordVector.digest)
        stored = {
            code: (encoder, digest)
            for code, encoder, digest in session.exec(query.where(col(RecordVector.code).in_(list(texts))))
        }
        return {
            code: parts for code, parts in texts.items() if stored.get(code) != (self._encoder.name, digest_of(parts))
        }

    def _encoded(self, texts: Mapping[str, Sequence[str]]) -> list[RecordVector]:
        if not texts:
            return []
        vectors = pack(self._encoder.encode([text for parts in texts.values() for text in parts]))
        rows, begin = [], 0
        for code, parts in texts.items():
            rows.append(
                RecordVector(
                    code=code,
                    encoder=self._encoder.name,
                    language=language_of(parts[0]),
                    digest=digest_of(parts),
                    parts=len(parts),
                    vectors=to_bytes(vectors[begin : begin + len(parts)]),
                )
            )
            begin += len(parts)
        return rows


def digest_of(parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _store(session: Session, rows: Sequence[RecordVector]) -> None:
    if rows:
        session.exec(delete(RecordVector).where(col(RecordVector.code).in_([row.code for row in rows])))
        session.add_all(rows)
