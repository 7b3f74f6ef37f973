"""Where the bytes of uploaded files are: in a folder of this machine, or in a bucket that all machines share
(``core/buckets.py``). Both keep the same promise, which one suite of tests holds.

A content lies under its SHA-256: what is there is never written anew, and who reads it can know that it is whole. A
variant (a picture as wide as a page shows it) lies beside its content, can be made again, and goes with it.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from scenario_hall.core.errors import HallError
from scenario_hall.core.texts import N_


class LostContentError(Exception):
    """A row names a content that the store does not have, or has otherwise."""


class OutOfReachError(HallError):
    """The store does not answer, or refuses the hall."""

    status = 503
    title = N_("For a moment the hall cannot do this")
    retry_after = 30

    def __init__(self) -> None:
        super().__init__(N_("Uploaded files cannot be reached at the moment. Please try again in a minute."))


class FileStore(Protocol):
    """Contents by their SHA-256 in hexadecimal. Each function raises OutOfReachError where the store is elsewhere and
    does not answer."""

    def put(self, digest: str, content: bytes, variant: str = "") -> None:
        """Keep it, whole or not at all."""

    def open(self, digest: str, variant: str = "") -> BinaryIO:
        """The bytes, to be read from any place in them. Raises LostContentError."""

    def has(self, digest: str, variant: str = "") -> bool:
        """Is it there?"""

    def drop(self, digest: str) -> None:
        """Let the content go, with its variants; nothing where it is not there."""

    def is_empty(self) -> bool:
        """Has it no content at all?"""


class SharedFolder(Protocol):
    """Files by their names, with ``/`` between the parts, which all machines of a hall read. Raises OutOfReachError."""

    def write(self, name: str, content: BinaryIO) -> None:
        """In the place of what was there, whole or not at all."""

    def open(self, name: str) -> BinaryIO:
        """The bytes, to be read from any place in them. Raises LostContentError."""

    def names(self) -> list[str]:
        """Of all that are there."""

    def remove(self, name: str) -> None:
        """Let it go; nothing where it is not there."""


def place_of(digest: str, variant: str = "") -> PurePosixPath:
    """Where it lies in any store: no folder gets more than 256 others."""
    return PurePosixPath(digest[:2], digest[2:4], f"{digest}.{variant}" if variant else digest)


def content_of(store: FileStore, digest: str, variant: str = "") -> bytes:
    """The bytes at once. Raises LostContentError, OutOfReachError."""
    with store.open(digest, variant) as content:
        return content.read()


@dataclass(frozen=True)
class FolderStore:
    """In a folder, outside the web root."""

    folder: Path

    def put(self, digest: str, content: bytes, variant: str = "") -> None:
        # Written beside and renamed: a crash leaves no half file under a name that promises its hash.
        path = self._path(digest, variant)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        Path(temporary).replace(path)

    def open(self, digest: str, variant: str = "") -> BinaryIO:
        try:
            return self._path(digest, variant).open("rb")
        except FileNotFoundError:
            raise LostContentError(digest) from None

    def has(self, digest: str, variant: str = "") -> bool:
        return self._path(digest, variant).exists()

    def drop(self, digest: str) -> None:
        path = self._path(digest, "")
        for each in (path, *path.parent.glob(f"{digest}.*")):
            each.unlink(missing_ok=True)

    def is_empty(self) -> bool:
        return not self.folder.exists() or not any(self.folder.iterdir())

    def _path(self, digest: str, variant: str) -> Path:
        return self.folder / place_of(digest, variant)
