"""Whoosh's file of terms, written in bulk: the same bytes that its own writer gives, many terms at a time."""

from __future__ import annotations

from binascii import crc32
from collections.abc import Sequence
from struct import Struct

import numpy as np
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.filedb.structfile import StructFile
from whoosh.util.numlists import GrowableArray

_LENGTHS = Struct("!ii")
_SLOT = np.dtype([("hash", ">u4"), ("place", ">i8")])
_CRC32 = 1  # as ``whoosh.filedb.filetables`` numbers its hashes


class TermFile(OrderedHashWriter):  # type: ignore[misc]
    """Terms in the order of their bytes, each with its term info."""

    def __init__(self, file: StructFile) -> None:
        # Not the parent's: it knows only MD5, which takes three times as long.
        HashWriter.__init__(self, file, hashtype=_CRC32)
        self.index = GrowableArray("i")
        self.lastkey = b""
        self._places: list[int] = []

    def add_all(self, items: Sequence[tuple[bytes, bytes]]) -> None:
        """Keys in ascending order, behind those that are in already. Raises ValueError for another order."""
        entries: list[bytes] = []
        place, last = self.dbfile.tell(), self.lastkey
        for key, value in items:
            if key <= last:
                raise ValueError(f"{key!r} comes after {last!r}")
            last = key
            hashed = crc32(key)
            self.buckets[hashed & 255].append((hashed, place))
            self._places.append(place)
            entry = _LENGTHS.pack(len(key), len(value)) + key + value
            entries.append(entry)
            place += len(entry)
        self.lastkey = last
        self.dbfile.write(b"".join(entries))

    def _write_extras(self) -> None:
        self.index.extend(self._places)
        super()._write_extras()

    def _write_hashes(self) -> None:
        """256 tables with open addressing, half empty; an empty slot is zeros, since no key stands at place 0."""
        for entries in self.buckets:
            count = 2 * len(entries)
            self.directory.append((self.dbfile.tell(), count))
            table = [(0, 0)] * count
            for entry in entries:
                slot = (entry[0] >> 8) % count
                while table[slot][1]:
                    slot = slot + 1 if slot + 1 < count else 0
                table[slot] = entry
            self.dbfile.write(np.array(table, _SLOT).tobytes())
