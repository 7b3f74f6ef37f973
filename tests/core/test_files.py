"""Files that people hand in: pictures without what the camera knew, Office files without programs, none too large."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from scenario_hall.core.errors import Invalid
from scenario_hall.core.files import FILE_ROLE_NAMES, IMAGES, OFFICE, StoredFile, store_file, take_in
from scenario_hall.core.pictures import FORMATS, LONGEST_SIDE
from scenario_hall.core.stores import FolderStore, place_of
from tests.world import World

SECRET = b"secret-camera-owner"
ORIENTATION, ARTIST, GPS = 0x0112, 0x013B, 0x8825
OFFICE_BASE = "application/vnd.openxmlformats-officedocument."
MAIN = {".docx": "wordprocessingml.document", ".xlsx": "spreadsheetml.sheet", ".pptx": "presentationml.presentation"}


def stored(world: World, folder: Path, content: bytes, name: str, role: str = "attachment") -> tuple[StoredFile, bytes]:
    file = store_file(
        world.session,
        FolderStore(folder),
        stream=io.BytesIO(content),
        name=name,
        subject_kind="scenario",
        subject_id=1,
        role=role,
        uploaded_by=None,
    )
    return file, (folder / place_of(file.sha256)).read_bytes()


def refused(world: World, folder: Path, content: bytes, name: str) -> str:
    with pytest.raises(Invalid) as caught:
        stored(world, folder / "files", content, name)
    assert not (folder / "files").exists()
    return caught.value.fields["files"]


def picture(kind: str, size: tuple[int, int] = (40, 20)) -> bytes:
    """With all that a camera or an editor writes beside the pixels: left half red, right half blue, lying on its side."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = 6, SECRET.decode()
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "N", (22.0, 16.0, 42.0)
    told: dict[str, object] = {"exif": exif.tobytes(), "xmp": SECRET, "icc_profile": SECRET}
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", SECRET.decode())
        texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        told = {"exif": exif.tobytes(), "pnginfo": texts, "icc_profile": SECRET}
    if kind == "JPEG":
        told["comment"] = SECRET
    written = io.BytesIO()
    image.save(written, kind, **told)
    return written.getvalue() + SECRET  # and something behind the picture


@pytest.mark.parametrize("role", FILE_ROLE_NAMES)
@pytest.mark.parametrize("content_type", sorted(IMAGES))
def test_a_picture_is_kept_without_anything_but_its_pixels(
    small_world: World, tmp_path: Path, content_type: str, role: str
) -> None:
    before = picture(FORMATS[content_type])
    assert SECRET in before and Image.open(io.BytesIO(before)).getexif()[ORIENTATION] == 6
    file, after = stored(small_world, tmp_path, before, "photo.bin", role)
    assert (file.content_type, file.size) == (content_type, len(after))
    assert SECRET not in after and b"Exif" not in after and b"EXIF" not in after and b"eXIf" not in after
    with Image.open(io.BytesIO(after)) as image:
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "Author", "XML:com.adobe.xmp"} & set(image.info)
        assert image.size == (20, 40)  # upright, as the camera meant it
        top, bottom = image.convert("RGB").getpixel((10, 5)), image.convert("RGB").getpixel((10, 35))
    for bright, dark in ((top[0], top[2]), (bottom[2], bottom[0])):
        assert bright > 200 and dark < 60


