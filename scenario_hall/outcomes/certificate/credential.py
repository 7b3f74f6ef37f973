"""A certificate as a Verifiable Credential 2.0 that is an Open Badge 3.0, with the log's own proof as evidence.

https://www.w3.org/TR/vc-data-model-2.0/, https://www.imsglobal.org/spec/ob/v3p0/
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import HallError
from scenario_hall.core.keys import Ring
from scenario_hall.core.texts import N_
from scenario_hall.core.values import Comparison
from scenario_hall.log.chain import Event
from scenario_hall.log.checkpoints import latest
from scenario_hall.log.merkle import inclusion_proof
from scenario_hall.log.tree import leaf_of, subtrees
from scenario_hall.outcomes.certificate.did import did_of
from scenario_hall.outcomes.certificate.documents import certified_lines
from scenario_hall.outcomes.certificate.logged import APPROVED, NotInLog, require_logged
from scenario_hall.outcomes.certificate.models import Certificate, CertificateCredential, SignedList
from scenario_hall.outcomes.certificate.proofs import CREDENTIALS_V2, OPEN_BADGES, key_of, with_proofs
from scenario_hall.outcomes.models import OutcomeKind
from scenario_hall.outcomes.plan.metrics import PlanMetric

# One document for readers of every language: the field's terms in the two that certificates are written in.
ISSUER = "应用场景发布厅 Scenario Hall"
TITLES = {OutcomeKind.FIRST_TRIAL: "首试 First trial", OutcomeKind.FIRST_USE: "首用 First use"}
_SIGNS = {Comparison.AT_LEAST: "≥", Comparison.AT_MOST: "≤", Comparison.EQUAL_TO: "="}


class NotYetInCheckpoint(HallError):
    """The approval is in the log, but no checkpoint that covers it is signed yet."""

    status = 503
    title = N_("Not ready yet")
    retry_after = 30  # seconds; a checkpoint follows each approval at once

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("The log's checkpoint over certificate %(number)s is being signed. Please try again in a minute."),
            number=number,
        )


def credential_of(session: Session, certificate: Certificate, ring: Ring, base_url: str) -> dict[str, Any]:
    """The credential, signed once when it is first asked for, and again when the key under it was revoked. Its status
    list says whether it was revoked since.

    Raises NotInLog when the row, or what was signed, is not what the log says; NotYetInCheckpoint.
    """
    require_logged(session, certificate)
    kept = session.get(CertificateCredential, certificate.pk)
    if kept is not None and {key_of(proof) for proof in kept.signed["proof"]} & ring.revoked_ids():
        with transaction(session):
            session.delete(kept)
            session.exec(delete(SignedList))  # none must be older than what is signed instead
        kept = None
    if kept is None:
        document = {**_document(certificate, base_url), "evidence": [_evidence(session, certificate, base_url)]}
        kept = CertificateCredential(
            certificate_id=certificate.pk, base_url=base_url, signed=with_proofs(document, ring, did_of(base_url))
        )
        try:
            with transaction(session):
                session.add(kept)
        except IntegrityError:  # another process was faster
            session.rollback()
            kept = session.get_one(CertificateCredential, certificate.pk)
    signed = dict(kept.signed)
    if {**signed, **_document(certificate, kept.base_url)} != signed:
        raise NotInLog(certificate.number, "what was signed is not what was approved")
    return signed


def status_index(certificate: Certificate) -> int:
    """Its place in the status list."""
    return certificate.pk


def _document(certificate: Certificate, base_url: str) -> dict[str, Any]:
    address = f"{base_url}/certificates/{certificate.number}"
    issued = _moment(certificate.issued_at)
    place = status_index(certificate)
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": f"{address}/credential",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{certificate.number} {_title(certificate)}",
        "issuer": {"id": did_of(base_url), "type": ["Profile"], "name": ISSUER, "url": base_url},
        "validFrom": issued,
        "awardedDate": issued,
        "credentialSubject": _subject(certificate, address),
        "credentialStatus": {
            "id": f"{base_url}/certificates/status#{place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(place),
            "statusListCredential": f"{base_url}/certificates/status",
        },
    }


def _subject(certificate: Certificate, address: str) -> dict[str, Any]:
    """Whose it is: the supplier by its name, and the product by its code; what was reached, line by line. No person."""
    content, lines = certificate.content, certified_lines(certificate)
    results = [(f"{address}#metric-{number}", line) for number, line in enumerate(lines, 1)]
    return {
        "type": ["AchievementSubject"],
        "identifier": [_identity("name", content["supplier"]), _identity("identifier", content["product"]["code"])],
        "achievement": {
            "id": address,
            "type": ["Achievement"],
            "achievementType": "Certification",
            "name": _title(certificate),
            "description": f"{content['product']['title']} · {content['scenario']['title']} · {content['demand_side']}",
            "criteria": {"id": f"{address.rsplit('/', 2)[0]}/rules", "narrative": f"rules {content['rules']}"},
            "resultDescription": [
                {
                    "id": place,
                    "type": ["ResultDescription"],
                    "name": _asked(line),
                    "resultType": "Result",
                    **({"requiredValue": _plain(line.value)} if line.value is not None else {}),
                }
                for place, line in results
            ],
        },
        "result": [
            {"type": ["Result"], "resultDescription": place, "value": _measured(line), "status": "Completed"}
            for place, line in results
            if line.measured is not None
        ],
    }


def _evidence(session: Session, certificate: Certificate, base_url: str) -> dict[str, Any]:
    """That the approval is a line of the log under its newest checkpoint, checked without asking the hall."""
    query = select(Event).where(
        col(Event.kind) == APPROVED,
        col(Event.subject_kind) == "outcome",
        col(Event.subject_id) == certificate.outcome_id,
    )
    line, checkpoint = session.exec(query).one(), latest(session)
    if checkpoint is None or checkpoint.size < line.id:
        raise NotYetInCheckpoint(certificate.number)
    path = inclusion_proof(line.id - 1, checkpoint.size, subtrees(session))
    return {
        "id": f"{base_url}/log/proof?entry={line.id}&size={checkpoint.size}",
        "type": ["Evidence"],
        "name": "Inclusion in the hall's log (RFC 9162)",
        "description": f"Entry {line.id} of a log of {checkpoint.size} entries approves this certificate.",
        # As text: verifiers of badges refuse a document with terms of its own.
        "narrative": canonical_json(
            {
                "checkpoint": checkpoint.note,
                "entry": line.id,
                "leaf": leaf_of(line.hash).hex(),
                "path": [each.hex() for each in path],
            }
        ),
    }


def _identity(kind: str, value: str) -> dict[str, Any]:
    return {"type": "IdentityObject", "hashed": False, "identityHash": value, "identityType": kind}


def _title(certificate: Certificate) -> str:
    return f"{TITLES[OutcomeKind(certificate.content['kind'])]} · {certificate.content['product']['title']}"


def _asked(line: PlanMetric) -> str:
    if line.comparison is Comparison.BETWEEN:
        return f"{line.metric} {_plain(line.value)}–{_plain(line.value_high)} {line.unit}".strip()
    sign = _SIGNS.get(line.comparison)
    return f"{line.metric} {sign} {_plain(line.value)} {line.unit}".strip() if sign else line.metric


def _measured(line: PlanMetric) -> str:
    if line.measured_high is not None:
        return f"{_plain(line.measured)}–{_plain(line.measured_high)}"
    return _plain(line.measured)


def _plain(value: float | None) -> str:
    """Text, since a signed document holds no floating-point number: systems write them differently."""
    return "" if value is None else f"{value:.10g}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
