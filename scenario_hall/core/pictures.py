"""Pictures as they are kept: drawn anew from their pixels, so that nothing else of the file stays: no place, camera,
author, comment or preview, and no other file behind the picture."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

MAX_PIXELS = 50_000_000  # what the largest telephones of today take
LONGEST_SIDE = 4096  # of what is kept; a sheet of A4 at 300 dots an inch has 3508
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_OPTIONS: dict[str, dict[str, int]] = {
    "PNG": {"compress_level": 3},
    "JPEG": {"quality": 90},
    "WEBP": {"quality": 90, "method": 1},
}


WIDTHS = (480, 960)  # what cards and pages show, and screens of twice the density


class TooManyPixelsError(Exception):
    """The picture has more than MAX_PIXELS."""


class DamagedPictureError(Exception):
    """The file is no whole picture of its type."""


def drawn_anew(content: bytes, content_type: str) -> bytes:
    """The picture without anything but its (first) image: upright, at most LONGEST_SIDE pixels a side, colours as sRGB.

    Raises TooManyPixelsError before anything is unpacked, or DamagedPictureError.
    """
    kind = FORMATS[content_type]
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise TooManyPixelsError
            opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
            image = ImageOps.exif_transpose(opened)
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            # Pillow writes what it has read beside the pixels; a palette's transparent colour belongs to them.
            image.info = {name: value for name, value in image.info.items() if name == "transparency"}
            if kind == "JPEG" and image.mode not in ("L", "RGB"):
                image = image.convert("RGB")
            written = io.BytesIO()
            image.save(written, kind, exif=b"", **_OPTIONS[kind])
    except Image.DecompressionBombError:
        raise TooManyPixelsError from None
    # What Pillow raises at files that are none: https://pillow.readthedocs.io/en/stable/reference/Image.html
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError) as error:
        raise DamagedPictureError from error
    return written.getvalue()


def scaled(content: bytes, width: int) -> bytes:
    """A picture that ``drawn_anew`` gave, as WebP of at most ``width`` pixels a line; never larger than it is."""
    with Image.open(io.BytesIO(content), formats=tuple(FORMATS.values())) as opened:
        opened.draft(None, (width, width))
        image = opened.convert("RGBA" if "A" in opened.getbands() or "transparency" in opened.info else "RGB")
        image.thumbnail((width, image.height))
        written = io.BytesIO()
        image.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()