@pytest.mark.parametrize("content_type", sorted(IMAGES))
def test_a_large_picture_is_kept_smaller(small_world: World, tmp_path: Path, content_type: str) -> None:
    _, after = stored(small_world, tmp_path, picture(FORMATS[content_type], (6000, 30)), "wide.bin")
    assert max(Image.open(io.BytesIO(after)).size) == LONGEST_SIDE


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_taken(small_world: World, tmp_path: Path, mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (9, 5)).save(written, "PNG")
    _, after = stored(small_world, tmp_path, written.getvalue(), "a.png")
    assert Image.open(io.BytesIO(after)).mode == mode


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(small_world: World, tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    assert "50 million pixels" in refused(small_world, tmp_path, bomb, "a.png")
    just_above = io.BytesIO()
    Image.new("1", (10_000, 5_001)).save(just_above, "PNG")
    assert "50 million pixels" in refused(small_world, tmp_path, just_above.getvalue(), "a.png")


@pytest.mark.parametrize("content_type", sorted(IMAGES))
def test_half_a_picture_is_none(small_world: World, tmp_path: Path, content_type: str) -> None:
    whole = picture(FORMATS[content_type], (400, 200))
    assert "not a whole picture" in refused(small_world, tmp_path, whole[: len(whole) // 2], "a.png")


def office(
    suffix: str = ".docx", *, main: str = "", types: str = "", parts: dict[str, bytes] | None = None, head: str = ""
) -> bytes:
    main = main or f"{OFFICE_BASE}{MAIN[suffix]}.main+xml"
    listed = (
        f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{types}</Types>'
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", listed)
        for name, content in {"word/document.xml": b"<document/>", **(parts or {})}.items():
            archive.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize("suffix", OFFICE)
def test_a_document_is_what_it_says_itself_and_kept_as_it_is(small_world: World, tmp_path: Path, suffix: str) -> None:
    content = office(suffix)
    for name in (f"a{suffix}", "a.docx", "a"):
        file, kept = stored(small_world, tmp_path, content, name)
        assert file.content_type == OFFICE[suffix] and kept == content


PROGRAMS = {
    "a .docm under another name": {"main": "application/vnd.ms-word.document.macroEnabled.main+xml"},
    "an .xlsm": {"main": "application/vnd.ms-excel.sheet.macroEnabled.main+xml"},
    "a .pptm": {"main": "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"},
    "a part of VBA": {"parts": {"word/vbaProject.bin": b"x"}},
    "in other letters": {"parts": {"xl/VBAPROJECT.BIN": b"x"}},
    "under another name": {"types": '<Override PartName="/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>'},
    "by default": {"types": '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'},
    "a macro sheet": {"parts": {"xl/macrosheets/sheet1.xml": b"x"}},
    "a control": {"parts": {"word/activeX/activeX1.bin": b"x"}},
}


@pytest.mark.parametrize("case", PROGRAMS)
@pytest.mark.parametrize("suffix", OFFICE)
def test_a_document_with_programs_is_refused(small_world: World, tmp_path: Path, case: str, suffix: str) -> None:
    content = office(suffix, **PROGRAMS[case])  # type: ignore[arg-type]
    assert "macros" in refused(small_world, tmp_path, content, f"a{suffix}")


def test_what_unpacks_to_far_more_is_refused(small_world: World, tmp_path: Path) -> None:
    bomb = office(parts={"word/media/a.bin": bytes(50_000_000)})
    assert len(bomb) < 60_000
    assert "unpacks" in refused(small_world, tmp_path, bomb, "a.docx")
    many = office(parts={f"word/{number}.xml": b"" for number in range(6_000)})
    assert "unpacks" in refused(small_world, tmp_path, many, "a.docx")
    lying = bytearray(bomb)
    at = lying.rindex(b"word/media/a.bin") - 46 + 24  # the size that the directory tells
    lying[at : at + 4] = struct.pack("<I", 1000)
    refused(small_world, tmp_path, bytes(lying), "a.docx")


def test_what_is_no_document_is_refused(small_world: World, tmp_path: Path) -> None:
    twice = io.BytesIO(office())
    with pytest.warns(UserWarning), zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    entities = office(head='<!DOCTYPE Types [<!ENTITY a "b">]>')
    template = office(main=f"{OFFICE_BASE}wordprocessingml.template.main+xml")
    for content in (twice.getvalue(), entities, template, office()[:-30], office(main="text/plain")):
        assert "not a type of file" in refused(small_world, tmp_path, content, "a.docx")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("Plan.PDF", "Plan.PDF"),
        ("invoice.exe", "invoice.exe.pdf"),
        ("picture.png", "picture.png.pdf"),
        ("验收报告", "验收报告.pdf"),
        ("a.pdf.html", "a.pdf.html.pdf"),
        ("x" * 300, "x" * 196 + ".pdf"),
    ],
)
def test_the_name_ends_as_the_content_is(small_world: World, tmp_path: Path, name: str, kept: str) -> None:
    file, _content = stored(small_world, tmp_path, b"%PDF-1.7 a small file", name)
    assert (file.name, file.content_type) == (kept, "application/pdf")


@given(st.text(max_size=60), st.sampled_from(["%PDF-1.7 x", "a,b\n"]))
def test_whatever_a_name_says_to_be_a_browser_is_told_one_thing(name: str, content: str) -> None:
    """The ending of the name that goes with a download is that of the type that goes with it."""
    try:
        taken = take_in(io.BytesIO(content.encode()), name)
    except Invalid:
        return
    assert taken.name.lower().endswith({"application/pdf": ".pdf"}.get(taken.content_type, (".csv", ".txt")))
    assert len(taken.name) <= 200
