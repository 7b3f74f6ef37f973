"""Parts of a zipped document, read bounded: what unpacks to more than a list may have is refused while it unpacks."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from xml.parsers import expat

from scenario_hall.exchange.bounds import MAX_BYTES, too_large
from scenario_hall.exchange.sheets import UnreadableWorkbookError

_CHUNK = 64 * 1024
_LONGEST_TOKEN = 1024 * 1024  # a tag, comment or text that the parser has to hold at once
_DEEPEST = 64
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what ISO/IEC 29500-2 and ODF allow
# What such a file's parser raises at what is no such file.
BROKEN = (zipfile.BadZipFile, expat.ExpatError, zlib.error, EOFError, ValueError, OverflowError, NotImplementedError)

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Characters = Callable[[str], None]


class Package:
    """A zipped document by the names of its parts, whose letters' case does not count."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._parts = {part.filename.replace("\\", "/").lstrip("/").lower(): part for part in self._archive.infolist()}
        self._unpacked = 0

    @property
    def names(self) -> list[str]:
        """The parts' names in lower case."""
        return list(self._parts)

    @property
    def is_locked(self) -> bool:
        """Whether its parts are encrypted."""
        return any(part.flag_bits & 1 for part in self._parts.values())

    def has(self, name: str) -> bool:
        return name.lower() in self._parts

    def read(self, name: str, most: int = _LONGEST_TOKEN) -> bytes:
        """The beginning of a part."""
        with self._archive.open(self._part(name)) as stream:
            return stream.read(most)

    def parse(self, name: str, *, start: Start, end: End, characters: Characters) -> None:
        """Walk through a part; elements and attributes come by their local names.

        Raises ReadingError for one that is too large, UnreadableWorkbookError for what no spreadsheet writes, and what
        is in BROKEN.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = _CHUNK
        local: dict[str, str] = {}
        depth = 0

        def on_start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > _DEEPEST:
                raise UnreadableWorkbookError("elements in one another")
            start(local.get(tag) or local.setdefault(tag, tag.rpartition(":")[2]), attributes)

        def on_end(tag: str) -> None:
            nonlocal depth
            depth -= 1
            end(local[tag])

        def on_declaration(*_: object) -> None:
            raise UnreadableWorkbookError("a document type, which can define texts of any length")

        parser.StartElementHandler = on_start
        parser.EndElementHandler = on_end
        parser.CharacterDataHandler = characters
        parser.StartDoctypeDeclHandler = on_declaration
        with self._archive.open(self._part(name)) as stream:
            fed = 0
            while chunk := stream.read(_CHUNK):
                self._unpacked += len(chunk)
                fed += len(chunk)
                if self._unpacked > MAX_BYTES:
                    raise too_large()
                parser.Parse(chunk, False)
                if fed - max(parser.CurrentByteIndex, 0) > _LONGEST_TOKEN:
                    raise UnreadableWorkbookError("a tag or text of a megabyte")
            parser.Parse(b"", True)

    def _part(self, name: str) -> zipfile.ZipInfo:
        part = self._parts.get(name.lower())
        if part is None:
            raise UnreadableWorkbookError(f"no part {name}")
        if part.compress_type not in _METHODS:
            raise UnreadableWorkbookError("a way of packing that no spreadsheet uses")
        if part.file_size > MAX_BYTES:
            raise too_large()
        return part


def attribute(attributes: Mapping[str, str], name: str) -> str:
    """An attribute by its local name, empty where there is none."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")
