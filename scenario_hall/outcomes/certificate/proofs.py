"""Data Integrity proofs with Ed25519 over a JSON-LD document: eddsa-jcs-2022, which needs no JSON-LD to be checked, and
eddsa-rdfc-2022, which badge verifiers ask for.

https://www.w3.org/TR/vc-di-eddsa/ (sections 3.2 and 3.3), https://www.w3.org/TR/vc-data-integrity/
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import rfc8785
from pyld import jsonld

from scenario_hall.core.keys import PublicKey, Ring

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_FILES = {CREDENTIALS_V2: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json"}
JCS, RDFC = "eddsa-jcs-2022", "eddsa-rdfc-2022"

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519_PUBLIC = b"\xed\x01"  # multicodec ed25519-pub as a varint
MAX_MULTIBASE = 200  # characters; a signature has 88


def with_proofs(document: Mapping[str, Any], ring: Ring, controller: str) -> dict[str, Any]:
    """``document`` with a set of two proofs by the key that signs now, which ``controller`` (a DID) publishes."""
    key = ring.ensure_key()
    # To the millisecond, as keys have it, and after the key: a proof must not seem older than what made it.
    created = ring.moment().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    proofs = []
    for suite in (JCS, RDFC):
        options: dict[str, Any] = {
            "type": "DataIntegrityProof",
            "cryptosuite": suite,
            "created": created,
            "verificationMethod": method_id(controller, key),
            "proofPurpose": "assertionMethod",
        }
        signed_by, signature = ring.sign_bytes(_to_sign(document, options, suite))
        if signed_by.id != key.id:  # changed between the two: the options name the one before
            return with_proofs(document, ring, controller)
        if suite == JCS:
            options |= {"@context": document["@context"]}
        proofs.append({**options, "proofValue": multibase(signature)})
    return {**document, "proof": proofs}


def proved_at(secured: Mapping[str, Any], keys: Sequence[PublicKey], controller: str) -> datetime | None:
    """When one of ``keys``, in use at the time, made a proof of this document with eddsa-jcs-2022; None if none did."""
    document = {name: value for name, value in secured.items() if name != "proof"}
    proofs = secured.get("proof")
    for proof in proofs if isinstance(proofs, list) else [proofs]:
        if not isinstance(proof, Mapping) or proof.get("cryptosuite") != JCS:
            continue
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        signature, created = bytes_of(proof.get("proofValue")), _moment(proof.get("created"))
        if signature is None or created is None or options.get("proofPurpose") != "assertionMethod":
            continue
        named = [key for key in keys if proof.get("verificationMethod") == method_id(controller, key)]
        if options.get("@context") != document.get("@context"):
            continue
        message = _to_sign(document, {name: value for name, value in options.items() if name != "@context"}, JCS)
        if any(key.was_in_use(created) and key.has_signed(message, signature) for key in named):
            return created
    return None


def method_id(controller: str, key: PublicKey) -> str:
    """The address of a key in its controller's DID document."""
    return f"{controller}#{key.id}"


def key_of(proof: Mapping[str, Any]) -> str:
    """The id of the key that a proof names."""
    return str(proof["verificationMethod"]).partition("#")[2]


def multikey(key: PublicKey) -> str:
    """The public key as a Multikey's ``publicKeyMultibase``: ``z6Mk…``."""
    return multibase(_ED25519_PUBLIC + key.raw)


def multibase(raw: bytes) -> str:
    """``z`` and base58btc: each leading zero byte is a ``1``, the rest one number to the base 58."""
    number, digits = int.from_bytes(raw), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    return "z" + "1" * (len(raw) - len(raw.lstrip(b"\0"))) + digits


def bytes_of(text: object) -> bytes | None:
    """The bytes of a multibase text with base58btc; None where it is none."""
    if (
        not isinstance(text, str)
        or not 1 < len(text) <= MAX_MULTIBASE
        or text[0] != "z"
        or set(text[1:]) - set(_BASE58)
    ):
        return None
    digits, number = text[1:], 0
    for digit in digits:
        number = number * 58 + _BASE58.index(digit)
    zeros = len(digits) - len(digits.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def _to_sign(document: Mapping[str, Any], options: Mapping[str, Any], suite: str) -> bytes:
    """64 bytes: the hash of the proof's options, and that of the document."""
    canonical: Callable[[Mapping[str, Any]], bytes] = _jcs if suite == JCS else _rdfc
    config = {**options, "@context": document["@context"]}
    return hashlib.sha256(canonical(config)).digest() + hashlib.sha256(canonical(document)).digest()


def _jcs(document: Mapping[str, Any]) -> bytes:
    """RFC 8785."""
    return rfc8785.dumps(dict(document))


def _rdfc(document: Mapping[str, Any]) -> bytes:
    """RDF canonicalisation 1.0 of the JSON-LD, as N-Quads."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    return str(jsonld.normalize(dict(document), options)).encode()


def _load(address: str, _options: object = None) -> dict[str, Any]:
    """A context from this package. Raises ValueError for any other: nothing is ever fetched."""
    if address not in _FILES:
        raise ValueError(f"the context {address} is not here")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": _context(address),
    }


@cache
def _context(address: str) -> dict[str, Any]:
    path = Path(__file__).parent / "contexts" / _FILES[address]
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
