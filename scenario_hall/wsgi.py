"""What gunicorn loads: the application with the settings of the environment."""

from __future__ import annotations

import os

from flask import Flask

from scenario_hall.app import create_app
from scenario_hall.config import load_settings
from scenario_hall.core.logs import log_to_stderr


def make() -> Flask:
    os.umask(0o077)
    log_to_stderr()
    return create_app(load_settings())
