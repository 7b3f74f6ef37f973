"""Sends what the pages load, as `static/build.py` made it: kept by browsers for a year, compressed for who takes it."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from scenario_hall.config import ROOT

BUILT = ROOT / "static" / "built"
# What a browser says that it takes → the ending of the file, the smaller first.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
_HASHED_PARTS = 3  # stem, hash and suffix


def built_files(folder: Path = BUILT) -> dict[str, str]:
    """“menus.js” → “menus.0a1b2c3d.js”, of the newest build of each."""
    found: dict[str, str] = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime):
        parts = path.name.split(".")
        if len(parts) == _HASHED_PARTS and all(parts):
            found[f"{parts[0]}.{parts[2]}"] = path.name
    return found


def serve_static_files(app: Flask) -> None:
    """Let ``url_for("static", filename="js/menus.js")`` name the built file, and send that whole or compressed.

    A new build has new names, so what was built is kept by browsers and by caches on the way for a year (RFC 9111, and
    RFC 8246 for “immutable”).
    """
    built = built_files()

    @app.url_defaults
    def name_the_built_file(endpoint: str, values: dict[str, object]) -> None:
        name = str(values.get("filename", "")).rpartition("/")[2]
        if endpoint == "static" and name in built:
            values["filename"] = f"built/{built[name]}"

    def send(filename: str) -> Response:
        folder = str(app.static_folder)
        is_built = Path(filename).parent == Path("built")
        accepted = request.accept_encodings
        for encoding, ending in ENCODINGS.items():
            if is_built and accepted.quality(encoding) > 0 and (BUILT / f"{Path(filename).name}{ending}").exists():
                response = send_from_directory(folder, filename + ending, mimetype=mimetypes.guess_type(filename)[0])
                response.headers["Content-Encoding"] = encoding
                break
        else:
            response = send_from_directory(folder, filename)
        if is_built:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            response.vary.add("Accept-Encoding")
        return response

    app.view_functions["static"] = send
