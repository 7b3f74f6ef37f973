"""Every operation of the API."""

from __future__ import annotations

from scenario_hall.api import (
    applications,
    bulletins,
    changes,
    files,
    hall,
    organizations,
    outcomes,
    saved_searches,
    search,
)
from scenario_hall.api.declaring import Operation, unique
from scenario_hall.api.products import PRODUCTS
from scenario_hall.api.scenarios import SCENARIOS

OPERATIONS: tuple[Operation, ...] = unique(
    (
        *hall.OPERATIONS,
        *bulletins.OPERATIONS,
        *search.OPERATIONS,
        *saved_searches.OPERATIONS,
        *SCENARIOS.operations(),
        *PRODUCTS.operations(),
        *organizations.OPERATIONS,
        *applications.OPERATIONS,
        *outcomes.OPERATIONS,
        *files.OPERATIONS,
        *changes.OPERATIONS,
    )
)
