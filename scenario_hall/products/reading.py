"""The specifications that a product's own text states."""

from __future__ import annotations

from scenario_hall.core.values import Specification
from scenario_hall.publishing.reading import TextReading
from scenario_hall.quantities.requirements import suggested_specifications

SPECIFICATIONS_IN_TEXT = TextReading(Specification, ("summary",), suggested_specifications)
