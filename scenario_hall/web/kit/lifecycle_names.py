"""What states and actions of all lifecycles are called, and what is said when an action is done."""

from __future__ import annotations

from collections.abc import Mapping

from scenario_hall.applications import lifecycle as applications
from scenario_hall.organizations import lifecycle as organizations
from scenario_hall.outcomes import lifecycle as outcomes
from scenario_hall.products import lifecycle as products
from scenario_hall.publishing import lifecycle as revisions
from scenario_hall.scenarios import lifecycle as scenarios


def _joined(*tables: Mapping[str, str]) -> dict[str, str]:
    """One table of several; the first that names a value wins."""
    return {value: name for table in reversed(tables) for value, name in table.items()}


LIFECYCLES = (scenarios, products, organizations, applications, outcomes)
STATES = _joined(
    *(each.STATE_NAMES for each in LIFECYCLES), outcomes.AMENDMENT_STATE_NAMES, revisions.REVISION_STATE_NAMES
)
ACTIONS = _joined(
    *(each.ACTION_NAMES for each in LIFECYCLES), outcomes.AMENDMENT_ACTION_NAMES, revisions.REVISION_ACTION_NAMES
)
# What is said when an action is done.
DONE = _joined(*(each.DONE for each in LIFECYCLES), outcomes.AMENDMENT_DONE, revisions.REVISION_DONE)
APPLICATION_STATES = applications.STATE_NAMES
REVISION_STATES = revisions.REVISION_STATE_NAMES
