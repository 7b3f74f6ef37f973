"""Watching another hall's log: what was seen of it last, whether what it shows now leads there, and the word for that.

A witness that forgets what it saw is none: the memory is written before anything is signed, and a log that was cut or
forked is refused for as long as the memory stands.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenario_hall.core.clock import now
from scenario_hall.core.cosignatures import Witness, cosigned
from scenario_hall.core.keys import PublicKey, Ring
from scenario_hall.log.checkpoints import Stated, read_note
from scenario_hall.log.merkle import is_consistent


class ForkedError(Exception):
    """The other log does not lead to what was seen of it: it was cut, rewritten, or shows each of us another one."""


class OtherKeysError(Exception):
    """The checkpoint is not signed by a key that was pinned."""


@dataclass(frozen=True)
class Seen:
    """What was seen of a log: its pinned keys, and its last checkpoint."""

    origin: str
    keys: tuple[PublicKey, ...]
    stated: Stated | None = None
    note: str = ""


class Memory:
    """One file for each watched log, under ``folder``."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.origin = origin
        self.path = folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:16]}.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Two at once would each compare with what was before."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def read(self) -> Seen | None:
        """What was seen last; None when never. Raises ValueError when the file is damaged."""
        if not self.path.exists():
            return None
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            stated = Stated(int(told["size"]), bytes.fromhex(told["root"])) if told["note"] else None
            return Seen(str(told["origin"]), tuple(PublicKey.read(key) for key in told["keys"]), stated, told["note"])
        except (KeyError, TypeError, ValueError):
            raise ValueError(f"{self.path} is damaged; a witness that has lost its memory has to retire") from None

    def write(self, seen: Seen) -> None:
        told: dict[str, Any] = {
            "origin": seen.origin,
            "keys": [key.as_json() for key in seen.keys],
            "size": seen.stated.size if seen.stated else 0,
            "root": seen.stated.root.hex() if seen.stated else "",
            "note": seen.note,
            "at": now().isoformat(),
        }
        fresh = self.path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)


def watch(
    memory: Memory, note: str, proof: Callable[[int, int], Sequence[bytes]], *, keys: Sequence[PublicKey]
) -> tuple[Seen, bool]:
    """Compare the checkpoint ``note`` with what was seen before, and remember it; whether that is news. ``keys`` are
    pinned the first time and not looked at later. ``proof`` gives the log's own proof from one size to another.

    Raises OtherKeysError, ForkedError; what was seen before then stays. Raises ValueError when the memory is damaged.
    """
    before = memory.read() or Seen(memory.origin, tuple(keys))
    try:
        stated = read_note(note, before.keys, origin=memory.origin)
    except ValueError as error:
        raise OtherKeysError(str(error)) from None
    last = before.stated
    if last is not None:
        if stated.size < last.size:
            raise ForkedError(f"the log shrank: {last.size} entries were seen, it shows {stated.size}")
        if stated.size == last.size and stated.root != last.root:
            raise ForkedError(f"the log was rewritten: its {last.size} entries are others than were seen")
        if stated.size > last.size and not is_consistent(
            last.size, last.root, stated.size, stated.root, proof(last.size, stated.size)
        ):
            raise ForkedError(f"the log of {stated.size} entries does not begin with the {last.size} that were seen")
    seen = Seen(before.origin, before.keys, stated, note)
    memory.write(seen)
    return seen, last is None or last.size != stated.size


def cosign(seen: Seen, name: str, ring: Ring) -> tuple[Witness, str]:
    """The checkpoint that was seen with our line under it, and who we are."""
    witness, line = cosigned(seen.note, name, ring, now())
    return witness, f"{seen.note.rstrip()}\n{line}\n"
