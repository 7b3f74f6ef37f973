"""Every operation of the API."""

from __future__ import annotations

from scenario_hall.api import (
    applications,
    bulletins,
    changes,
    conversations,
    files,
    follow_ups,
    hall,
    judging,
    members,
    opinions,
    organizations,
    outcomes,
    personal,
    search,
    webhooks,
)
from scenario_hall.api.declaring import Operation, unique
from scenario_hall.api.products import PRODUCTS
from scenario_hall.api.scenarios import SCENARIOS

OPERATIONS: tuple[Operation, ...] = unique(
    (
        *hall.OPERATIONS,
        *bulletins.OPERATIONS,
        *search.OPERATIONS,
        *personal.OPERATIONS,
        *SCENARIOS.operations(),
        *PRODUCTS.operations(),
        *organizations.OPERATIONS,
        *members.OPERATIONS,
        *conversations.OPERATIONS,
        *applications.OPERATIONS,
        *judging.OPERATIONS,
        *opinions.OPERATIONS,
        *outcomes.OPERATIONS,
        *follow_ups.OPERATIONS,
        *files.OPERATIONS,
        *changes.OPERATIONS,
        *webhooks.OPERATIONS,
    )
)
