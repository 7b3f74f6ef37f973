"""One post to a real receiver that fails in every way."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest

from scenario_hall.webhooks.sending import KEPT, MOST_READ, Answer, Fault, Reach, SendingFailed, parsed_url, post
from tests.webhooks.conftest import LOOPBACK
from tests.webhooks.receiver import HOST, Authority, Got, Receiver, answering

Send = Callable[..., Answer]


@pytest.fixture
def send(receiver: Receiver, reach: Reach) -> Send:
    def run(path: str = "/hook", host: str = HOST, **changes: Any) -> Answer:
        url = f"https://{host}:{receiver.port}{path}"
        return post(url, b'{"a":1}', {"Content-Type": "application/json"}, replace(reach, **changes))

    return run


def fault_of(send: Send, *arguments: Any, **changes: Any) -> Fault:
    with pytest.raises(SendingFailed) as caught:
        send(*arguments, **changes)
    return caught.value.fault


def test_what_is_posted_arrives_under_the_name_that_was_given(send: Send, receiver: Receiver) -> None:
    receiver.behaviour = answering(201, b"thank you", Retry_After="7")
    answer = send("/hook?key=1&b=%20")
    assert (answer.status, answer.body, answer.retry_after) == (201, b"thank you", 7)
    (got,) = receiver.got
    assert (got.path, got.body) == ("/hook?key=1&b=%20", b'{"a":1}')
    assert got.headers["host"] == f"{HOST}:{receiver.port}"
    assert got.headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [200, 204, 301, 307, 400, 404, 410, 429, 500, 503])
def test_every_status_is_told_and_no_redirect_is_followed(send: Send, receiver: Receiver, status: int) -> None:
    receiver.behaviour = answering(status, Location=f"https://{HOST}:{receiver.port}/elsewhere")
    assert send().status == status
    assert len(receiver.got) == 1


def test_a_receiver_that_does_not_answer_is_left_after_the_time_is_over(send: Send, receiver: Receiver) -> None:
    receiver.behaviour = lambda connection, _got: drained(connection)
    begun = time.monotonic()
    assert fault_of(send, seconds=0.3) is Fault.TIMEOUT
    assert time.monotonic() - begun < 1.5


def test_a_receiver_that_answers_a_byte_at_a_time_is_left_as_well(send: Send, receiver: Receiver) -> None:
    def drip(connection: ssl.SSLSocket, _got: Got) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 500:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)

    receiver.behaviour = drip
    begun = time.monotonic()
    assert fault_of(send, seconds=0.3) is Fault.TIMEOUT
    assert time.monotonic() - begun < 1.5


def test_of_an_endless_answer_the_beginning_counts(send: Send, receiver: Receiver) -> None:
    sent = []

    def flood(connection: ssl.SSLSocket, _got: Got) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(OSError):
            while True:
                connection.sendall(b"x" * 8_192)
                sent.append(8_192)

    receiver.behaviour = flood
    answer = send()
    assert (answer.status, answer.body) == (200, b"x" * KEPT)
    assert sum(sent) < 100 * MOST_READ  # what lay in the network's buffers, not as much as it likes


def test_an_answer_whose_head_never_ends_is_none(send: Send, receiver: Receiver) -> None:
    def endless(connection: ssl.SSLSocket, _got: Got) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        with suppress(OSError):
            for number in range(100_000):
                connection.sendall(f"X-{number}: {'y' * 1_000}\r\n".encode())

    receiver.behaviour = endless
    assert fault_of(send) is Fault.TOO_LARGE


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 ", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 2x0 OK\r\n\r\n", b"\xff\xfe\x00"]
)
def test_a_connection_that_is_cut_or_speaks_something_else_is_no_answer(
    send: Send, receiver: Receiver, said: bytes
) -> None:
    receiver.behaviour = lambda connection, _got: connection.sendall(said)
    assert fault_of(send) is Fault.CONNECTION


def test_a_body_that_ends_early_changes_nothing_about_the_status(send: Send, receiver: Receiver) -> None:
    receiver.behaviour = lambda connection, _got: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nab")
    assert (send().status, send().body) == (200, b"ab")


def test_a_port_where_nobody_listens(send: Send, reach: Reach) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(SendingFailed) as caught:
        post(f"https://{HOST}:{port}/", b"", {}, replace(reach, ports=frozenset({port})))
    assert caught.value.fault is Fault.CONNECTION


@pytest.mark.parametrize(("hosts", "days"), [(("other.test",), 2), ((HOST,), -1)])
def test_a_certificate_of_another_name_or_past_its_end_is_refused(
    send: Send, receiver: Receiver, authority: Authority, hosts: tuple[str, ...], days: int
) -> None:
    receiver.context = authority.server(*hosts, days=days)
    assert fault_of(send) is Fault.CERTIFICATE
    assert receiver.got == []


def test_a_certificate_of_nobody_whom_the_machine_trusts_is_refused(send: Send, receiver: Receiver) -> None:
    assert fault_of(send, context=ssl.create_default_context()) is Fault.CERTIFICATE
    assert receiver.got == []


def test_a_receiver_without_tls_is_refused(send: Send, reach: Reach) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        port = plain.getsockname()[1]

        def speak() -> None:
            connection, _ = plain.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        thread = Thread(target=speak, daemon=True)
        thread.start()
        with pytest.raises(SendingFailed) as caught:
            post(f"https://{HOST}:{port}/", b"", {}, replace(reach, ports=frozenset({port})))
        thread.join(5)
    assert caught.value.fault is Fault.CONNECTION


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["10.0.0.1"], ["::1"], ["8.8.8.8", "169.254.169.254"], ["fe80::1%lo"]]
)
def test_a_name_with_any_inner_address_is_not_connected_to(send: Send, receiver: Receiver, found: list[str]) -> None:
    assert fault_of(send, networks=(), resolve=lambda _host, _port: found) is Fault.ADDRESS
    assert receiver.connections == 0


def test_a_name_is_looked_up_once_so_it_cannot_lead_elsewhere_after_it_was_checked(
    send: Send, receiver: Receiver
) -> None:
    """A name server that gives a good address first and an inner one to whoever asks again."""
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    assert send(networks=LOOPBACK, resolve=rebinding).status == 200
    assert asked == [(HOST, receiver.port)]


def test_a_name_that_there_is_not_and_a_name_server_that_sleeps(send: Send) -> None:
    def none(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    def sleeping(_host: str, _port: int) -> list[str]:
        time.sleep(3)
        return []

    assert fault_of(send, resolve=none) is Fault.NAME
    assert fault_of(send, resolve=lambda _host, _port: []) is Fault.NAME
    assert fault_of(send, resolve=sleeping, seconds=0.2) is Fault.TIMEOUT


def test_the_second_address_is_tried_where_the_first_does_not_answer(send: Send, receiver: Receiver) -> None:
    assert send(resolve=lambda _host, _port: ["127.0.0.9", "127.0.0.1"]).status == 200


def test_a_port_that_is_not_allowed_is_not_connected_to(send: Send, receiver: Receiver) -> None:
    assert fault_of(send, ports=frozenset({443})) is Fault.ADDRESS
    assert receiver.connections == 0


WRONG = (
    "", "x", "http://hooks.example/", "ftp://hooks.example/", "//hooks.example/", "https:hooks.example", "https://",
    "https:///x", "https://user@hooks.example/", "https://user:pw@hooks.example/", "https://@hooks.example/",
    "https://hooks.example/#part", "https://localhost/", "https://intranet/", "https://127.0.0.1/", "https://127.1/",
    "https://0x7f.0.0.1/", "https://2130706433/", "https://017700000001/", "https://[::1]/", "https://[fe80::1%25eth0]/",
    "https://hooks.example:0x1bb/", "https://hooks.example:99999/", "https://hooks.example:-1/", "https://hooks.example:80/",
    "https://hooks.example\\@inner.example/", "https://hooks.example /", "https://hooks.example/a b",
    "https://hooks.example/\r\nX: y", "https://hooks.example/\x00", "https://hooks..example/", "https://.example/",
    "https://-a.example/", "https://a-.example/", "https://例子.example/", "https://hooks.example/é",
    "https://" + "a" * 64 + ".example/", "https://hooks.example/" + "a" * 500, "https://a%2eb.example/", "https://ho\tst.example/",
)  # fmt: skip


@pytest.mark.parametrize("url", WRONG)
def test_an_address_that_is_not_plainly_a_public_name_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        parsed_url(url, frozenset({443}))


@pytest.mark.parametrize(
    "url", ["https://hooks.example/", "https://a-b.c_d.example.:443/x?y=%20z", "HTTPS://Hooks.Example"]
)
def test_a_public_name_is_taken(url: str) -> None:
    assert parsed_url(url, frozenset({443})).scheme == "https"


def drained(connection: ssl.SSLSocket) -> None:
    """Wait until the other side hangs up."""
    with suppress(OSError):
        while connection.recv(1_000):
            pass
