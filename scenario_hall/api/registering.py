"""Adds the API to the application: its operations, the pages that tell of them, and how it tells errors."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from scenario_hall.api import pages, serving
from scenario_hall.web.kit.errors import tell_errors_by

PREFIX = "/api/v1"


def add_api(app: Flask, csrf: CSRFProtect) -> None:
    """After the pages' own errors. No form's token is asked for: no browser sends the API's tokens of itself."""
    csrf.exempt(serving.pages)
    app.register_blueprint(pages.pages)
    app.register_blueprint(serving.pages)
    tell_errors_by(app, PREFIX, serving.told_by_problem)
