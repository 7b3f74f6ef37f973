"""The connection to the search servers: time-outs, the other servers of the cluster where one is lost, and one error
for all that is no fault of what was asked.

Six calls of OpenSearch's HTTP interface are used, so urllib3's pools carry them; opensearch-py would bring the whole
interface with requests and protobuf.
"""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Retry, Timeout
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.util import make_headers

from scenario_hall.core.errors import Unavailable
from scenario_hall.core.search_servers import SearchServers
from scenario_hall.core.texts import N_

logger = logging.getLogger(__name__)
CONNECT_SECONDS, READ_SECONDS, WRITE_SECONDS = 1.0, 3.0, 60.0
# After a question without an answer nobody is asked for so long: a page must not wait for what is known to be down.
PAUSE_SECONDS = 5.0
# A server that did not answer is asked last for so long.
AVOIDED_SECONDS = 10.0
POOL = 20  # connections to one server that are kept

Answer = dict[str, Any]


class Refused(Exception):
    """The servers answer, but will not take what was sent: there is no such thing, or it is a fault of ours."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"OpenSearch refuses ({status} {kind}): {reason[:500]}")
        self.status, self.kind = status, kind


@dataclass
class _Server:
    pool: HTTPConnectionPool
    avoided_until: float = 0.0


class Connection:
    """Safe to share by threads; connects when first asked."""

    def __init__(self, servers: SearchServers) -> None:
        self._servers = [_Server(_pool(servers, host, port)) for host, port in servers.hosts]
        self._headers = make_headers(basic_auth=f"{servers.user}:{servers.password}") if servers.user else {}
        self._turns = count()
        self._silent_until = 0.0

    def read(self, method: str, path: str, body: object = None, **options: object) -> Answer:
        """One question. Raises Unavailable, at once where the one before had no answer a moment ago; Refused."""
        if time.monotonic() < self._silent_until:
            raise Unavailable(N_("The search does not answer."))
        try:
            return self._ask(method, path, _sent(body), READ_SECONDS, options)
        except Unavailable:
            self._silent_until = time.monotonic() + PAUSE_SECONDS
            raise

    def write(self, method: str, path: str, body: object = None, **options: object) -> Answer:
        """One order, given whatever was before. A list is sent as one line each. Raises Unavailable, Refused."""
        return self._ask(method, path, _sent(body), WRITE_SECONDS, options)

    def _ask(self, method: str, path: str, body: bytes | None, seconds: float, options: Mapping[str, object]) -> Answer:
        target = f"{quote(path, safe='/*,~_')}?{urlencode(options)}" if options else quote(path, safe="/*,~_")
        last: Unavailable | None = None
        for server in self._in_turn():
            try:
                response = self._send(server, method, target, body, seconds)
            except ReadTimeoutError as error:
                # It may still be at it, and the others would be asked the same.
                server.avoided_until = time.monotonic() + AVOIDED_SECONDS
                raise Unavailable(N_("The search does not answer.")) from error
            except HTTPError as error:
                server.avoided_until = time.monotonic() + AVOIDED_SECONDS
                last = Unavailable(N_("The search does not answer."))
                last.__cause__ = error
                continue
            answer = _read(response)
            if response.status < 400:
                self._silent_until = 0.0
                return answer
            fault = _named(response.status, answer)
            if not isinstance(fault, Unavailable):
                self._silent_until = 0.0
                raise fault
            logger.warning("search: %s %s: %s %s", method, path, response.status, str(answer.get("error"))[:300])
            last = fault
            if response.status not in (502, 503):
                break
        raise last or Unavailable(N_("The search does not answer."))

    def _send(self, server: _Server, method: str, target: str, body: bytes | None, seconds: float) -> BaseHTTPResponse:
        kind = "application/x-ndjson" if "/_bulk" in target or "/_msearch" in target else "application/json"
        return server.pool.urlopen(
            method,
            target,
            body=body,
            headers={**self._headers, "Content-Type": kind, "Accept": "application/json"},
            timeout=Timeout(connect=CONNECT_SECONDS, read=seconds),
            retries=Retry(total=False, redirect=False),
        )

    def _in_turn(self) -> Iterator[_Server]:
        """Each server once, another one first each time; those that did not answer a moment ago last."""
        first = next(self._turns) % len(self._servers)
        turned = self._servers[first:] + self._servers[:first]
        return iter(sorted(turned, key=lambda server: server.avoided_until > time.monotonic()))


def is_passing(status: int) -> bool:
    """Will the same be taken later: by an overloaded server, a shard that is lost now, an index that is read-only for a
    while, or with a log-in that the operator mends?"""
    return status in (401, 403, 429) or status >= 500


def as_line(value: object) -> bytes:
    """One line of JSON. Half a pair of UTF-16 is no text, so no document has it: it is asked for as “?”."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _pool(servers: SearchServers, host: str, port: int) -> HTTPConnectionPool:
    if not servers.is_encrypted:
        return HTTPConnectionPool(host, port, maxsize=POOL)
    trusted = ssl.create_default_context(cafile=str(servers.authority) if servers.authority is not None else None)
    return HTTPSConnectionPool(host, port, maxsize=POOL, ssl_context=trusted)


def _sent(body: object) -> bytes | None:
    if isinstance(body, bytes):
        return body
    if isinstance(body, Sequence):
        return b"".join(map(as_line, body))
    return None if body is None else as_line(body)


def _read(response: BaseHTTPResponse) -> Answer:
    try:
        found = json.loads(response.data or b"{}")
    except ValueError:  # a proxy's page
        return {"error": response.data[:300].decode("utf-8", "replace")}
    return found if isinstance(found, dict) else {"answer": found}


def _named(status: int, answer: Answer) -> Exception:
    error = answer.get("error")
    told = error if isinstance(error, dict) else {"reason": str(error or answer)}
    kind = str(told.get("type", ""))
    if is_passing(status):
        return Unavailable(N_("The search does not answer."))
    causes: Any = told.get("root_cause") or [told]
    return Refused(status, kind, "; ".join(str(cause.get("reason", "")) for cause in causes))
