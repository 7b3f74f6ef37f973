"""The operations of what people have for themselves, beside the records."""

from __future__ import annotations

from scenario_hall.api import bookmarks, notice_choices, notices, saved_searches

OPERATIONS = (
    *saved_searches.OPERATIONS,
    *bookmarks.OPERATIONS,
    *notices.OPERATIONS,
    *notice_choices.OPERATIONS,
)
