"""Administration's pages, by their blueprints."""

from __future__ import annotations

from scenario_hall.web.admin import components, matching, pages, retention, rules, work

BLUEPRINTS = (pages.pages, rules.pages, work.pages, retention.pages, matching.pages, components.pages)
