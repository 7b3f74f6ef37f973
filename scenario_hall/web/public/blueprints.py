"""The pages that everybody sees first."""

from __future__ import annotations

from scenario_hall.web.public import health, home, live, log, search

BLUEPRINTS = (home.pages, health.pages, live.pages, log.pages, search.pages)
