"""Draws one picture anew, in a process of its own: ``pictures.py`` starts it, bounds it, and reads what it writes.

It knows nothing of the hall, so that it starts quickly, and a file made to break a decoder finds nothing there.
"""

from __future__ import annotations

import io
import os
import resource
import sys

from PIL import Image, ImageOps

DRAWN, TOO_MANY_PIXELS, DAMAGED = 0, 3, 4  # exit status
MAX_MEMORY = 3 * 1024**3  # address space, bytes; four copies of MAX_PIXELS in four channels are 0.8 GB
_OPTIONS: dict[str, dict[str, int]] = {
    "PNG": {"compress_level": 3},
    "JPEG": {"quality": 90},
    "WEBP": {"quality": 90, "method": 1},
}

PLAIN_WEBP = {"quality": 70, "method": 0}


def drawn(content: bytes, kind: str, *, max_pixels: int, longest_side: int) -> bytes:
    """The picture's (first) image alone: upright, at most ``longest_side`` pixels a side, colours as sRGB.

    Raises DecompressionBombError for more than ``max_pixels``, before anything is unpacked; OSError and others of
    Pillow's for what is no whole picture.
    """
    with Image.open(io.BytesIO(content), formats=(kind,)) as opened:
        if opened.width * opened.height > max_pixels:
            raise Image.DecompressionBombError
        opened.draft(None, (longest_side, longest_side))  # a JPEG is unpacked no larger than needed
        image = ImageOps.exif_transpose(opened)
        image.thumbnail((longest_side, longest_side))
        # Pillow writes what it has read beside the pixels; a palette's transparent colour belongs to them.
        image.info = {name: value for name, value in image.info.items() if name == "transparency"}
        if kind == "JPEG" and image.mode not in ("L", "RGB"):
            image = image.convert("RGB")
    return _written(image, kind, _OPTIONS[kind])


def _written(image: Image.Image, kind: str, options: dict[str, int]) -> bytes:
    written = io.BytesIO()
    try:
        image.save(written, kind, exif=b"", **options)
    except ValueError:
        # Large WebP pictures full of detail need more than the 512 kB that VP8 has for how its blocks are predicted
        # (RFC 6386, 9.1: a first partition's size has 19 bits).
        if kind != "WEBP" or options == PLAIN_WEBP:
            raise
        return _written(image, kind, PLAIN_WEBP)
    return written.getvalue()


def main(kind: str, max_pixels: str, longest_side: str) -> int:
    """From standard input to standard output; returns the exit status."""
    os.nice(5)  # pages come first
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    try:
        made = drawn(sys.stdin.buffer.read(), kind, max_pixels=int(max_pixels), longest_side=int(longest_side))
    except Image.DecompressionBombError:
        return TOO_MANY_PIXELS
    # What Pillow raises at files that are none: https://pillow.readthedocs.io/en/stable/reference/Image.html
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError):
        return DAMAGED
    sys.stdout.buffer.write(made)
    return DRAWN


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
