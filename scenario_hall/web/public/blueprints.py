"""The pages that everybody sees first."""

from __future__ import annotations

from scenario_hall.web.public import home, live, log, machines, search, sharing

BLUEPRINTS = (home.pages, live.pages, log.pages, machines.pages, search.pages, sharing.pages)
