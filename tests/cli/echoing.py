"""A small application for the hall's own web server: it answers with the path and the length of what was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def make() -> Callable[..., Iterable[bytes]]:
    def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        told = f"[{environ['PATH_INFO']} {len(environ['wsgi.input'].read())}]".encode()
        start_response("200 OK", [("Content-Length", str(len(told)))])
        return [told]

    return application
