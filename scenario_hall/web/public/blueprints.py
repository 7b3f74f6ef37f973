"""The pages that everybody sees first."""

from __future__ import annotations

from scenario_hall.web.public import bulletins, home, live, log, machines, open_data, search, sharing

BLUEPRINTS = (
    home.pages,
    bulletins.pages,
    live.pages,
    log.pages,
    machines.pages,
    open_data.pages,
    search.pages,
    sharing.pages,
)
