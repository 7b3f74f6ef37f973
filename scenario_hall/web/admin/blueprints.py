"""Administration's pages, by their blueprints."""

from __future__ import annotations

from scenario_hall.web.admin import components, letters, matching, pages, requests, retention, rules, work

BLUEPRINTS = (
    pages.pages,
    rules.pages,
    work.pages,
    retention.pages,
    requests.pages,
    matching.pages,
    components.pages,
    letters.pages,
)
