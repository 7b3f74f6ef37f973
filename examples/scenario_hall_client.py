"""A small client of the Scenario Hall's API: Python's own library, nothing else.

    hall = Hall("https://hall.example", token="hall_…")
    for scenario in hall.every("/scenarios", state="released"):
        print(scenario["code"], scenario["content"]["title"])
    made = hall.create("/scenarios", {"organization": 7, "content": {"title": "…"}})
    hall.act(made["link"], "submit")

A change is sent with the version that was seen last, and with a key of its own: when the connection breaks it is sent
again and still done once. Whatever is refused is raised as ``Refused``, with the hall's words and where in the body the
fault is.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

PREFIX = "/api/v1"
TRIES, LONGEST_WAIT = 4, 60


class Refused(Exception):
    """What the hall refused (RFC 9457): ``status``, ``problem`` with its ``detail`` and ``faults``."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        faults = "; ".join(
            f"{each.get('pointer') or each.get('parameter') or each.get('header') or ''} {each['detail']}".strip()
            for each in problem.get("faults", ())
        )
        super().__init__(f"{status} {problem.get('detail', '')}" + (f" ({faults})" if faults else ""))
        self.status, self.problem = status, problem


class Hall:
    """One hall, in the name of one token; without a token what is public."""

    def __init__(self, address: str, token: str = "", *, language: str = "en", seconds: float = 30.0) -> None:
        self.address, self.token, self.language, self.seconds = address.rstrip("/"), token, language, seconds

    def get(self, path: str, **query: Any) -> Any:
        """One record, or one page of a list."""
        return json.loads(self._send("GET", path, query)[0])

    def every(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every record of a list, however many there are, page by page."""
        cursor: str | None = None
        while True:
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def lines(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The same in one answer of JSON lines, as it is read: for much at a time."""
        with self._open("GET", path, query, headers={"Accept": "application/jsonl"}) as answer:
            for line in answer:
                yield json.loads(line)

    def create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Something new, once."""
        return self._change("POST", path, body)

    def act(self, path: str, action: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """An action of the record at ``path`` as it is now: submit, sign, confirm …"""
        return self._change("POST", f"{self._short(path)}/{action}", body, seen=self.version(path))

    def edit(self, path: str, body: dict[str, Any], *, seen: str = "") -> dict[str, Any]:
        """Change a draft. ``seen``: the ETag of what was edited (``version``), so that nobody's work is overwritten."""
        return self._change("PATCH", path, body, seen=seen or self.version(path))

    def delete(self, path: str) -> dict[str, Any]:
        """Delete a draft."""
        return self._change("DELETE", path, None, seen=self.version(path))

    def version(self, path: str) -> str:
        """The ETag of the record as it is now."""
        return str(self._send("GET", path)[1]["ETag"])

    def upload(self, path: str, name: str, content: bytes, role: str) -> dict[str, Any]:
        """A file of the record at ``path``."""
        headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": str(uuid.uuid4())}
        query = {"name": name, "role": role}
        return json.loads(self._send("POST", f"{self._short(path)}/files", query, content, headers)[0])  # type: ignore[no-any-return]

    def download(self, file_id: int) -> bytes:
        """A file's bytes."""
        return self._send("GET", f"/files/{file_id}", headers={"Accept": "application/octet-stream"})[0]

    def _change(self, method: str, path: str, body: dict[str, Any] | None, *, seen: str = "") -> dict[str, Any]:
        headers = {"If-Match": seen} if seen else {}
        if method != "DELETE":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        sent = None
        if body is not None:
            sent, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        return json.loads(self._send(method, path, {}, sent, headers)[0])  # type: ignore[no-any-return]

    def _send(
        self,
        method: str,
        path: str,
        query: dict[str, Any] | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[bytes, Any]:
        """Body and headers of the answer. What may succeed later is tried again: the request's key keeps it one."""
        for number in range(1, TRIES + 1):
            try:
                with self._open(method, path, query or {}, body, headers) as answer:
                    return answer.read(), answer.headers
            except Refused as refused:
                wait = int(refused.problem.get("retry_after", 0))
                if refused.status not in (429, 503) or number == TRIES or not wait:
                    raise
                time.sleep(min(wait, LONGEST_WAIT))
            except URLError:
                if number == TRIES:
                    raise
                time.sleep(number)
        raise AssertionError("the last try returns or raises")

    def _open(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        asked = urlencode({"lang": self.language, **query}, doseq=True)
        address = f"{self.address}{PREFIX}{quote(self._short(path))}?{asked}"
        request = Request(address, data=body, method=method, headers=headers or {})  # noqa: S310
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            return urlopen(request, timeout=self.seconds)  # noqa: S310
        except HTTPError as error:
            problem = json.loads(error.read() or b"{}")
            raise Refused(error.code, {**problem, "retry_after": error.headers.get("Retry-After", 0)}) from None

    @staticmethod
    def _short(path: str) -> str:
        return path.removeprefix(PREFIX)


def main(arguments: list[str]) -> int:
    """``scenario_hall_client.py https://hall.example /search q=drone`` prints what is found, a line a record."""
    address, path, *pairs = arguments
    try:
        for record in Hall(address).every(path, **dict(pair.split("=", 1) for pair in pairs)):
            print(json.dumps(record, ensure_ascii=False))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
