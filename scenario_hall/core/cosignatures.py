"""Cosignatures: others' word that a checkpoint leads to the one that they saw before.

The line of a cosignature, what it signs and how its key is written are those of C2SP's tlog-cosignature (Ed25519) and
signed-note: https://c2sp.org/tlog-cosignature, https://c2sp.org/signed-note. Nothing here knows a database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from scenario_hall.core.keys import PublicKey, Ring, decoded, encoded

COSIGNATURE = b"\x04"  # the kind of signature in a signed note's key id
_ID, _TIME, _SIGNATURE = 4, 8, 64  # bytes


@dataclass(frozen=True)
class Witness:
    """Who may cosign: a name and an Ed25519 public key of 32 bytes."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + COSIGNATURE + self.key).digest()[:_ID]

    def __str__(self) -> str:
        """The verifier key, as it is passed on: ``name+key id+base64``."""
        return f"{self.name}+{self.key_id.hex()}+{encoded(COSIGNATURE + self.key)}"

    @classmethod
    def read(cls, text: str) -> Witness:
        """Of a verifier key. Raises ValueError when it is none, or none for Ed25519 cosignatures."""
        name, _, rest = text.partition("+")
        written_id, _, value = rest.partition("+")
        blob = decoded(value)
        found = cls(name, blob[1:])
        if not _is_name(name) or blob[:1] != COSIGNATURE or len(found.key) != 32 or written_id != found.key_id.hex():
            raise ValueError(f"“{text}” is no key of a witness (name+key id+key)")
        return found


@dataclass(frozen=True)
class Cosignature:
    """That ``witness`` saw the checkpoint at ``at``, and its line in the signed note."""

    witness: Witness
    at: datetime
    line: str


def read_witnesses(text: str) -> list[Witness]:
    """Verifier keys, with blanks between them. Raises ValueError."""
    return [Witness.read(each) for each in text.split()]


def cosigned(note: str, name: str, ring: Ring, at: datetime) -> tuple[Witness, str]:
    """The line with which the present key of ``ring`` cosigns the checkpoint ``note``, and whose it is."""
    seconds = int(at.timestamp())
    key, signature = ring.sign_bytes(_message(_body(note), seconds))
    witness = Witness(name, key.raw)
    return witness, f"— {name} {encoded(witness.key_id + seconds.to_bytes(_TIME, 'big') + signature)}"


def cosignatures_of(note: str, witnesses: Iterable[Witness]) -> Iterator[Cosignature]:
    """The lines under the checkpoint that one of ``witnesses`` has signed; others' lines are passed over."""
    known = {(each.name, each.key_id): each for each in witnesses}
    body = _body(note)
    for line in note.partition("\n\n")[2].splitlines():
        dash, _, rest = line.partition(" ")
        name, _, value = rest.rpartition(" ")
        try:
            blob = decoded(value)
        except ValueError:
            continue
        witness = known.get((name, blob[:_ID]))
        if dash != "—" or witness is None or len(blob) != _ID + _TIME + _SIGNATURE:
            continue
        seconds = int.from_bytes(blob[_ID : _ID + _TIME], "big")
        key = PublicKey(name, encoded(witness.key), datetime.min.replace(tzinfo=UTC))
        if seconds < 1 << 40 and key.has_signed(_message(body, seconds), blob[_ID + _TIME :]):
            yield Cosignature(witness, datetime.fromtimestamp(seconds, UTC), line)


def _body(note: str) -> str:
    return note.partition("\n\n")[0] + "\n"


def _message(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


def _is_name(name: str) -> bool:
    return bool(name) and name.isprintable() and not any(each.isspace() or each == "+" for each in name)
