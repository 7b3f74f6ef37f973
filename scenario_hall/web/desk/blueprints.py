"""What a person has for themselves: the desk, its doors, bookmarks, saved searches."""

from __future__ import annotations

from scenario_hall.web.desk import bookmarks, doors, pages, searches

BLUEPRINTS = (pages.pages, doors.pages, bookmarks.pages, searches.pages)
