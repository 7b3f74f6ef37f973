"""The hall's Ed25519 keys (RFC 8032): one signs at a time, the public halves of all stay.

A key signs while it is the newest; after a rotation it signs no more, and what it signed before stays good. One that
others may have is revoked: whoever has it writes whatever moment they like, so nothing that it signed counts. The clock
of a machine may be set back: what is signed then is dated as the signature before it, so that nothing seems older than
its key, no list older than the certificate that it is held against, and no key ends before its last signature.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.clock import now

ALGORITHM = "Ed25519"
LAST = "last-signed"  # in the folder: the moment that the last signature says
# A last signature further ahead than this was made by a clock that went wrong, which must not date all later ones.
SET_BACK_AT_MOST = timedelta(hours=2)


@dataclass(frozen=True)
class PublicKey:
    """A public key, from when until when it signed, and since when nothing that it signed counts."""

    id: str
    key: str  # 32 bytes, base64
    valid_from: datetime
    valid_until: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def raw(self) -> bytes:
        return decoded(self.key)

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Is this a signature of the key under these bytes?"""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def was_in_use(self, moment: datetime) -> bool:
        return (
            self.revoked_at is None
            and self.valid_from <= moment
            and (self.valid_until is None or moment <= self.valid_until)
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "algorithm": ALGORITHM,
            "public_key": self.key,
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "revoked_at": self.revoked_at.isoformat() if self.revoked_at else None,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> PublicKey:
        """Raises ValueError, KeyError."""
        until, revoked = stored.get("valid_until"), stored.get("revoked_at")
        return cls(
            str(stored["id"]),
            str(stored["public_key"]),
            datetime.fromisoformat(str(stored["valid_from"])),
            datetime.fromisoformat(str(until)) if until else None,
            datetime.fromisoformat(str(revoked)) if revoked else None,
        )


class Ring(ABC):
    """The hall's keys, wherever they are kept; the first one is made when it is first needed."""

    @abstractmethod
    def public_keys(self) -> list[PublicKey]:
        """The oldest first."""

    def rotate(self) -> PublicKey:
        """Make a new key that signs from now on; the one before signs no more, and its private half is deleted."""
        with self._alone():
            return self._rotate()

    def revoke(self, key_id: str) -> PublicKey:
        """Let nothing count that the key has signed; if it is the one that signs, a new one takes its place first.
        Raises KeyError when there is no such key."""
        with self._alone():
            if all(key.id != key_id for key in self.public_keys()):
                raise KeyError(key_id)
            if self._current().id == key_id:
                self._rotate()
            found = next(key for key in self.public_keys() if key.id == key_id)
            if found.revoked_at is None:
                found = replace(found, revoked_at=self._moment(None))
                self._revoke(found)
            return found

    def revoked_ids(self) -> frozenset[str]:
        """The keys whose signatures do not count."""
        return frozenset(key.id for key in self.public_keys() if key.revoked_at is not None)

    def sign(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """``document`` with its moment and a signature under its canonical JSON."""
        with self._alone():
            key = self._current()
            moment = self._moment(key)
            self._remember(key, moment)
            dated = {**document, "signed_at": moment.isoformat()}
            signature = self._signature(key, canonical_json(dated).encode())
        return {"document": dated, "signature": {"key": key.id, "algorithm": ALGORITHM, "value": encoded(signature)}}

    def sign_bytes(self, message: bytes) -> tuple[PublicKey, bytes]:
        """The key that signs now, and its signature (64 bytes) under ``message``."""
        with self._alone():
            key = self._current()
            return key, self._signature(key, message)

    def moment(self) -> datetime:
        """What a signature that is made now says of its time: the present, but never before the key that makes it nor
        before the last signature."""
        with self._alone():
            key = self._current()
            moment = self._moment(key)
            self._remember(key, moment)
        return moment

    def private_half(self, key: PublicKey) -> str | None:
        """In base64; None for a key that signs no more."""
        return self._private_half(key) if key.valid_until is None else None

    def ensure_key(self) -> PublicKey:
        """The key that signs now; made if there is none yet."""
        with self._alone():
            return self._current()

    @abstractmethod
    def _alone(self) -> AbstractContextManager[None]:
        """Nobody else signs or rotates meanwhile: two processes that both need the first key would each make one, and
        the second would delete the first's."""

    @abstractmethod
    def _last_signed(self) -> datetime | None:
        """The moment that the last signature says."""

    @abstractmethod
    def _remember(self, key: PublicKey, moment: datetime) -> None:
        """That ``key`` signs, or ends, with this moment."""

    @abstractmethod
    def _private_half(self, key: PublicKey) -> str:
        """In base64."""

    @abstractmethod
    def _keep(self, key: PublicKey, private: str) -> None:
        """A new key, with its private half in base64."""

    @abstractmethod
    def _end(self, key: PublicKey) -> None:
        """The key signs no more from its ``valid_until`` on; its private half goes."""

    @abstractmethod
    def _revoke(self, key: PublicKey) -> None:
        """Nothing that the key has signed counts from its ``revoked_at`` on."""

    def _current(self) -> PublicKey:
        signing = [key for key in self.public_keys() if key.valid_until is None]
        return signing[-1] if signing else self._rotate()

    def _moment(self, key: PublicKey | None) -> datetime:
        present, last = now(), self._last_signed()
        if last is None or last - present > SET_BACK_AT_MOST:
            last = present
        return max(present, last, key.valid_from) if key is not None else max(present, last)

    def _signature(self, key: PublicKey, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(decoded(self._private_half(key))).sign(message)

    def _rotate(self) -> PublicKey:
        before = [key for key in self.public_keys() if key.valid_until is None]
        moment, private = self._moment(before[-1] if before else None), Ed25519PrivateKey.generate()
        raw = private.public_key().public_bytes_raw()
        fresh = PublicKey(f"{moment:%Y%m%d}-{binascii.hexlify(raw[:4]).decode()}", encoded(raw), moment)
        self._keep(fresh, encoded(private.private_bytes_raw()))
        self._remember(fresh, moment)
        for key in before:
            self._end(PublicKey(key.id, key.key, key.valid_from, moment))
        return fresh


class KeyRing(Ring):
    """The keys in a folder that only the hall reads: one machine's, or one that machines share and that knows locks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def public_keys(self) -> list[PublicKey]:
        keys = [PublicKey.read(json.loads(path.read_text())) for path in sorted(self.folder.glob("*.public.json"))]
        return sorted(keys, key=lambda key: (key.valid_from, key.id))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _last_signed(self) -> datetime | None:
        path = self.folder / LAST
        return datetime.fromisoformat(path.read_text()) if path.exists() else None

    def _remember(self, _key: PublicKey, moment: datetime) -> None:
        self._write(self.folder / LAST, moment.isoformat())

    def _private_half(self, key: PublicKey) -> str:
        return (self.folder / f"{key.id}.private").read_text()

    def _keep(self, key: PublicKey, private: str) -> None:
        descriptor = os.open(self.folder / f"{key.id}.private", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(private)
        self._write(self.folder / f"{key.id}.public.json", json.dumps(key.as_json()))

    def _end(self, key: PublicKey) -> None:
        self._write(self.folder / f"{key.id}.public.json", json.dumps(key.as_json()))
        (self.folder / f"{key.id}.private").unlink(missing_ok=True)

    def _revoke(self, key: PublicKey) -> None:
        self._write(self.folder / f"{key.id}.public.json", json.dumps(key.as_json()))

    def _write(self, path: Path, text: str) -> None:
        fresh = path.with_suffix(".new")
        fresh.write_text(text)
        fresh.replace(path)


def encoded(raw: bytes) -> str:
    """Base64."""
    return base64.b64encode(raw).decode()


def decoded(text: str) -> bytes:
    """Raises ValueError for what is not base64."""
    return base64.b64decode(text, validate=True)
