"""The pages of the desk."""

from __future__ import annotations

from scenario_hall.web.desk import bookmarks, doors, pages

BLUEPRINTS = (pages.pages, doors.pages, bookmarks.pages)
