"""Workbooks of any make as sheets of text: XLSX, the old Excel format and ODS, recognised by their content."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.file_kinds import OLE, is_bare_workbook, refuse_other_compounds, refuse_other_packages
from scenario_hall.exchange.ods import read_ods
from scenario_hall.exchange.packages import BROKEN, Package
from scenario_hall.exchange.sheets import Book
from scenario_hall.exchange.xls import LOCKED, read_xls
from scenario_hall.exchange.xlsx import read_xlsx

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ODF = b"application/vnd.oasis.opendocument"


def is_workbook(data: bytes) -> bool:
    """Whether this is a file to read as a workbook, or to refuse as one."""
    return data.startswith((b"PK", OLE)) or is_bare_workbook(data)


def read_book(data: bytes) -> Book:
    """The sheets with content, hidden ones too. Raises ReadingError with the true reason."""
    try:
        if data.startswith(b"PK"):
            return _packaged(data)
        if data.startswith(OLE):
            refuse_other_compounds(data)
        return read_xls(data)
    except BROKEN as error:
        raise ReadingError(
            N_("This workbook is damaged and could not be read. Please save it again as .xlsx or CSV.")
        ) from error


def _packaged(data: bytes) -> Book:
    package = Package(data)
    if package.is_locked:
        raise ReadingError(LOCKED)
    refuse_other_packages(package.names)
    if package.has("content.xml") and package.has("mimetype"):
        kind = package.read("mimetype", 200)
        if kind.startswith(_ODS):
            if package.has("META-INF/manifest.xml") and b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise ReadingError(LOCKED)
            return read_ods(package, len(data))
        if kind.startswith(_ODF):
            raise ReadingError(
                N_("This is an OpenDocument file, but no spreadsheet. Please provide the list as XLSX, ODS or CSV.")
            )
    if not package.has("[Content_Types].xml") and not package.has("xl/workbook.xml"):
        raise ReadingError(N_("This is a ZIP archive. Please unpack it and provide the list in it."))
    return read_xlsx(package, len(data))
