"""Posts to an address that a stranger has given: the name is looked up once, every address that it has is checked, and
the connection goes to an address that was checked, with the certificate of the name. No redirects, no proxies; all of
it is over in ten seconds, and 64 kB of the answer are read."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from scenario_hall.core.texts import N_
from scenario_hall.webhooks.addresses import Network, Resolve, is_reachable

SECONDS = 10.0
MOST_READ = 64 * 1024  # bytes of an answer, its head included
KEPT = 1_000  # bytes of an answer that are shown to the endpoint's owner
ADDRESSES_TRIED = 3
LONGEST_URL = 500


class Fault(StrEnum):
    """Why a post did not arrive, or was not taken."""

    STATUS = "status"
    REDIRECT = "redirect"
    TIMEOUT = "timeout"
    ADDRESS = "address"
    NAME = "name"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    TOO_LARGE = "too_large"
    ROBOT = "robot"
    CHALLENGE = "challenge"
    SECRET = "secret"  # noqa: S105  a name
    HALL = "hall"
    UNSEEN = "unseen"


FAULT_NAMES: dict[str, str] = {
    Fault.STATUS: N_("Answered with another status than 2xx"),
    Fault.REDIRECT: N_("Answered with a redirect, which is not followed"),
    Fault.TIMEOUT: N_("No answer within 10 seconds"),
    Fault.ADDRESS: N_("The name leads to an address inside a network, or the port is not allowed"),
    Fault.NAME: N_("There is no such name"),
    Fault.CONNECTION: N_("The connection was refused or cut"),
    Fault.CERTIFICATE: N_("The certificate is not valid for this name"),
    Fault.TOO_LARGE: N_("The head of the answer is too large"),
    Fault.ROBOT: N_("The group's robot refused the message"),
    Fault.CHALLENGE: N_("The answer does not give the challenge back"),
    Fault.SECRET: N_("The secret cannot be read any more: make a new one"),
    Fault.HALL: N_("The hall could not write the message; its administrators see why"),
    Fault.UNSEEN: N_("Whoever owns the webhook may not see this record any more"),
}


class SendingFailed(Exception):
    """Nothing that counts as an answer came."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the first bytes of the body, and how many seconds to wait if it said so."""

    status: int
    body: bytes
    retry_after: int | None
    seconds: float


def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of the name. It is asked for as a whole one: no search domain of the machine is put behind it.

    Raises OSError.
    """
    return [str(each[4][0]) for each in socket.getaddrinfo(f"{host}.", port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Reach:
    """How far the hall goes, and by which means."""

    ports: frozenset[int] = frozenset({443})
    networks: tuple[Network, ...] = ()
    resolve: Resolve = look_up
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS


def parsed_url(url: str, ports: frozenset[int]) -> SplitResult:
    """The parts of an address that the hall would write to. Raises ValueError with a message id that says what is wrong
    with it."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
        name = parts.hostname or ""
    except ValueError:
        raise ValueError(NO_URL) from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError(NO_URL)
    if parts.scheme != "https" or parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError(NO_URL)
    labels = name.removesuffix(".").split(".")
    if len(labels) < 2 or not all(_is_label(each) for each in labels) or labels[-1][0].isdigit():
        raise ValueError(NO_URL)
    if port not in ports:
        raise ValueError(WRONG_PORT)
    return parts


NO_URL = N_("Give an address that begins with https:// and a public name, without a user, a number as host or a “#”.")
WRONG_PORT = N_("This port is not allowed here: use 443, or ask the hall's operator (HALL_WEBHOOK_PORTS).")


def _is_label(label: str) -> bool:
    """RFC 1123, 2.1, with the underscore that many names in use have."""
    plain = label.replace("-", "a").replace("_", "a")
    return 0 < len(label) < 64 and plain.isalnum() and plain.isascii() and label[0] != "-" and label[-1] != "-"


def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach) -> Answer:
    """Post ``body`` and return the answer, whatever its status. Raises SendingFailed."""
    begun = time.monotonic()
    until = begun + reach.seconds
    try:
        parts = parsed_url(url, reach.ports)
    except ValueError:
        raise SendingFailed(Fault.ADDRESS) from None
    host, port = (parts.hostname or "").removesuffix("."), parts.port or 443
    addresses = _checked_addresses(host, port, reach, until)
    try:
        with _secured(_connected(addresses, port, until), host, reach.context) as connection:
            timer = Timer(max(0.0, until - time.monotonic()), _hang_up, (connection,))
            timer.daemon = True
            timer.start()
            try:
                status, retry_after, answered = _exchange(connection, parts, (host, port), body, headers)
            finally:
                timer.cancel()
    except SendingFailed:
        raise
    except Exception as error:
        raise SendingFailed(_fault_of(error, is_late=time.monotonic() >= until)) from error
    return Answer(status, answered, retry_after, time.monotonic() - begun)


