"""The offline check of a credential with the hall's public keys and, for its revocation, the status list alone."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from scenario_hall.core.keys import PublicKey
from scenario_hall.outcomes.certificate.proofs import proved_at
from scenario_hall.outcomes.certificate.signing import Finding, SignatureCheck

LONGEST = 2**24  # bits of a status list that is unpacked: two megabytes, sixteen million certificates


def is_credential(document: Any) -> bool:
    """Is it one of the two forms of a certificate, the one with proofs inside?"""
    return isinstance(document, Mapping) and "proof" in document


def verify_credential(secured: Any, keys: Sequence[PublicKey], status: Any = None) -> SignatureCheck:
    """Check a credential with the hall's public keys, and with its status list if there is one."""
    if not is_credential(secured):
        return SignatureCheck(Finding.UNREADABLE)
    number, issuer = _number_of(secured), _issuer_of(secured)
    if not number:
        return SignatureCheck(Finding.OTHER_KIND)
    proved = proved_at(secured, keys, issuer)
    if proved is None:
        return SignatureCheck(_why_unproved(secured, keys, issuer), number)
    if status is None:
        return SignatureCheck(Finding.VALID, number)
    return _check_status(secured, proved, status, keys, number)


def _why_unproved(secured: Mapping[str, Any], keys: Sequence[PublicKey], issuer: str) -> Finding:
    named = {each.get("verificationMethod") for each in _proofs_of(secured)}
    ours = [key for key in keys if f"{issuer}#{key.id}" in named]
    if any(key.revoked_at is not None for key in ours):
        return Finding.REVOKED_KEY
    return Finding.CHANGED if ours else Finding.UNKNOWN_KEY


def _check_status(
    secured: Mapping[str, Any], proved: datetime, status: Any, keys: Sequence[PublicKey], number: str
) -> SignatureCheck:
    entry, issuer = secured["credentialStatus"], _issuer_of(secured)
    if not is_credential(status) or status.get("id") != entry["statusListCredential"]:
        return SignatureCheck(Finding.NO_LIST, number)
    listed = proved_at(status, keys, issuer) if _issuer_of(status) == issuer else None
    if listed is None:
        return SignatureCheck(Finding.CHANGED, number, "revocations")
    if listed < proved:
        return SignatureCheck(Finding.OLD_LIST, number)
    marked = _bit(status["credentialSubject"]["encodedList"], int(entry["statusListIndex"]))
    if marked is None:
        return SignatureCheck(Finding.NO_LIST, number)
    return SignatureCheck(Finding.REVOKED if marked else Finding.VALID, number, is_revocation_checked=True)


def _bit(encoded: str, place: int) -> bool | None:
    """The bit at ``place``, from the left; None where the list has none, or is none."""
    try:
        packed = base64.urlsafe_b64decode(encoded.removeprefix("u") + "=" * (-len(encoded.removeprefix("u")) % 4))
        bits = zlib.decompressobj(wbits=31).decompress(packed, LONGEST // 8)
    except (binascii.Error, ValueError, zlib.error):
        return None
    return bool(bits[place // 8] & (0x80 >> place % 8)) if 0 <= place < 8 * len(bits) else None


def _number_of(secured: Mapping[str, Any]) -> str:
    """``C-2026-000001``, from the credential's address; "" where it is none of a certificate."""
    parts = str(secured.get("id", "")).split("/")
    return parts[-2] if len(parts) > 2 and parts[-1] == "credential" and "credentialStatus" in secured else ""


def _issuer_of(secured: Mapping[str, Any]) -> str:
    issuer = secured.get("issuer", "")
    return str(issuer.get("id", "") if isinstance(issuer, Mapping) else issuer)


def _proofs_of(secured: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    proofs = secured["proof"]
    return [each for each in (proofs if isinstance(proofs, list) else [proofs]) if isinstance(each, Mapping)]
