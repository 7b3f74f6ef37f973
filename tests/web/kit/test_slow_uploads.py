"""A picture that takes long to draw keeps nobody waiting but who sent it."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from scenario_hall.config import ROOT
from scenario_hall.core.files import StoredFile
from scenario_hall.core.stores import place_of
from tests.world import PASSWORD, World

PATIENCE = 60.0


@pytest.fixture
def address(sqlite_engine: Engine, small_world: World, tmp_path: Path) -> Iterator[str]:
    """The hall in one web process, as ``serve`` runs it, with a child that draws only when it is allowed to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "HALL_ENVIRONMENT": "development",
        "HALL_DATA_DIR": str(tmp_path),
        "HALL_DATABASE_URL": sqlite_engine.url.render_as_string(),
        "HALL_SEARCH_INDEX": str(tmp_path / "index"),
        "HALL_PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    server = [sys.executable, "-m", "gunicorn", "tests.web.kit.patient_pictures:make()", "--worker-class", "gevent"]
    served = subprocess.Popen(
        [*server, "--bind", f"127.0.0.1:{port}", "--no-control-socket"], env=environment, cwd=ROOT
    )
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        served.terminate()
        served.wait(20)


class Person:
    """A browser, as far as it is needed."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path))
        assert found is not None
        return found[1]

    def post(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> str:
        sent = urllib.request.Request(self.base + path, body, {"Content-Type": kind, "Referer": self.base + path})
        with self.opener.open(sent, timeout=PATIENCE) as answer:
            return answer.url


def test_others_read_and_write_while_a_picture_is_drawn(address: str, small_world: World, tmp_path: Path) -> None:
    draft = small_world.draft_scenario()
    small_world.session.commit()
    person, other = Person(address), Person(address)
    for each, email in ((person, "port@port.example"), (other, "maker@maker.example")):
        sent = {"csrf_token": each.token("/login"), "email": email, "password": PASSWORD}
        assert each.post("/login", urlencode(sent).encode()).endswith("/desk")
    picture, path = io.BytesIO(), f"/scenarios/{draft.code}/edit/site"
    Image.new("RGB", (4, 4)).save(picture, "WEBP")
    form = {
        "csrf_token": person.token(path),
        "go": "stay",
        "attachments": FileStorage(io.BytesIO(picture.getvalue()), "a.webp"),
    }
    boundary, body = encode_multipart(form)
    with ThreadPoolExecutor(1) as threads:
        sending = threads.submit(person.post, path, body, f"multipart/form-data; boundary={boundary}")
        until = time.monotonic() + PATIENCE
        while not (tmp_path / "begun").exists() and time.monotonic() < until and not sending.done():
            time.sleep(0.02)
        assert (tmp_path / "begun").exists()
        # The child ends only when it is allowed to, so whatever is answered now is answered meanwhile.
        assert "ok" in other.get("/healthz")
        name = urlencode({"csrf_token": other.token("/account"), "name": "A new name", "locale": "en"})
        other.post("/account", name.encode())
        assert "A new name" in other.get("/account") and not sending.done()
        (tmp_path / "allowed").touch()
        sending.result(PATIENCE)
    small_world.session.rollback()
    (file,) = small_world.session.exec(select(StoredFile)).all()
    assert (tmp_path / "files" / place_of(file.sha256)).read_bytes() == b"drawn"