def _checked_addresses(host: str, port: int, reach: Reach, until: float) -> list[str]:
    """One address inside is enough to refuse them all: the next look-up might give that one alone."""
    found = _in_time(lambda: reach.resolve(host, port), until)
    if not found:
        raise SendingFailed(Fault.NAME)
    if not all(is_reachable(each, reach.networks) for each in found):
        raise SendingFailed(Fault.ADDRESS)
    return list(dict.fromkeys(found))[:ADDRESSES_TRIED]


def _in_time(look: Callable[[], Sequence[str]], until: float) -> Sequence[str]:
    """What ``look`` finds; a look-up cannot be cut short, so a thread that nobody waits for goes on with it."""
    found: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def run() -> None:
        try:
            found.put(look())
        except Exception as error:
            found.put(error)

    Thread(target=run, daemon=True, name="webhook look-up").start()
    try:
        answer = found.get(timeout=max(0.0, until - time.monotonic()))
    except Empty:
        raise SendingFailed(Fault.TIMEOUT) from None
    if isinstance(answer, Exception):
        raise SendingFailed(Fault.NAME) from answer
    return answer


def _connected(addresses: Sequence[str], port: int, until: float) -> socket.socket:
    """A connection to the first address that takes one, each being given its share of the time."""
    late = False
    for place, address in enumerate(addresses):
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((address, port), timeout=left / (len(addresses) - place))
        except TimeoutError:
            late = True
        except OSError:
            late = False
    raise SendingFailed(Fault.TIMEOUT if late or time.monotonic() >= until else Fault.CONNECTION)


def _secured(raw: socket.socket, host: str, context: ssl.SSLContext) -> ssl.SSLSocket:
    """The connection, which will ask for the certificate of ``host``; nothing was said yet."""
    try:
        return context.wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False)
    except BaseException:
        raw.close()
        raise


def _exchange(
    secured: ssl.SSLSocket, parts: SplitResult, place: tuple[str, int], body: bytes, headers: Mapping[str, str]
) -> tuple[int, int | None, bytes]:
    secured.do_handshake()
    connection = http.client.HTTPSConnection(*place)
    connection.response_class = _BoundedResponse
    connection.sock = secured
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", path, body=body, headers={**headers, "Connection": "close"})
    response = connection.getresponse()
    return response.status, _seconds(response.getheader("Retry-After")), _beginning(response)


def _beginning(response: http.client.HTTPResponse) -> bytes:
    """What can be read of the body. The status has been given by then: who cuts the rest off has taken the message."""
    read = bytearray()
    with suppress(OSError, http.client.HTTPException, _TooMuchError, ValueError):
        while part := response.read1(8_192):
            read += part
    return bytes(read[:KEPT])


def _seconds(given: str | None) -> int | None:
    """RFC 9110, 10.2.3, where it is a number; a day at most."""
    if given is None or not given.strip().isascii() or not given.strip().isdigit() or len(given.strip()) > 9:
        return None
    return min(int(given), 86_400)


def _fault_of(error: Exception, *, is_late: bool) -> Fault:
    if is_late or isinstance(error, TimeoutError):
        return Fault.TIMEOUT
    if isinstance(error, _TooMuchError):
        return Fault.TOO_LARGE
    if isinstance(error, ssl.SSLCertVerificationError):
        return Fault.CERTIFICATE
    if isinstance(error, http.client.LineTooLong) or "headers" in str(error):
        return Fault.TOO_LARGE
    if isinstance(error, OSError | http.client.HTTPException):
        return Fault.CONNECTION
    raise error


def _hang_up(connection: ssl.SSLSocket) -> None:
    """Its own ``shutdown`` would first forget the encryption, and whoever reads in another thread would read bare
    bytes."""
    with suppress(OSError):  # it was faster
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _TooMuchError(Exception):
    """More than MOST_READ bytes came."""


class _Bounded(io.RawIOBase):
    """The first MOST_READ bytes of ``source``."""

    def __init__(self, source: io.BufferedReader) -> None:
        super().__init__()
        self.source = source
        self.left = MOST_READ

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.left <= 0:
            raise _TooMuchError
        read = self.source.read1(min(len(buffer), self.left))
        self.left -= len(read)
        buffer[: len(read)] = read
        return len(read)

    def close(self) -> None:
        self.source.close()
        super().close()


class _BoundedResponse(http.client.HTTPResponse):
    """An answer whose head, too, is bounded."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_Bounded(self.fp))
