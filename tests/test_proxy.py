"""The example configuration of nginx, run with the real nginx before the real application."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask, request
from sqlalchemy import Engine
from werkzeug.serving import make_server

from scenario_hall.app import create_app
from scenario_hall.config import ROOT, Settings
from scenario_hall.web.kit.style_sheet import find_style_sheet
from scenario_hall.web.public import live
from tests.programs import needed
from tests.world import World
from tools.programs import nginx

EXAMPLE = ROOT / "deploy" / "nginx"
HOST = "hall.example.org"
START_SECONDS = 10
MAIN = """
daemon off;
worker_processes 1;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
    access_log off;
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "hall.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "hall.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def placed(text: str, places: dict[str, str]) -> str:
    """The example with this test's ports and folders; each of them must stand in it."""
    for given, here in places.items():
        assert given in text, given
        text = text.replace(given, here)
    return text


class Proxied:
    """nginx by the example, before two upstreams: one that nobody answers at, and the hall."""

    def __init__(self, folder: Path, hall_port: int, *, with_static: bool) -> None:
        self.folder, self.port, self.plain_port = folder, free_port(), free_port()
        for name in ("conf.d", "tls", "hall"):
            (folder / name).mkdir()
        certificate(folder / "tls")
        hall = placed(
            (EXAMPLE / "hall.conf").read_text(),
            {
                "listen 443 ": f"listen 127.0.0.1:{self.port} ",
                "listen 80 ": f"listen 127.0.0.1:{self.plain_port} ",
                "/etc/nginx/tls/": f"{folder}/tls/",
                "/etc/nginx/hall/": f"{folder}/hall/",
            },
        )
        (folder / "conf.d" / "hall.conf").write_text(hall)
        servers = f"server 127.0.0.1:{free_port()} max_fails=1 fail_timeout=5s;\n    server 127.0.0.1:{hall_port}"
        upstream = placed((EXAMPLE / "upstream.conf").read_text(), {"server 127.0.0.1:8000": servers})
        (folder / "conf.d" / "upstream.conf").write_text(upstream)
        if with_static:
            static = placed((EXAMPLE / "static.conf").read_text(), {"/srv/hall/": f"{ROOT}/"})
            (folder / "hall" / "static.conf").write_text(static)
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder))

    @contextmanager
    def running(self) -> Iterator[Proxied]:
        program = str(needed(nginx(), "nginx", is_required=False))
        command = [program, "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder), "-e", str(self.folder / "e")]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + START_SECONDS
            while True:
                with socket.socket() as asked:
                    if asked.connect_ex(("127.0.0.1", self.port)) == 0:
                        break
                assert server.poll() is None and time.monotonic() < until, (self.folder / "e").read_text()
                time.sleep(0.02)
            yield self
        finally:
            server.terminate()
            server.wait(10)

    def connection(self) -> http.client.HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self.folder / "tls" / "hall.crt"))
        made = http.client.HTTPSConnection(HOST, self.port, context=context, timeout=20)
        made._create_connection = lambda address, *rest: socket.create_connection(  # type: ignore[attr-defined]
            ("127.0.0.1", address[1]), *rest
        )
        return made

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = self.connection()
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()


@pytest.fixture
def seen() -> list[tuple[str | None, str]]:
    """Whom the hall takes each request for."""
    return []


@pytest.fixture
def served(small_world: World, hall_settings: Settings, seen: list[tuple[str | None, str]]) -> Iterator[int]:
    app = create_app(replace(hall_settings, base_url=f"https://{HOST}", proxies=1))
    app.before_request(lambda: seen.append((request.remote_addr, request.url)))
    with answering(app) as port:
        yield port


@contextmanager
def answering(app: Flask) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def proxied(served: int, tmp_path: Path) -> Iterator[Proxied]:
    folder = tmp_path / "nginx"
    folder.mkdir()
    with Proxied(folder, served, with_static=True).running() as running:
        yield running


