"""The pages that everybody sees first."""

from __future__ import annotations

from scenario_hall.web.public import home, live, search

BLUEPRINTS = (home.pages, live.pages, search.pages)
