"""What pages load is small, kept for a year, and the same file however it is sent."""

from __future__ import annotations

import gzip
import re

import brotli
import pytest
from flask.testing import FlaskClient

from static import build
from tests.world import World

UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress}
LOADED = re.compile(r'(?:href|src)="(/static/[^"#]+)')


def loaded_by(visitor: FlaskClient, path: str) -> set[str]:
    return set(LOADED.findall(visitor.get(path).text))


def test_whatever_a_page_loads_is_kept_for_a_year(visitor: FlaskClient, hall: World) -> None:
    hall.released_scenario()
    found = loaded_by(visitor, "/") | loaded_by(visitor, "/scenarios/") | loaded_by(visitor, "/screen")
    assert {address.rpartition(".")[2] for address in found} == {"css", "js", "svg"}
    for address in found:
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
        assert "Accept-Encoding" in answer.headers["Vary"], address


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_compressed_file_is_the_file(visitor: FlaskClient, hall: World, encoding: str) -> None:
    for address in loaded_by(visitor, "/"):
        plain = visitor.get(address)
        packed = visitor.get(address, headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding, address
        assert packed.mimetype == plain.mimetype
        assert UNPACKED[encoding](packed.data) == plain.data
        assert packed.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("accepted", ["", "identity", "br;q=0, gzip;q=0", "zstd"])
def test_who_takes_no_compressed_file_gets_none(visitor: FlaskClient, hall: World, accepted: str) -> None:
    for address in loaded_by(visitor, "/"):
        assert "Content-Encoding" not in visitor.get(address, headers={"Accept-Encoding": accepted}).headers


@pytest.mark.parametrize(
    "path", ["built/../css/base.css", "built/../../README.md", "%2e%2e/README.md", "built/none.js"]
)
def test_nothing_is_sent_compressed_from_elsewhere(visitor: FlaskClient, hall: World, path: str) -> None:
    answer = visitor.get(f"/static/{path}", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in answer.headers or answer.status_code == 404
    assert answer.status_code == 404 or "immutable" not in answer.headers["Cache-Control"]


def test_loaded_files_have_names_of_their_own() -> None:
    names = [path.name for path in build.loaded_files()]
    assert len(names) == len(set(names)) > 8
