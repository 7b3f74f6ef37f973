"""What a person has for themselves: the desk, its doors, bookmarks, saved searches, notices."""

from __future__ import annotations

from scenario_hall.web.desk import bookmarks, doors, notice_choices, notices, pages, searches

BLUEPRINTS = (pages.pages, doors.pages, bookmarks.pages, searches.pages, notices.pages, notice_choices.pages)
# What stops letters: mail programs send it, without a form's token.
STOPPING = (searches.stop, notice_choices.stop)
