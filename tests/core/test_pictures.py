"""The process that draws pictures is bounded in time and in number, and its end by force is a damaged picture."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from PIL import Image

from scenario_hall.core import picture_child, pictures
from scenario_hall.core.pictures import DamagedPictureError, TooSlowError, drawn_anew

ENDLESS = "import os, sys, time\nfrom pathlib import Path\nPath({told!r}).write_text(str(os.getpid()))\ntime.sleep(600)"


def a_picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (4, 4)).save(written, "PNG")
    return written.getvalue()


def child_that_is(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "child.py"
    path.write_text(text)
    monkeypatch.setattr(picture_child, "__file__", str(path))


def test_a_picture_that_takes_too_long_is_ended_with_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "pid"
    child_that_is(ENDLESS.format(told=str(told)), tmp_path, monkeypatch)
    monkeypatch.setattr(pictures, "MAX_SECONDS", 3.0)
    began = time.monotonic()
    with pytest.raises(TooSlowError):
        drawn_anew(a_picture(), "image/png")
    assert time.monotonic() - began < 60
    assert not Path(f"/proc/{told.read_text()}").exists()


def test_whoever_finds_no_place_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_SECONDS", 0.1)
    for _ in range(pictures.AT_ONCE):
        pictures._places.acquire()
    try:
        with pytest.raises(TooSlowError):
            drawn_anew(a_picture(), "image/png")
    finally:
        for _ in range(pictures.AT_ONCE):
            pictures._places.release()
    monkeypatch.undo()
    assert drawn_anew(a_picture(), "image/png")  # the places are given back


def test_a_large_webp_full_of_detail_is_no_damaged_one() -> None:
    tile = Image.effect_noise((1024, 1024), 90)
    coloured = Image.merge("RGB", [tile, tile.rotate(90), tile.rotate(180)])
    whole, written = Image.new("RGB", (4096, 4096)), io.BytesIO()
    for at in range(16):
        whole.paste(coloured, (at % 4 * 1024, at // 4 * 1024))
    whole.save(written, "WEBP", method=0, quality=10)
    drawn = drawn_anew(written.getvalue(), "image/webp")
    assert Image.open(io.BytesIO(drawn)).size == (4096, 4096)


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "raise MemoryError", "sys.exit(1)"])
def test_a_decoder_that_breaks_down_is_a_damaged_picture(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child_that_is(f"import os, sys\nsys.stdin.buffer.read()\n{end}", tmp_path, monkeypatch)
    with pytest.raises(DamagedPictureError):
        drawn_anew(a_picture(), "image/png")
