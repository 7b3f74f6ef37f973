"""What a person has for themselves: the desk, its doors, bookmarks, saved searches."""

from __future__ import annotations

from scenario_hall.web.desk import bookmarks, doors, searches
from scenario_hall.web.desk import pages as desk

BLUEPRINTS = (desk.pages, doors.pages, bookmarks.pages, searches.pages)
