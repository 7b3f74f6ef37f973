"""The pages of organisations, by their blueprints."""

from __future__ import annotations

from scenario_hall.web.organizations import invitations, platforms, webhooks

BLUEPRINTS = (platforms.pages, invitations.pages, webhooks.pages)
