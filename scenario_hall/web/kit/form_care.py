"""What every form has: it counts once, and what was written in it is not lost."""

from __future__ import annotations

from flask import Flask

from scenario_hall.web.kit.given_back import give_back_forms
from scenario_hall.web.kit.once import count_forms_once


def look_after_forms(app: Flask) -> None:
    """After the protection against forgery and the log-ins."""
    count_forms_once(app)
    give_back_forms(app)
