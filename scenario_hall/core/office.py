"""Office files (ISO/IEC 29500-2) looked into: what they are by their own list of parts, whether they bring programs
along, and how large they are unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.parsers import expat

MAX_UNPACKED = 100 * 1024 * 1024
ALWAYS_TAKEN = 5 * 1024 * 1024  # however well it is packed
MOST_TIMES = 100  # its packed size; long tables come to about 30
MAX_PARTS = 5_000
_TYPES_NAME = "[content_types].xml"
_LONGEST_TYPES = 1024 * 1024
_CHUNK = 256 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BASE = "application/vnd.openxmlformats-officedocument."
# The type of the main part → the type of the document.
_MAIN = {
    f"{_BASE}{kind}.main+xml": f"{_BASE}{kind}"
    for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
}
# In types and names of parts: VBA, the sheets of Excel 4.0's macros, controls that run.
_PROGRAMS = ("macroenabled", "vbaproject", "vbadata", "macrosheet", "activex")
BROKEN = (zipfile.BadZipFile, expat.ExpatError, zlib.error, EOFError, ValueError, OverflowError, NotImplementedError)


class HasProgramsError(Exception):
    """The file has macros or other programs in it."""


class TooLargeUnpackedError(Exception):
    """The file unpacks to more than a document has."""


def office_type(content: bytes) -> str | None:
    """The content type of the document, without a look at its name; None for what is no whole Office file.

    Raises HasProgramsError or TooLargeUnpackedError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = [part.filename.replace("\\", "/").lstrip("/").lower() for part in parts]
            # Of two parts with one name, each program may read another.
            if _TYPES_NAME not in names or len(set(names)) < len(names):
                return None
            if any(part.flag_bits & 1 or part.compress_type not in _METHODS for part in parts):
                return None
            _measure(archive, len(content))
            with archive.open(parts[names.index(_TYPES_NAME)]) as stream:
                types = _types(stream.read(_LONGEST_TYPES))
    except BROKEN:
        return None
    told = [*names, *(each.lower() for each in types)]
    if any(mark in text for text in told for mark in _PROGRAMS):
        raise HasProgramsError
    return next((_MAIN[each] for each in types if each in _MAIN), None)


def _measure(archive: zipfile.ZipFile, packed: int) -> None:
    """Unpack everything once, since what the archive says of its sizes may be wrong."""
    most = min(MAX_UNPACKED, max(ALWAYS_TAKEN, MOST_TIMES * packed))
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > most:
        raise TooLargeUnpackedError
    unpacked = 0
    for part in parts:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > most:
                    raise TooLargeUnpackedError


def _types(xml: bytes) -> list[str]:
    """The types of parts that ``[Content_Types].xml`` names. Raises what is in BROKEN."""
    found: list[str] = []

    def start(_tag: str, attributes: dict[str, str]) -> None:
        found.append(attributes.get("ContentType", ""))

    def declaration(*_: object) -> None:
        raise ValueError("a document type, which can define texts of any length")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = declaration
    parser.Parse(xml, True)
    return found
