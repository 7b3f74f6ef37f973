"""The pages of trials, uses and certificates."""

from __future__ import annotations

from scenario_hall.web.outcomes import certificate_downloads, claims, firsts, follow_ups, plans

BLUEPRINTS = (certificate_downloads.pages, claims.pages, follow_ups.pages, firsts.pages, plans.pages)
