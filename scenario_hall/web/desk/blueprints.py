"""What a person has for themselves: the desk, its doors, bookmarks, saved searches, calendar."""

from __future__ import annotations

from scenario_hall.web.desk import bookmarks, calendar, doors, pages, searches

BLUEPRINTS = (pages.pages, doors.pages, bookmarks.pages, searches.pages, calendar.pages)
