"""What gunicorn loads: the application with the settings of the environment."""

from __future__ import annotations

from flask import Flask

from scenario_hall.app import create_app
from scenario_hall.config import load_settings


def make() -> Flask:
    return create_app(load_settings())
