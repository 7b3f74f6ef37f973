"""The style sheet that the pages load: one built file, kept by browsers for as long as its name stays the same."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request, url_for

from scenario_hall.config import ROOT, SettingsError

THEMES = ("auto", "light", "dark")

BUILT = ROOT / "static" / "built"


def find_style_sheet(folder: Path = BUILT) -> str:
    """The name of the built style sheet. Raises SettingsError, saying what to run, when there is none."""
    newest = max(folder.glob("hall.*.css"), key=lambda path: path.stat().st_mtime, default=None)
    if newest is None:
        raise SettingsError(f"there is no style sheet in {folder}; run `make setup`, or `python static/build.py`")
    return newest.name


def serve_style_sheet(app: Flask) -> None:
    """Give the templates its address, and let browsers keep what was built: a new build has a new name."""
    name = find_style_sheet()

    def style_sheet() -> str:
        return url_for("static", filename=f"built/{name}")

    app.jinja_env.globals["style_sheet"] = style_sheet

    @app.after_request
    def keep_for_a_year(response: Response) -> Response:
        is_built = request.endpoint == "static" and (request.view_args or {}).get("filename", "").startswith("built/")
        if is_built and response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
