"""What states and actions of all lifecycles are called, and what is said when an action is done."""

from __future__ import annotations

from collections.abc import Mapping

from scenario_hall.applications import lifecycle as applications
from scenario_hall.core.texts import N_
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
# Said before what nobody can take back, with a second button.
FINAL: dict[str, str] = {
    "accept": N_("The other side is told at once. An acceptance cannot be taken back."),
    "agree": N_("Your signature counts at once: the amended plan then binds both sides."),
    "approve": N_("The certificate is signed and public at once. It can only be revoked, with a public reason."),
    "confirm": N_("You confirm the reported results for your side. This cannot be taken back."),
    "list": N_("It is public at once, and its supplier is told."),
    "release": N_("It is public at once, suppliers are matched and told."),
    "start": N_("From now on milestones and reminders run. This cannot be taken back."),
    "verify": N_("From now on the organisation can publish. Its members are told."),
    "withdraw": N_("The other side is told at once. A withdrawal cannot be taken back."),
}
APPLICATION_STATES = applications.STATE_NAMES
REVISION_STATES = revisions.REVISION_STATE_NAMES
