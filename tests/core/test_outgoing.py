"""What the hall asks of others: nobody is reached that an answer names, nobody unchecked, nobody in the clear."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.error import HTTPError, URLError
from urllib.request import Request

import pytest

from scenario_hall.config import ROOT
from scenario_hall.core.outgoing import ask, checked_tls, hosts_in_the_clear
from tests.tls import self_signed


class Redirecting(BaseHTTPRequestHandler):
    """Sends everybody on to /inside."""

    asked: ClassVar[list[str]] = []
    status = 302

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(self.status)
        self.send_header("Location", "/inside")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815  the server's own name

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(status: int, context: ssl.SSLContext | None = None) -> Iterator[tuple[HTTPServer, list[str]]]:
    handler = type("Handler", (Redirecting,), {"asked": [], "status": status})
    server = HTTPServer(("127.0.0.1", 0), handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server, handler.asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("body", [None, b"x"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_to_where_an_answer_leads(status: int, body: bytes | None) -> None:
    with served(status) as (server, asked):
        with pytest.raises(HTTPError):
            ask(Request(f"http://127.0.0.1:{server.server_port}/", body), seconds=5)
        assert asked == ["/"]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/plain,x"])
def test_nothing_but_http_is_spoken(address: str) -> None:
    with pytest.raises(URLError):
        ask(address, seconds=5)


@pytest.mark.parametrize(("host", "is_trusted"), [("127.0.0.1", True), ("127.0.0.1", False), ("other.example", True)])
def test_a_server_has_a_certificate_for_its_name_from_an_authority_that_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, is_trusted: bool
) -> None:
    file, context = self_signed(tmp_path, host)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with served(302, context) as (server, asked):
        is_good = is_trusted and host == "127.0.0.1"
        with pytest.raises(HTTPError if is_good else URLError, match="302" if is_good else "CERTIFICATE_VERIFY_FAILED"):
            ask(f"https://127.0.0.1:{server.server_port}/", seconds=5)
        assert asked == (["/"] if is_good else [])


def test_no_old_version_of_tls_is_spoken() -> None:
    context = checked_tls()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("", []),
        ("sqlite:////data/hall.sqlite", []),
        ("usem3", []),
        ("smtp://mail.example", ["mail.example"]),
        ("smtp://u:p@10.0.0.2:25", ["10.0.0.2"]),
        ("smtps://mail.example", []),
        ("smtp+starttls://mail.example", []),
        ("smtp://localhost:25", []),
        ("smtp://127.0.0.1:25", []),
        ("smtp://[::1]:25", []),
        ("http://vectors.example/v1/embeddings?model=e5", ["vectors.example"]),
        ("https://vectors.example/v1/embeddings", []),
        ("postgresql://u:p@db/hall", ["db"]),
        ("postgresql+psycopg://u:p@db/hall?sslmode=require", ["db"]),
        ("postgresql://u:p@db/hall?sslmode=prefer", ["db"]),
        ("postgresql://u:p@db/hall?sslmode=verify-full&sslrootcert=system", []),
        ("postgresql:///hall?host=db.example", ["db.example"]),
        ("postgresql:///hall?host=/var/run/postgresql", []),
        ("postgresql://u:p@localhost/hall", []),
        ("postgresql://u:p@one,two:5433,localhost/hall", ["one", "two"]),
        ("s3://hall/files?endpoint=http://files:8333", ["files"]),
        ("s3://hall/files?endpoint=https://s3.example", []),
        ("s3://hall", []),
        ("opensearch://search1,search2:9201/hall", ["search1", "search2"]),
        ("opensearch://127.0.0.1:9200,search2/hall", ["search2"]),
        ("opensearch+tls://u:p@search1/hall", []),
    ],
)
def test_who_would_be_reached_in_the_clear(address: str, hosts: list[str]) -> None:
    assert hosts_in_the_clear(address, {}) == hosts


def test_the_mode_of_postgresql_may_stand_in_its_own_variable() -> None:
    assert hosts_in_the_clear("postgresql://db/hall", {"PGSSLMODE": "verify-full"}) == []
    assert hosts_in_the_clear("postgresql://db/hall?sslmode=disable", {"PGSSLMODE": "verify-full"}) == ["db"]


# Who has reasons for connections of their own, each held to the same by the tests beside it: no redirects, and a
# certificate that is checked.
OF_THEIR_OWN = {
    "webhooks/sending.py": "webhooks/test_sending.py",
    "search/engine/opensearch/connection.py": "search/engine/opensearch/test_connection.py",
}


def test_all_that_goes_out_goes_this_way() -> None:
    """Whoever opens a connection of their own checks nothing of the above."""
    own = re.compile(
        r"\burlopen\(|\bbuild_opener\(|http\.client|\bstarttls\(\)|\bCERT_NONE\b|_create_unverified_context"
    )
    root = ROOT / "scenario_hall"
    files = {str(path.relative_to(root)) for path in root.rglob("*.py") if own.search(path.read_text("utf-8"))}
    assert files == set(OF_THEIR_OWN)
    for path in OF_THEIR_OWN.values():
        held = (ROOT / "tests" / path).read_text("utf-8").lower()
        assert "redirect" in held and "certificate" in held, path
