"""The offline check of a signed certificate, with nothing but the hall's public keys.

What is signed is the document's canonical JSON in UTF-8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.keys import PublicKey, decoded


class Finding(StrEnum):
    """What the check of a signed certificate found."""

    VALID = "valid"
    REVOKED = "revoked"
    CHANGED = "changed"
    UNKNOWN_KEY = "unknown_key"
    OUT_OF_VALIDITY = "out_of_validity"
    REVOKED_KEY = "revoked_key"
    UNREADABLE = "unreadable"
    OTHER_KIND = "other_kind"
    NO_LIST = "no_list"
    OLD_LIST = "old_list"


# What the ``type`` of a signed document may say; certificates of the first halls say none.
CERTIFICATE_TYPE, REVOCATIONS_TYPE = "scenario-hall-certificate", "scenario-hall-revocations"


@dataclass(frozen=True)
class SignatureCheck:
    """``is_revocation_checked``: False when no list was given, so that “valid” says nothing of what came later."""

    finding: Finding
    number: str = ""
    reason: str = ""
    is_revocation_checked: bool = False

    @property
    def is_valid(self) -> bool:
        return self.finding is Finding.VALID


def verify(signed: Any, keys: Sequence[PublicKey], revocations: Mapping[str, Any] | None = None) -> SignatureCheck:
    """Check a signed certificate with public keys and, if there is one, the signed list of revocations. Nothing is
    asked of any server."""
    finding, document = _check_signature(signed, keys)
    if document is None:
        return SignatureCheck(finding)
    number = str(document.get("number", ""))
    if finding is not Finding.VALID:
        return SignatureCheck(finding, number)
    if document.get("type", CERTIFICATE_TYPE) != CERTIFICATE_TYPE:
        return SignatureCheck(Finding.OTHER_KIND, number)
    if document.get("status") != "valid":
        return SignatureCheck(Finding.REVOKED, number, str(document.get("revocation_reason", "")), True)
    if revocations is None:
        return SignatureCheck(Finding.VALID, number)
    return _check_list(document, revocations, keys)


def _check_list(document: Mapping[str, Any], revocations: Any, keys: Sequence[PublicKey]) -> SignatureCheck:
    """Is the certificate on the list? One that is no list, is another hall's or is older than the certificate does
    not tell."""
    number = str(document.get("number", ""))
    found, listed = _check_signature(revocations, keys)
    if found is not Finding.VALID or listed is None:
        return SignatureCheck(found, number, "revocations")
    rows = listed.get("revoked")
    is_ours = listed.get("issued_by") == document.get("issued_by")
    if listed.get("type") != REVOCATIONS_TYPE or not isinstance(rows, list) or not is_ours:
        return SignatureCheck(Finding.NO_LIST, number)
    if datetime.fromisoformat(str(listed["signed_at"])) < datetime.fromisoformat(str(document["signed_at"])):
        return SignatureCheck(Finding.OLD_LIST, number)
    for row in rows:
        if row.get("number") == number:
            return SignatureCheck(Finding.REVOKED, number, str(row.get("reason", "")), True)
    return SignatureCheck(Finding.VALID, number, is_revocation_checked=True)


def _check_signature(signed: Any, keys: Sequence[PublicKey]) -> tuple[Finding, dict[str, Any] | None]:
    try:
        document, signature = dict(signed["document"]), signed["signature"]
        moment = datetime.fromisoformat(str(document["signed_at"]))
        value = decoded(str(signature["value"]))
        named = str(signature["key"])
    except (KeyError, TypeError, ValueError):
        return Finding.UNREADABLE, None
    key = next((each for each in keys if each.id == named), None)
    if key is None:
        return Finding.UNKNOWN_KEY, document
    if not key.has_signed(canonical_json(document).encode(), value):
        return Finding.CHANGED, document
    if key.revoked_at is not None:
        return Finding.REVOKED_KEY, document
    if not key.was_in_use(moment):
        return Finding.OUT_OF_VALIDITY, document
    return Finding.VALID, document
