"""The pages of a person's own account, by their blueprints."""

from __future__ import annotations

from scenario_hall.web.account import data, pages, second_factor, sessions, tokens

BLUEPRINTS = (pages.pages, sessions.pages, second_factor.pages, tokens.pages, data.pages)
