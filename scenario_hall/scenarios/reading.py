"""The requirements that a scenario's own text states."""

from __future__ import annotations

from scenario_hall.core.values import Requirement
from scenario_hall.publishing.reading import TextReading
from scenario_hall.quantities.requirements import suggested_requirements

REQUIREMENTS_IN_TEXT = TextReading(Requirement, ("wanted_result", "situation"), suggested_requirements)
