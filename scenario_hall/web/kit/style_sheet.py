"""The style sheet that the pages load: one built file."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, url_for

from scenario_hall.config import SettingsError
from scenario_hall.web.kit.cookies import THEME, cookie
from scenario_hall.web.kit.static_files import BUILT, serve_static_files

THEMES = ("auto", "light", "dark")


def chosen_theme() -> str:
    """The reader's colours: those of the cookie, else of the browser."""
    chosen = cookie(THEME)
    return chosen if chosen in THEMES else "auto"


def find_style_sheet(folder: Path = BUILT) -> str:
    """The name of the built style sheet. Raises SettingsError, saying what to run, when there is none."""
    newest = max(folder.glob("hall.*.css"), key=lambda path: path.stat().st_mtime, default=None)
    if newest is None:
        raise SettingsError(f"there is no style sheet in {folder}; run `make setup`, or `python static/build.py`")
    return newest.name


def serve_style_sheet(app: Flask) -> None:
    """Give the templates its address, and send it with all else that was built."""
    name = find_style_sheet()
    serve_static_files(app)

    def style_sheet() -> str:
        return url_for("static", filename=f"built/{name}")

    app.jinja_env.globals["style_sheet"] = style_sheet
