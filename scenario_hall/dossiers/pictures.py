"""Which picture stands for a record in lists and on cards."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, select

from scenario_hall.core.files import IMAGES, StoredFile
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario


def pictures_of(session: Session, records: Iterable[Scenario | Product]) -> dict[str, int]:
    """Code → id of the record's first picture; a record without one is not among them. One statement a kind."""
    found: dict[str, int] = {}
    by_kind: dict[str, dict[int, str]] = {}
    for record in records:
        by_kind.setdefault(record.subject, {})[record.pk] = record.code
    for kind, codes in by_kind.items():
        query = (
            select(StoredFile.id, StoredFile.subject_id)
            .where(
                col(StoredFile.subject_kind) == kind,
                col(StoredFile.subject_id).in_(codes),
                col(StoredFile.content_type).in_(IMAGES),
            )
            .order_by(col(StoredFile.id))
        )
        for file_id, subject_id in session.exec(query):
            if file_id is not None:
                found.setdefault(codes[subject_id], file_id)
    return found
