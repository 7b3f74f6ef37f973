"""Vectors from a server that speaks the embeddings interface of OpenAI, as vLLM, Ollama, llama.cpp and others do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit, urlunsplit
from urllib.request import Request

import numpy as np
from numpy.typing import NDArray

from scenario_hall.core.outgoing import ask
from scenario_hall.language.folding import fold

SECONDS = 10.0
TEXTS_A_REQUEST = 64


class NoAnswer(OSError):
    """The server answered with something that is no vectors."""


class ServerEncoder:
    """``http(s)://host/v1/embeddings?model=NAME``."""

    def __init__(self, address: str, key: str = "", *, seconds: float = SECONDS) -> None:
        parts = urlsplit(address)
        self.model = parse_qs(parts.query).get("model", [""])[0]
        self.name = f"server-{self.model or parts.netloc}"
        self._address = urlunsplit((parts.scheme, parts.netloc, parts.path or "/v1/embeddings", "", ""))
        self._key = key
        self._seconds = seconds

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (texts, dimensions). Raises OSError when the server does not answer in time or not with vectors."""
        parts = [
            self._ask([fold(text) for text in texts[begin : begin + TEXTS_A_REQUEST]])
            for begin in range(0, len(texts), TEXTS_A_REQUEST)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)

    def _ask(self, texts: list[str]) -> NDArray[np.float32]:
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        body = json.dumps({"input": texts, "model": self.model, "encoding_format": "float"}).encode()
        request = Request(self._address, body, headers)  # noqa: S310 (config.py lets only http and https through)
        with ask(request, seconds=self._seconds) as response:
            answer = response.read()
        try:
            rows = sorted(json.loads(answer)["data"], key=lambda row: row["index"])
            found = np.array([row["embedding"] for row in rows], np.float32)
        except (ValueError, KeyError, TypeError) as error:
            raise NoAnswer(f"{self._address} answered with no vectors: {error!r}") from error
        if found.ndim != 2 or len(found) != len(texts) or not np.isfinite(found).all():
            raise NoAnswer(f"{self._address} answered {len(texts)} texts with an array of shape {found.shape}")
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(lengths > 0, lengths, 1), np.float32)
