"""The hall as an issuer that others can look up: its address as a DID, and the DID document with its public keys.

https://w3c-ccg.github.io/did-method-web/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from scenario_hall.core.keys import PublicKey
from scenario_hall.outcomes.certificate.proofs import method_id, multikey


def did_of(base_url: str) -> str:
    """``https://hall.example:8443/bay`` is ``did:web:hall.example%3A8443:bay``."""
    parts = urlsplit(base_url)
    folders = [quote(each, safe="") for each in parts.path.split("/") if each]
    return ":".join(["did:web", quote(parts.netloc, safe=""), *folders])


def did_document(base_url: str, keys: Sequence[PublicKey]) -> dict[str, Any]:
    """The document behind the hall's DID. Retired keys stay: what they signed while they were in use still holds.
    Revoked ones do not."""
    did, good = did_of(base_url), [key for key in keys if key.revoked_at is None]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {"id": method_id(did, key), "type": "Multikey", "controller": did, "publicKeyMultibase": multikey(key)}
            for key in good
        ],
        "assertionMethod": [method_id(did, key) for key in good],
    }