def test_it_speaks_http_2_and_plain_http_leads_to_https(proxied: Proxied) -> None:
    context = ssl.create_default_context(cafile=str(proxied.folder / "tls" / "hall.crt"))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", proxied.port)) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as wrapped,
    ):
        assert wrapped.selected_alpn_protocol() == "h2" and wrapped.version() in ("TLSv1.2", "TLSv1.3")
    asked = http.client.HTTPConnection("127.0.0.1", proxied.plain_port, timeout=10)
    asked.request("GET", "/scenarios?page=2")
    answer = asked.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, f"https://{HOST}/scenarios?page=2")


def test_whom_it_speaks_for_it_says_itself(proxied: Proxied, seen: list[tuple[str | None, str]]) -> None:
    forged = {"X_Forwarded_For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X_Forwarded_Host": "evil.example"}
    status, headers, body = proxied.ask("/about", **forged)
    assert status == 200 and b"evil.example" not in body
    assert seen == [("127.0.0.1", f"https://{HOST}/about")]
    # And /metrics, which is for this machine alone, is not for whoever comes through the proxy on it.
    assert proxied.ask("/metrics")[0] == 404
    assert "private" in headers["cache-control"] and headers["x-frame-options"] == "DENY"


def test_an_upstream_that_refuses_costs_nobody_a_request(proxied: Proxied) -> None:
    assert [proxied.ask("/healthz")[0] for _ in range(6)] == [200] * 6


def test_the_live_feed_comes_line_by_line(
    proxied: Proxied, small_world: World, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 60.0)  # so that nothing but the line itself can push it out
    connection = proxied.connection()
    connection.request("GET", "/live", headers={"Accept": "text/event-stream"})
    answer = connection.getresponse()
    assert answer.status == 200 and answer.getheader("Content-Type", "").startswith("text/event-stream")
    assert answer.readline() == b"retry: 2000\n"
    scenario = small_world.released_scenario()
    lines = b""
    while scenario.code.encode() not in lines:  # the socket's own timeout ends it
        lines += answer.readline()
    connection.close()


def test_what_is_too_large_is_refused_and_what_is_allowed_passes(proxied: Proxied) -> None:
    at_most = 50 * 1024 * 1024
    status, _, _ = proxied.ask("/login", "POST", b"", Content_Length=str(at_most + 1))
    assert status == 413
    assert proxied.ask("/login", "POST", b"a=" + b"x" * 1_000_000)[0] != 413


def test_static_files_are_sent_with_the_hall_s_own_headers(proxied: Proxied, served: int) -> None:
    path = f"/static/built/{find_style_sheet()}"
    status, through, body = proxied.ask(path)
    direct = http.client.HTTPConnection("127.0.0.1", served, timeout=10)
    direct.request("GET", path)
    answer = direct.getresponse()
    own = {name.lower(): value for name, value in answer.getheaders()}
    assert (status, body) == (200, answer.read())
    same = ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy", "cache-control")
    also = ("permissions-policy", "cross-origin-opener-policy", "strict-transport-security")
    assert {name: through.get(name) for name in (*same, *also)} == {name: own[name] for name in (*same, *also)}
    status, packed, body = proxied.ask(path, Accept_Encoding="gzip")
    assert packed["content-encoding"] == "gzip" and len(body) < int(through["content-length"])
    assert proxied.ask("/static/built/../../scenario_hall/config.py")[0] == 404
    assert proxied.ask("/static/built%2f..%2f..%2fpyproject.toml")[0] in (400, 404)


def test_one_address_has_a_bound_of_feeds_and_of_requests(proxied: Proxied) -> None:
    text = (EXAMPLE / "hall.conf").read_text()
    most = int(re.search(r"limit_conn hall_feeds (\d+);", text)[1])  # type: ignore[index]
    assert most == live.MOST_FEEDS_BY_ADDRESS
    opened = []
    for _ in range(most):
        connection = proxied.connection()
        connection.request("GET", "/live")
        assert connection.getresponse().status == 200
        opened.append(connection)
    assert proxied.ask("/live")[0] == 429
    assert proxied.ask("/healthz")[0] == 200
    for connection in opened:
        connection.close()
