"""The pages of a person's own account, by their blueprints."""

from __future__ import annotations

from scenario_hall.web.account import data, pages, passkeys, second_factor, sessions, tokens

BLUEPRINTS = (pages.pages, sessions.pages, second_factor.pages, passkeys.pages, tokens.pages, data.pages)
