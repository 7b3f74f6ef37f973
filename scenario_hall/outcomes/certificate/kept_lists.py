"""The two lists of what was revoked, each signed when it has changed and every hour, and given to all until then.

A kept list is given only where it says what the log says now, so that nobody who can write rows brings an old one back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, func, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.keys import Ring
from scenario_hall.outcomes.certificate.did import did_of
from scenario_hall.outcomes.certificate.documents import revocations_document
from scenario_hall.outcomes.certificate.models import CertificateCredential, SignedCertificate, SignedList
from scenario_hall.outcomes.certificate.proofs import with_proofs
from scenario_hall.outcomes.certificate.status_list import status_document

RENEWED_EVERY = timedelta(hours=1)
REVOCATIONS, STATUS = "revocations", "status"


def signed_revocations(session: Session, ring: Ring, base_url: str) -> dict[str, Any]:
    """The list of revoked certificates by their numbers, signed as certificates are."""
    document = revocations_document(session, base_url)
    return _kept(session, ring, REVOCATIONS, document, _as_signed, lambda: ring.sign(document))


def status_credential(session: Session, ring: Ring, base_url: str) -> dict[str, Any]:
    """The status list of the credentials, with proofs as they have."""
    document = status_document(session, base_url)
    # In use from the moment that it is signed, which the kept one says.
    dated = {"validFrom": now().strftime("%Y-%m-%dT%H:%M:%SZ")}
    return _kept(
        session, ring, STATUS, document, _as_proved, lambda: with_proofs({**document, **dated}, ring, did_of(base_url))
    )


def _kept(
    session: Session,
    ring: Ring,
    name: str,
    document: Mapping[str, Any],
    read: Callable[[Mapping[str, Any]], tuple[datetime, Mapping[str, Any]]],
    sign: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """The list ``name`` as it is kept, if it says ``document`` and is of this hour, else signed now."""
    covers = _covered(session, ring)
    row = session.get(SignedList, name, populate_existing=True)
    if row is not None and row.covers == covers:
        signed_at, says = read(row.signed)
        if says == document and signed_at <= now() < signed_at + RENEWED_EVERY:
            return dict(row.signed)
    fresh = sign()
    try:
        with transaction(session):
            row = session.get(SignedList, name, with_for_update=True) or SignedList(name=name, covers="", signed={})
            row.covers, row.signed = covers, fresh
            session.add(row)
    except IntegrityError:  # another process was faster
        session.rollback()
    return fresh


def _covered(session: Session, ring: Ring) -> str:
    """What a list must not be older than: the key that signs, and the last certificate that was signed in either form,
    since whoever checks refuses a list that is older than the certificate."""
    signed = session.exec(select(func.max(SignedCertificate.id))).one()
    credentials = session.exec(select(func.count()).select_from(CertificateCredential)).one()
    return f"{ring.ensure_key().id} {signed or 0} {credentials}"


def _as_signed(kept: Mapping[str, Any]) -> tuple[datetime, Mapping[str, Any]]:
    says = dict(kept["document"])
    return datetime.fromisoformat(says.pop("signed_at")), says


def _as_proved(kept: Mapping[str, Any]) -> tuple[datetime, Mapping[str, Any]]:
    says = {name: value for name, value in kept.items() if name not in ("proof", "validFrom")}
    return datetime.fromisoformat(kept["proof"][0]["created"]), says
