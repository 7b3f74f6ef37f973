"""Every kind of event that the log takes, by its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from scenario_hall.log.kinds.accounts import ACCOUNTS
from scenario_hall.log.kinds.applications import APPLICATIONS
from scenario_hall.log.kinds.hall import HALL
from scenario_hall.log.kinds.kind import EventKind, ReaderName
from scenario_hall.log.kinds.organizations import ORGANIZATIONS
from scenario_hall.log.kinds.outcomes import OUTCOMES
from scenario_hall.log.kinds.products import PRODUCTS
from scenario_hall.log.kinds.reviewing import REVIEWING
from scenario_hall.log.kinds.revisions import REVISIONS
from scenario_hall.log.kinds.scenarios import SCENARIOS

ALL = (*SCENARIOS, *PRODUCTS, *REVISIONS, *APPLICATIONS, *OUTCOMES, *ORGANIZATIONS, *ACCOUNTS, *REVIEWING, *HALL)
KINDS: Mapping[str, EventKind] = {kind.name: kind for kind in ALL}
PUBLIC_KINDS = frozenset(kind.name for kind in ALL if kind.is_public)


def kinds_for(reader: ReaderName, subject: str | None = None) -> frozenset[str]:
    """The names of the kinds that ``reader`` wants; with ``subject`` only those of such records."""
    return frozenset(
        kind.name for kind in ALL if reader in kind.readers and (subject is None or kind.subject == subject)
    )


def check_declared(name: str, subject: str, fields: Collection[str]) -> None:
    """Raise ValueError unless there is such a kind, of that subject and with those fields."""
    kind = KINDS.get(name)
    if kind is None:
        raise ValueError(f"there is no kind of event {name!r}: declare it in scenario_hall/log/kinds/")
    if subject != kind.subject:
        raise ValueError(f"{name} is an event of {kind.subject!r}, not of {subject!r}")
    undeclared = sorted(set(fields) - set(kind.fields))
    if undeclared:
        raise ValueError(f"{name} has no field {', '.join(undeclared)}: declare it in scenario_hall/log/kinds/")
