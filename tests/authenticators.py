"""A passkey's device in software, written from the standard (W3C Web Authentication, level 3: 6.1, 6.5.1, 7): it makes
keys and signs, and lies where a test wants it to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40  # flags of the authenticator data


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))


class Device:
    """One credential. ``counts``: whether it tells how often it has signed, as security keys do and synchronised
    passkeys do not."""

    def __init__(self, origin: str, *, curve: str = "p256", counts: bool = True) -> None:
        self.origin, self.rp_id = origin, urlsplit(origin).hostname or ""
        self.key: Any = (
            ec.generate_private_key(ec.SECP256R1()) if curve == "p256" else ed25519.Ed25519PrivateKey.generate()
        )
        self.id, self.counts, self.count, self.handle = secrets.token_bytes(32), counts, 0, b""

    def make(self, options: str, **lies: Any) -> str:
        """The answer to ``navigator.credentials.create``."""
        asked = json.loads(options)
        self.handle = raw(asked["user"]["id"])
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(self._cose())
        data = self._data(PRESENT | VERIFIED | ATTESTED, lies) + attested
        client = self._client("webauthn.create", asked["challenge"], lies)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._written(
            {"clientDataJSON": client, "attestationObject": attestation}, transports=["usb", "internal"]
        )

    def show(self, options: str, **lies: Any) -> str:
        """The answer to ``navigator.credentials.get``."""
        asked = json.loads(options)
        data = self._data(PRESENT | VERIFIED, lies)
        client = self._client("webauthn.get", asked["challenge"], lies)
        signature = self._sign(data + hashlib.sha256(client).digest(), lies.get("key", self.key))
        answer = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._written({**answer, "userHandle": lies.get("handle", self.handle)})

    def _data(self, flags: int, lies: dict[str, Any]) -> bytes:
        self.count = lies.get("count", self.count + 1 if self.counts else 0)
        party = hashlib.sha256(lies.get("rp_id", self.rp_id).encode()).digest()
        return party + bytes([lies.get("flags", flags)]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, lies: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps({**told, **{name: lies[name] for name in told if name in lies}}).encode()

    def _cose(self) -> dict[int, Any]:
        """RFC 9053, 7: the public key as an EC2 or OKP key."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return {1: 1, 3: -8, -1: 6, -2: self.key.public_key().public_bytes_raw()}
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def _sign(self, message: bytes, key: Any) -> bytes:
        signed = (
            key.sign(message)
            if isinstance(key, ed25519.Ed25519PrivateKey)
            else key.sign(message, ec.ECDSA(hashes.SHA256()))
        )
        return bytes(signed)

    def _written(self, response: dict[str, bytes], **more: Any) -> str:
        shown = {name: text(value) for name, value in response.items()}
        return json.dumps(
            {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": {**shown, **more}}
        )
