"""The pages of trials, uses and certificates."""

from __future__ import annotations

from scenario_hall.web.outcomes import certificate_downloads, claims, follow_ups, pages, plans

BLUEPRINTS = (certificate_downloads.pages, claims.pages, follow_ups.pages, pages.pages, plans.pages)
