"""The pages of scenarios; ``wizard`` adds its routes to the blueprint of ``pages``."""

from __future__ import annotations

from scenario_hall.web.scenarios import matches, questions, wizard

BLUEPRINTS = (wizard.pages, matches.pages, questions.pages)
