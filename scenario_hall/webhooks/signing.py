"""Signatures of Standard Webhooks 1.0: ``v1`` (HMAC-SHA256 with the endpoint's secret) and ``v1a`` (Ed25519 with the
hall's key, so that a receiver needs no secret)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from scenario_hall.core.keys import PublicKey, Ring, encoded

SECRET_PREFIX, PUBLIC_PREFIX = "whsec_", "whpk_"
SECRET_BYTES = 32  # the standard: 24 to 64


def new_secret() -> str:
    """A secret as the standard writes it."""
    return SECRET_PREFIX + encoded(secrets.token_bytes(SECRET_BYTES))


def public_key_text(key: PublicKey) -> str:
    """A key of the hall as the standard writes it."""
    return PUBLIC_PREFIX + key.key


def standard_headers(
    ring: Ring, *, message_id: str, timestamp: int, body: bytes, secrets_: Sequence[str]
) -> dict[str, str]:
    """The three headers of a message; ``timestamp`` is that of the attempt, in seconds. Of several secrets each signs,
    so that a receiver may change from one to the other."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [f"v1,{encoded(hmac.digest(_raw(each), signed, hashlib.sha256))}" for each in secrets_]
    # What the ring signs elsewhere begins with a brace or the log's name, never with an id of a message.
    _key, signature = ring.sign_bytes(signed)
    signatures.append(f"v1a,{encoded(signature)}")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def _raw(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX))
