"""Pictures as they are kept: drawn anew from their pixels, so that nothing else of the file stays: no place, camera,
author, comment or preview, and no other file behind the picture.

A process of its own draws each (``picture_child.py``): decoders hold Python's lock for seconds, so that a thread would
keep all other requests of a web process waiting; and only a process can be ended.
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from PIL import Image

from scenario_hall.core import picture_child

MAX_PIXELS = 50_000_000  # what the largest telephones of today take
LONGEST_SIDE = 4096  # of what is kept; a sheet of A4 at 300 dots an inch has 3508
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
MAX_SECONDS = 30.0
AT_ONCE = 2  # in one process; the others wait as long as one may take
_places = BoundedSemaphore(AT_ONCE)


WIDTHS = (480, 960)  # what cards and pages show, and screens of twice the density


class TooManyPixelsError(Exception):
    """The picture has more than MAX_PIXELS."""


class DamagedPictureError(Exception):
    """The file is no whole picture of its type."""


class TooSlowError(Exception):
    """The picture was not drawn within MAX_SECONDS, or not even begun."""


def drawn_anew(content: bytes, content_type: str) -> bytes:
    """The picture without anything but its (first) image: upright, at most LONGEST_SIDE pixels a side, colours as sRGB.

    Takes up to twice MAX_SECONDS; under gevent other requests go on meanwhile. Raises TooManyPixelsError,
    DamagedPictureError or TooSlowError.
    """
    # -I: nothing of the environment or the present folder reaches the child but its own file and installed packages.
    command = [sys.executable, "-I", str(Path(picture_child.__file__)), FORMATS[content_type]]
    if not _places.acquire(timeout=MAX_SECONDS):
        raise TooSlowError
    try:
        done = subprocess.run(
            [*command, str(MAX_PIXELS), str(LONGEST_SIDE)],
            input=content,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooSlowError from None
    finally:
        _places.release()
    if done.returncode == picture_child.TOO_MANY_PIXELS:
        raise TooManyPixelsError
    if done.returncode != picture_child.DRAWN:  # also a decoder that was ended by the kernel
        raise DamagedPictureError(done.stderr.decode(errors="replace")[-500:])
    return done.stdout


def scaled(content: bytes, width: int) -> bytes:
    """A picture that ``drawn_anew`` gave, as WebP of at most ``width`` pixels a line; never larger than it is."""
    with Image.open(io.BytesIO(content), formats=tuple(FORMATS.values())) as opened:
        opened.draft(None, (width, width))
        image = opened.convert("RGBA" if "A" in opened.getbands() or "transparency" in opened.info else "RGB")
        image.thumbnail((width, image.height))
        written = io.BytesIO()
        image.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()
