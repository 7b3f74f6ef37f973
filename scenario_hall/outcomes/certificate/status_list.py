"""Which credentials were revoked, as one credential with a bit for each.

https://www.w3.org/TR/vc-bitstring-status-list/
"""

from __future__ import annotations

import base64
import gzip
from typing import Any

from sqlmodel import Session, col, func, select

from scenario_hall.log.chain import Event
from scenario_hall.outcomes.certificate.did import did_of
from scenario_hall.outcomes.certificate.logged import REVOKED
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.proofs import CREDENTIALS_V2

SHORTEST = 131_072  # bits, so that a list says nothing of which entry was asked for (section 6.1)


def status_document(session: Session, base_url: str) -> dict[str, Any]:
    """The list as it is now, to be signed. What is revoked, the log says, and not a row that could be changed."""
    address = f"{base_url}/certificates/status"
    return {
        "@context": [CREDENTIALS_V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did_of(base_url),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list(session),
        },
    }


def encoded_list(session: Session) -> str:
    """The bits, zipped, in multibase base64url: bit n from the left is 1 when the certificate with id n is revoked."""
    revoked = select(Certificate.id).join(
        Event,
        (col(Event.subject_id) == col(Certificate.outcome_id))
        & (col(Event.subject_kind) == "outcome")
        & (col(Event.kind) == REVOKED),
    )
    longest = session.exec(select(func.max(Certificate.id))).one() or 0
    size = SHORTEST
    while size <= longest:
        size *= 2
    bits = bytearray(size // 8)
    for place in session.exec(revoked):
        bits[(place or 0) // 8] |= 0x80 >> (place or 0) % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")
