"""Receives the hall's webhooks with the standard library alone: checks the signature, answers the challenge, takes each
message once.

    HALL_WEBHOOK_SECRET=whsec_… python examples/webhook_receiver.py 8080

Put it behind a server that speaks TLS: the hall sends to https:// only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE = 300  # seconds that the two clocks may differ; what is older may have been recorded and sent again
seen: set[str] = set()  # a real receiver keeps these in its database, with what it does


def is_from_the_hall(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Standard Webhooks 1.0, signature ``v1``: HMAC-SHA256 over id, time and body, exactly as they came."""
    message, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(now - int(timestamp)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, f"{message}.{timestamp}.".encode() + body, hashlib.sha256)).decode()
    given = [each.partition(",") for each in headers.get("webhook-signature", "").split()]
    return any(version == "v1" and hmac.compare_digest(value, expected) for version, _, value in given)


def answer(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> tuple[int, dict[str, Any]]:
    """Status and JSON for one message; ``headers`` by their names in small letters."""
    if not is_from_the_hall(secret, headers, body, now):
        return 401, {"error": "not signed by the hall"}
    message = json.loads(body)
    if message["type"] == "webhook.challenge":
        return 200, {"challenge": message["data"]["challenge"]}
    if headers["webhook-id"] not in seen:  # it may come twice: a connection can break after it was taken
        seen.add(headers["webhook-id"])
        take(message)
    return 200, {}


def take(message: dict[str, Any]) -> None:
    """What your system does with it; for long work keep it and answer at once."""
    told = message["data"]
    print(told.get("id"), message["type"], told.get("title"), told.get("link"), flush=True)


class Handler(BaseHTTPRequestHandler):
    """One message a request."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, told = answer(os.environ["HALL_WEBHOOK_SECRET"], headers, body, time.time())
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
