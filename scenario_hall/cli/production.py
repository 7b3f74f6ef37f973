"""What a production hall refuses: the demonstration and its known administrators."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.config import Settings, SettingsError
from scenario_hall.demonstration.loaded import is_loaded


def require_development(settings: Settings) -> None:
    """Refuse production: the demonstration's administrators have a password that the README states."""
    if not settings.is_development:
        raise SettingsError(
            "Demonstration data and its accounts are not loaded into a production hall. "
            "To try the hall, set HALL_ENVIRONMENT=development and a data folder of its own (HALL_DATA_DIR)."
        )


def require_no_demonstration(settings: Settings, engine: Engine) -> None:
    """Refuse a production hall whose database a demonstration was loaded into, with its known administrators."""
    with Session(engine) as session:
        if not settings.is_development and is_loaded(session):
            raise SettingsError(
                "This database holds the demonstration and its accounts, whose password the README states. "
                "A production hall needs a database of its own (HALL_DATABASE_URL, HALL_DATA_DIR)."
            )
