"""Servers that are down, slow, overloaded or lost: one error, soon, and the others are asked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scenario_hall.core.clock import now
from scenario_hall.core.errors import Unavailable
from scenario_hall.core.search_servers import SearchServers, read_search_url
from scenario_hall.search.engine.opensearch import connection as module
from scenario_hall.search.engine.opensearch.connection import Connection, Refused, as_line
from tools.opensearch.server import free_port

Serve = Callable[..., int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server that answers each request the same way; returns its port. ``asked`` collects what it was asked."""
    started: list[ThreadingHTTPServer] = []
    is_over = Event()

    def start(
        status: int = 200,
        body: bytes = b"{}",
        *,
        is_silent: bool = False,
        asked: list[str] | None = None,
        trusted: SSLContext | None = None,
        location: str = "",
    ) -> int:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if asked is not None:
                    asked.append(f"{self.path} {self.headers.get('Authorization', '')}".strip())
                if is_silent:
                    is_over.wait(10)
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                if location:
                    self.send_header("Location", location)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quietly."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if trusted is not None:
            server.socket = trusted.wrap_socket(server.socket, server_side=True)
        started.append(server)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server.server_port

    yield start
    is_over.set()
    for server in started:
        server.shutdown()
        server.server_close()


def connected(*ports: int, **more: str) -> Connection:
    return Connection(SearchServers(tuple(("127.0.0.1", port) for port in ports), "hall", **more))  # type: ignore[arg-type]


def test_a_server_that_is_down_is_unavailable_and_then_not_asked_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    here = connected(free_port())
    with pytest.raises(Unavailable):
        here.read("GET", "/")
    monkeypatch.setattr(here, "_ask", pytest.fail)
    with pytest.raises(Unavailable):
        here.read("GET", "/")


def test_a_slow_server_costs_one_time_out(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 0.2)
    here = connected(serve(is_silent=True), serve(is_silent=True))
    begun = time.monotonic()
    for _ in range(20):
        with pytest.raises(Unavailable):
            here.read("GET", "/")
    assert time.monotonic() - begun < 1


def test_after_the_pause_one_tries_and_the_others_do_not_wait(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.0)
    asked: list[str] = []
    port = serve(is_silent=True, asked=asked)
    here = connected(port)
    monkeypatch.setattr(module, "READ_SECONDS", 0.05)
    with pytest.raises(Unavailable):
        here.read("GET", "/")
    monkeypatch.setattr(module, "READ_SECONDS", 2.0)

    def try_first() -> None:
        with pytest.raises(Unavailable):
            here.read("GET", "/")

    first = Thread(target=try_first, daemon=True)
    first.start()
    while len(asked) < 2:
        first.join(0.01)
    begun = time.monotonic()
    for _ in range(5):
        with pytest.raises(Unavailable):
            here.read("GET", "/")
    assert time.monotonic() - begun < 0.5 and len(asked) == 2


def test_it_is_asked_again_after_the_pause(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.0)
    port = free_port()
    here = connected(port)
    with pytest.raises(Unavailable):
        here.read("GET", "/")
    here._servers = connected(serve(body=b'{"here": 1}'))._servers
    assert here.read("GET", "/") == {"here": 1}


def test_of_several_servers_those_that_answer_are_asked(serve: Serve) -> None:
    here = connected(free_port(), serve(503), serve(body=b'{"here": 1}'))
    assert [here.read("GET", "/") for _ in range(6)] == [{"here": 1}] * 6


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503, 504])
def test_what_passes_is_unavailable(serve: Serve, status: int) -> None:
    body = json.dumps({"error": {"type": "cluster_block_exception", "reason": "read-only"}, "status": status}).encode()
    for answer in (body, b"<html>a proxy's page</html>", b""):
        with pytest.raises(Unavailable):
            connected(serve(status, answer)).write("GET", "/")


@pytest.mark.parametrize("status", [400, 404, 409, 413])
def test_what_does_not_pass_is_refused_with_its_reason(serve: Serve, status: int) -> None:
    body = {"error": {"type": "odd", "reason": "outer", "root_cause": [{"reason": "no such field"}]}, "status": status}
    with pytest.raises(Refused, match="no such field") as error:
        connected(serve(status, json.dumps(body).encode())).read("GET", "/")
    assert (error.value.status, error.value.kind) == (status, "odd")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(serve: Serve, status: int) -> None:
    asked: list[str] = []
    port = serve(status, asked=asked, location="/inside")
    with suppress(Refused, Unavailable):
        connected(port).read("GET", "/hall/_search")
    assert asked == ["/hall/_search"]


def test_the_log_in_is_sent(serve: Serve) -> None:
    asked: list[str] = []
    connected(serve(asked=asked), user="u", password="p").read("GET", "/a b/~cursor", when="now")
    assert asked == ["/a%20b/~cursor?when=now Basic dTpw"]


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A certificate for this machine that signs itself, with its key behind it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "search")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(hours=1))
        .not_valid_after(now() + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "authority.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
    return path


def test_with_tls_only_a_server_of_the_named_authority_is_believed(serve: Serve, authority: Path) -> None:
    trusted = SSLContext(PROTOCOL_TLS_SERVER)
    trusted.load_cert_chain(authority)
    port = serve(body=b'{"here": 1}', trusted=trusted)
    url = f"opensearch+tls://user:password@127.0.0.1:{port}/hall"
    own, everybody = read_search_url(f"{url}?ca={authority}"), read_search_url(url)
    assert own is not None and everybody is not None
    assert Connection(own).read("GET", "/") == {"here": 1}
    with pytest.raises(Unavailable):
        Connection(everybody).read("GET", "/")


def test_every_text_makes_a_line() -> None:
    assert as_line({"a": "\ud800x"}) == b'{"a":"?x"}\n'
    assert as_line("𠮷\n") == '"𠮷\\n"\n'.encode()
