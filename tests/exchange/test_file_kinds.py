"""What is no list is refused with the true reason."""

import gzip
import io
import zipfile

import pytest

from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.file_kinds import OLE
from scenario_hall.exchange.reading import parse_table


def archive(*names, kind=""):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in names:
            target.writestr(name, kind if name == "mimetype" else "<x/>")
    return made.getvalue()


def locked(data):
    """The same archive, said to be encrypted in both of its tables."""
    changed = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            changed[at + place] |= 1
            at = data.find(mark, at + 1)
    return bytes(changed)


ODS = "application/vnd.oasis.opendocument.spreadsheet"
REASONS = {
    "a locked xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "a locked zip": (locked(archive("xl/workbook.xml", "[Content_Types].xml")), "password"),
    "a page as .xls": (b"<html><body><table><tr><td>x</td></tr></table></body></html>", "web page"),
    "a page in UTF-16": ("\ufeff<!DOCTYPE html><html></html>".encode("utf-16-le"), "web page"),
    "a table alone": (b"\n <TABLE border=1><tr><td>x</td></tr></TABLE>", "web page"),
    "a page as XML": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>', "web page"),
    "a web archive": (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", "web archive"),
    "XML of 2003": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>',
        "XML spreadsheet of 2003",
    ),
    "other XML": (b'<?xml version="1.0"?><list><title>x</title></list>', "XML file"),
    "Numbers": (archive("Index/Document.iwa", "Metadata/Properties.plist"), "Numbers"),
    "xlsb": (archive("[Content_Types].xml", "xl/workbook.bin"), "binary workbook"),
    "Word": (archive("[Content_Types].xml", "word/document.xml"), "Word"),
    "PowerPoint": (archive("[Content_Types].xml", "ppt/presentation.xml"), "presentation"),
    "a text document": (
        archive("mimetype", "content.xml", kind="application/vnd.oasis.opendocument.text"),
        "no spreadsheet",
    ),
    "an archive": (archive("list.csv"), "ZIP archive"),
    "gzip": (gzip.compress(b"title\nx\n"), "compressed"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "compressed"),
    "old Word": (OLE + "WordDocument".encode("utf-16-le"), "Word"),
    "some compound file": (OLE + b"\0" * 512, "no workbook"),
    "PDF": (b"%PDF-1.7", "PDF"),
    "RTF": (b"{\\rtf1 x}", "RTF"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "picture"),
    "a database": (b"SQLite format 3\x00" + b"\0" * 40, "database"),
    "a broken zip": (b"PK\x03\x04broken", "damaged"),
    "a broken old workbook": (OLE + "Workbook".encode("utf-16-le") + b"\0" * 600, "damaged"),
}


@pytest.mark.parametrize(("data", "reason"), REASONS.values(), ids=REASONS)
def test_the_reason_is_the_true_one(data, reason):
    with pytest.raises(ReadingError, match=reason):
        parse_table(data)


@pytest.mark.parametrize("codec", ["utf-32", "utf-32-le", "utf-32-be", "utf-16", "utf-8-sig", "gb18030"])
def test_every_unicode_encoding_is_read(codec):
    table = parse_table("场景名称,场景描述\n港口巡检,每日巡检两次\n".encode(codec))
    assert table.rows[0].cells == {"场景名称": "港口巡检", "场景描述": "每日巡检两次"}
