"""The pages of scenarios; ``wizard`` and ``writing`` add their routes to the blueprint of ``pages``."""

from __future__ import annotations

from scenario_hall.web.scenarios import matches, questions, wizard, writing

# ``writing`` has the same blueprint: naming it here brings its routes in.
BLUEPRINTS = (*dict.fromkeys((wizard.pages, writing.pages)), matches.pages, questions.pages)
