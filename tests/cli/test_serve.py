"""The web server as ``serve`` starts it: where one message ends and the next begins is never a matter of opinion, so that
no proxy before it takes for a body what it takes for a request (OWASP ASVS 5.0, 4.2.1)."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator

import pytest

from benchmarks.hall import wait_until
from scenario_hall.cli.serve import web_command
from scenario_hall.config import ROOT
from tests.notices.office import free_port

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"0\r\n\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    chosen = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = web_command("tests.cli.echoing:make()", chosen, 1)
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_open(chosen), 60.0, every=0.05)
        yield chosen
    finally:
        server.terminate()
        server.wait(20)


def is_open(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def answered(port: int, sent: bytes) -> bytes:
    """All that comes back until the server hangs up, or has nothing more to say."""
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while part := connection.recv(65536):
            found += part
        return found


def post(headers: bytes, body: bytes, *, version: bytes = b"1.1") -> bytes:
    return b"POST /seen HTTP/" + version + b"\r\nHost: x\r\n" + headers + b"\r\n\r\n" + body


def test_plain_messages_are_read_one_after_another(port: int) -> None:
    told = answered(
        port, post(b"Content-Length: 3", b"abc") + post(b"Transfer-Encoding: chunked", b"2\r\nab\r\n" + CHUNKED)
    )
    assert told.count(b"200 OK") == 2 and b"[/seen 3]" in told and b"[/seen 2]" in told


# What the two readers of a chain may read differently: the length given twice or oddly, chunks named oddly, lines and
# chunks that end oddly. To whoever reads it in the other way the hidden request is a body, or the other way round.
ODD = {
    "both": (b"Content-Length: %d\r\nTransfer-Encoding: chunked" % len(CHUNKED + HIDDEN), CHUNKED),
    "both, the other way round": (b"Transfer-Encoding: chunked\r\nContent-Length: 4", CHUNKED),
    "two lengths": (b"Content-Length: 0\r\nContent-Length: %d" % len(HIDDEN), b""),
    "a list of lengths": (b"Content-Length: 0, %d" % len(HIDDEN), b""),
    "a signed length": (b"Content-Length: +0", b""),
    "a negative length": (b"Content-Length: -1", b""),
    "a hexadecimal length": (b"Content-Length: 0x0", b""),
    "a length with a line below": (b"Content-Length: 0\r\n %d" % len(HIDDEN), b""),
    "a blank before the colon": (b"Content-Length : %d" % len(HIDDEN), b""),
    "chunked twice": (b"Transfer-Encoding: chunked, chunked", CHUNKED),
    "chunked, then something": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: cow", CHUNKED),
    "something like chunked": (b"Transfer-Encoding: xchunked", CHUNKED),
    "chunked after a tab": (b"Transfer-Encoding:\x0bchunked", CHUNKED),
    "chunked before a blank and colon": (b"Transfer-Encoding : chunked", CHUNKED),
    "chunked on a line below": (b"Transfer-Encoding:\r\n chunked", CHUNKED),
    "a name with an underscore beside it": (b"Transfer-Encoding: chunked\r\nTransfer_Encoding: identity", CHUNKED),
    "a chunk's length with a sign": (b"Transfer-Encoding: chunked", b"+0\r\n\r\n"),
    "a chunk's length with a prefix": (b"Transfer-Encoding: chunked", b"0x0\r\n\r\n"),
    "a chunk's length with an underscore": (b"Transfer-Encoding: chunked", b"0_0\r\n\r\n"),
    "a chunk without its end": (b"Transfer-Encoding: chunked", b"1\r\nabX0\r\n\r\n"),
    "a line feed alone": (b"X: y\nContent-Length: %d" % len(HIDDEN), b""),
    "a carriage return alone": (b"X: y\rContent-Length: %d" % len(HIDDEN), b""),
    "a NUL": (b"X: y\0", b""),
}  # fmt: skip
TAKEN_AS_ONE = {"a name with an underscore beside it"}  # the odd header is dropped, the message has one reading


@pytest.mark.parametrize("odd", ODD)
def test_a_message_that_could_be_read_in_two_ways_is_refused_and_nothing_after_it_read(port: int, odd: str) -> None:
    headers, body = ODD[odd]
    told = answered(port, post(headers, body + HIDDEN))
    if odd in TAKEN_AS_ONE:
        assert told.count(b"HTTP/1.1 ") == 2
        return
    assert b"[/hidden" not in told and b"200 OK" not in told, told
    assert told.count(b"HTTP/1.1 ") <= 1


def test_the_old_version_has_no_chunks(port: int) -> None:
    told = answered(port, post(b"Transfer-Encoding: chunked", CHUNKED + HIDDEN, version=b"1.0"))
    assert b"[/hidden" not in told
