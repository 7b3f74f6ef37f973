"""The pages of administrators who review."""

from __future__ import annotations

from scenario_hall.web.review import (
    changes,
    follow_through,
    gaps,
    overdue,
    places,
    queues,
    records,
    several,
    turns,
)

BLUEPRINTS = (
    changes.pages,
    follow_through.pages,
    gaps.pages,
    overdue.pages,
    places.pages,
    queues.pages,
    records.pages,
    several.pages,
    turns.pages,
)
