"""The text of a word-processing document (ISO/IEC 29500-1, 17.3): its paragraphs, one a line."""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

from scenario_hall.core.office import BROKEN

MOST_XML = 8 * 1024 * 1024  # of the main part; a text of the hall has 10,000 characters
_MAIN_PART = "word/document.xml"


def word_text(content: bytes) -> str:
    """The paragraphs of a document that ``office_type`` has looked into; nothing where it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_MAIN_PART) as part:
            return _paragraphs(part.read(MOST_XML))
    except (*BROKEN, KeyError):
        return ""


def _paragraphs(xml: bytes) -> str:
    pieces: list[str] = []
    inside: list[bool] = [False]

    def begin(name: str, _attributes: object) -> None:
        inside[0] = name.rpartition(":")[2] == "t"

    def end(name: str) -> None:
        inside[0] = False
        local = name.rpartition(":")[2]
        if local in ("p", "br"):
            pieces.append("\n")
        elif local == "tab":
            pieces.append("\t")

    def text(data: str) -> None:
        if inside[0]:
            pieces.append(data)

    def refuse(*_declared: object) -> None:
        raise ValueError("a document of Office declares no entities")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = text, refuse
    parser.Parse(xml, True)
    return "".join(pieces).strip()
