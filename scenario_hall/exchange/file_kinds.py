"""What a file is that is no list, by its content: each refusal names the true reason and what to do."""

from __future__ import annotations

import re

from scenario_hall.core.texts import N_
from scenario_hall.exchange.bounds import ReadingError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAMES_OF_OLE = (  # streams of a compound file, whose names it holds in UTF-16 (MS-CFB 2.6)
    ("EncryptedPackage", N_("This file is protected by a password. Please save it without one.")),
    ("WordDocument", N_("This is a Word document. Please provide the list as XLSX, CSV or JSON lines.")),
    ("PowerPoint Document", N_("This is a presentation. Please provide the list as XLSX, CSV or JSON lines.")),
    ("__properties_version1.0", N_("This is an e-mail message. Please provide the list that is attached to it.")),
)
_WORKBOOK_STREAMS = ("Workbook", "Book")
_BEGINNINGS = (
    (b"%PDF", N_("This is a PDF. Please provide the list as XLSX, CSV or JSON lines.")),
    (b"{\\rtf", N_("This is a text document (RTF). Please provide the list as XLSX, CSV or JSON lines.")),
    (b"\x1f\x8b", N_("This is a compressed file. Please unpack it and provide the list in it.")),
    (b"7z\xbc\xaf\x27\x1c", N_("This is a compressed file. Please unpack it and provide the list in it.")),
    (b"Rar!\x1a\x07", N_("This is a compressed file. Please unpack it and provide the list in it.")),
    (b"BZh", N_("This is a compressed file. Please unpack it and provide the list in it.")),
    (b"\xfd7zXZ\x00", N_("This is a compressed file. Please unpack it and provide the list in it.")),
    (b"\x89PNG", N_("This is a picture. Please provide the list as XLSX, CSV or JSON lines.")),
    (b"\xff\xd8\xff", N_("This is a picture. Please provide the list as XLSX, CSV or JSON lines.")),
    (b"GIF8", N_("This is a picture. Please provide the list as XLSX, CSV or JSON lines.")),
    (b"SQLite format 3\x00", N_("This is a database. Please export the list from it as CSV.")),
    (b"PAR1", N_("This is a Parquet file. Please export the list from it as CSV.")),
)
_BIFF_BEGINNINGS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # a bare stream of Excel 2 to 5
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|meta|table|body|style)\b", re.IGNORECASE)
_XML = re.compile(rb"<\?xml\b|<\?mso-application\b", re.IGNORECASE)
_MIME = re.compile(rb"(?:mime-version|content-type|from):", re.IGNORECASE)


def refuse_other_files(data: bytes) -> None:
    """Raise ReadingError for a file that is surely something else than a list."""
    for beginning, reason in _BEGINNINGS:
        if data.startswith(beginning):
            raise ReadingError(reason)
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n")
    if _HTML.match(head) or (head.startswith(b"<") and not _XML.match(head) and _HTML.search(head)):
        raise ReadingError(
            N_("This is a web page, even if its name says .xls. Please open it in Excel or WPS and save it as .xlsx.")
        )
    if _XML.match(head):
        raise _xml(data[:65536])
    if _MIME.match(head) and b"multipart" in data[:4096].lower():
        raise ReadingError(N_("This is a web archive. Please open it in Excel or WPS and save it as .xlsx."))
    if head.startswith(b"ID;P"):
        raise ReadingError(N_("This is a SYLK file. Please open it in Excel or WPS and save it as .xlsx."))


def _xml(head: bytes) -> ReadingError:
    plain = head.replace(b"\x00", b"")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in plain:
        return ReadingError(
            N_("This is an XML spreadsheet of 2003. Please open it in Excel or WPS and save it as .xlsx.")
        )
    if _HTML.search(plain[:4096]):
        return ReadingError(
            N_("This is a web page, even if its name says .xls. Please open it in Excel or WPS and save it as .xlsx.")
        )
    return ReadingError(N_("This is an XML file. Please provide the list as XLSX, CSV or JSON lines."))


def refuse_other_compounds(data: bytes) -> None:
    """The same for a compound file (OLE) that holds no old workbook."""
    for name, reason in _NAMES_OF_OLE:
        if name.encode("utf-16-le") in data:
            raise ReadingError(reason)
    if not any(name.encode("utf-16-le") in data for name in _WORKBOOK_STREAMS):
        raise ReadingError(N_("This is no workbook. Please provide the list as XLSX, CSV or JSON lines."))


def refuse_other_packages(names: list[str]) -> None:
    """The same for a zipped file by the names of its parts, in lower case."""
    whole = set(names)
    if "xl/workbook.bin" in whole:
        raise ReadingError(N_("This is a binary workbook (.xlsb). Please save it as .xlsx or CSV."))
    if any(name.endswith(".iwa") for name in names) or "index.zip" in whole:
        raise ReadingError(N_("This is a Numbers document. Please export it as Excel (.xlsx) or CSV."))
    if any(name.startswith("word/") for name in names):
        raise ReadingError(N_("This is a Word document. Please provide the list as XLSX, CSV or JSON lines."))
    if any(name.startswith("ppt/") for name in names):
        raise ReadingError(N_("This is a presentation. Please provide the list as XLSX, CSV or JSON lines."))
    if "ofd.xml" in whole:
        raise ReadingError(N_("This is an OFD document. Please provide the list as XLSX, CSV or JSON lines."))


def is_bare_workbook(data: bytes) -> bool:
    """Whether this is a workbook of Excel 2 to 5 without the compound file around it."""
    return data.startswith(_BIFF_BEGINNINGS) and b"\x00" in data[:16]
