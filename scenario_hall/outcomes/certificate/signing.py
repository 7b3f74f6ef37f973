"""Ed25519 signatures (RFC 8032) under certificates, checked offline with nothing but the hall's public keys.

What is signed is the document's canonical JSON in UTF-8. A key signs while it is the newest; after a rotation it signs
no more, and what it signed before stays good.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.clock import now

ALGORITHM = "Ed25519"


@dataclass(frozen=True)
class PublicKey:
    """A public key, and from when until when it signed."""

    id: str
    key: str  # 32 bytes, base64
    valid_from: datetime
    valid_until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "algorithm": ALGORITHM,
            "public_key": self.key,
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> PublicKey:
        """Raises ValueError, KeyError."""
        until = stored.get("valid_until")
        return cls(
            str(stored["id"]),
            str(stored["public_key"]),
            datetime.fromisoformat(str(stored["valid_from"])),
            datetime.fromisoformat(str(until)) if until else None,
        )


class KeyRing:
    """The hall's keys in a folder that only the hall reads; the first one is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def public_keys(self) -> list[PublicKey]:
        """The oldest first."""
        keys = [PublicKey.read(json.loads(path.read_text())) for path in sorted(self.folder.glob("*.public.json"))]
        return sorted(keys, key=lambda key: (key.valid_from, key.id))

    def rotate(self) -> PublicKey:
        """Make a new key that signs from now on; the one before signs no more, and its private half is deleted."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        moment, private = now(), Ed25519PrivateKey.generate()
        raw = private.public_key().public_bytes_raw()
        fresh = PublicKey(f"{moment:%Y%m%d}-{binascii.hexlify(raw[:4]).decode()}", _encoded(raw), moment)
        before = [key for key in self.public_keys() if key.valid_until is None]
        descriptor = os.open(self.folder / f"{fresh.id}.private", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(_encoded(private.private_bytes_raw()))
        self._write(fresh)
        for key in before:
            self._write(PublicKey(key.id, key.key, key.valid_from, moment))
            (self.folder / f"{key.id}.private").unlink(missing_ok=True)
        return fresh

    def sign(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """``document`` with a signature under it."""
        signing = [key for key in self.public_keys() if key.valid_until is None]
        key = signing[-1] if signing else self.rotate()
        private = Ed25519PrivateKey.from_private_bytes(_decoded((self.folder / f"{key.id}.private").read_text()))
        dated = {**document, "signed_at": now().isoformat()}
        signature = _encoded(private.sign(canonical_json(dated).encode()))
        return {"document": dated, "signature": {"key": key.id, "algorithm": ALGORITHM, "value": signature}}

    def _write(self, key: PublicKey) -> None:
        path = self.folder / f"{key.id}.public.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(key.as_json()))
        fresh.replace(path)


class Finding(StrEnum):
    """What the check of a signed certificate found."""

    VALID = "valid"
    REVOKED = "revoked"
    CHANGED = "changed"
    UNKNOWN_KEY = "unknown_key"
    OUT_OF_VALIDITY = "out_of_validity"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class SignatureCheck:
    finding: Finding
    number: str = ""
    reason: str = ""

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
    if document.get("status") != "valid":
        return SignatureCheck(Finding.REVOKED, number, str(document.get("revocation_reason", "")))
    if revocations is not None:
        found, listed = _check_signature(revocations, keys)
        if found is not Finding.VALID or listed is None:
            return SignatureCheck(found, number, "revocations")
        for row in listed.get("revoked", []):
            if row.get("number") == number:
                return SignatureCheck(Finding.REVOKED, number, str(row.get("reason", "")))
    return SignatureCheck(Finding.VALID, number)


def _check_signature(signed: Any, keys: Sequence[PublicKey]) -> tuple[Finding, dict[str, Any] | None]:
    try:
        document, signature = dict(signed["document"]), signed["signature"]
        moment = datetime.fromisoformat(str(document["signed_at"]))
        value = _decoded(str(signature["value"]))
        named = str(signature["key"])
    except (KeyError, TypeError, ValueError):
        return Finding.UNREADABLE, None
    key = next((each for each in keys if each.id == named), None)
    if key is None:
        return Finding.UNKNOWN_KEY, document
    try:
        Ed25519PublicKey.from_public_bytes(_decoded(key.key)).verify(value, canonical_json(document).encode())
    except (InvalidSignature, ValueError):
        return Finding.CHANGED, document
    if moment < key.valid_from or (key.valid_until is not None and moment > key.valid_until):
        return Finding.OUT_OF_VALIDITY, document
    return Finding.VALID, document


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
