"""Who may do what. One question, ``can(actor, action, thing)``; what no table allows is denied.

A thing names its parties (organisation ids); an actor stands in relations to it:

``public``                 everybody, while the thing is public
``signed_in``              any confirmed account
``outsider``               any confirmed account that belongs to none of the parties
``<party>_member``         any member of that party's organisation
``<party>_editor``         an owner or editor of it
``<party>_owner``          an owner of it
``administrator``          any administrator
``neutral_administrator``  an administrator who belongs to none of the parties
``system``                 the hall itself: the worker's clock, or its operator at the command line, who also
                           counts as an editor of every party

Each capability's lifecycle.py holds the rows: its transitions' ``who`` and its PERMISSIONS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from scenario_hall.core.errors import Denied, NotFound
from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.texts import N_

Permissions = Mapping[str, tuple[str, ...]]


class Role(StrEnum):
    """What a person may do for an organisation."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


ROLE_NAMES: dict[str, str] = {
    Role.OWNER: N_("Owner"),
    Role.EDITOR: N_("Editor"),
    Role.VIEWER: N_("Viewer"),
}


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a person with memberships, a visitor, or the hall itself."""

    account_id: int | None = None
    name: str = ""
    is_confirmed: bool = False
    is_administrator: bool = False
    is_system: bool = False
    memberships: Mapping[int, Role] = field(default_factory=dict)
    suspended: frozenset[int] = frozenset()  # organisations of theirs that may only read

    def edits(self, organization_id: int) -> bool:
        role = self.memberships.get(organization_id)
        return role in (Role.OWNER, Role.EDITOR) and organization_id not in self.suspended


# Pairs of parties in one act: a member of the first never acts for the second.
OPPOSED = (("reporter", "other"), ("proposer", "other"))

# What an action that changes nothing is called: view, view_private, view_files …
READING = "view"

VISITOR = Actor()
SYSTEM = Actor(name="hall", is_confirmed=True, is_system=True)


class Governed(Protocol):
    """What policy needs to know of a thing."""

    @property
    def state(self) -> str: ...
    @property
    def lifecycle(self) -> Lifecycle: ...
    @property
    def permissions(self) -> Permissions: ...
    def parties(self) -> Mapping[str, int]:
        """Party name → organisation id."""
        ...

    def is_public(self) -> bool: ...

    def managed_parties(self) -> frozenset[str]:
        """The parties that the hall keeps (the owner of an imported list): administrators stand in for them alone."""
        ...


def relations(actor: Actor, thing: Governed, *, is_reading: bool = False) -> frozenset[str]:
    """Every relation in which ``actor`` stands to ``thing``; for reading also those by a suspended organisation."""
    found: set[str] = set()
    if thing.is_public():
        found.add("public")
    parties = thing.parties()
    if actor.is_system:
        found.add("system")
    stood_in_for = parties if actor.is_system else thing.managed_parties() if actor.is_administrator else ()
    found.update(f"{party}_{suffix}" for party in stood_in_for for suffix in ("member", "editor", "owner"))
    if actor.account_id is None or not actor.is_confirmed:
        return frozenset(found)
    found.add("signed_in")
    for party, organization_id in parties.items():
        role = actor.memberships.get(organization_id)
        if role is None or (organization_id in actor.suspended and not is_reading):
            continue
        found.add(f"{party}_member")
        if role in (Role.OWNER, Role.EDITOR):
            found.add(f"{party}_editor")
        if role is Role.OWNER:
            found.add(f"{party}_owner")
    for own, other in OPPOSED:
        if parties.get(own) in actor.memberships:
            found -= {f"{other}_member", f"{other}_editor", f"{other}_owner"}
    is_outsider = not set(parties.values()) & set(actor.memberships)
    if is_outsider:
        found.add("outsider")
    if actor.is_administrator:
        found.add("administrator")
        if is_outsider:
            found.add("neutral_administrator")
    return frozenset(found)


def can(actor: Actor, action: str, thing: Governed) -> bool:
    """May ``actor`` do ``action`` to ``thing`` as it stands now?"""
    allowed = set(thing.permissions.get(action, ()))
    transition = thing.lifecycle.find(thing.state, action)
    if transition is not None:
        allowed.update(transition.who)
    return bool(allowed & relations(actor, thing, is_reading=action.startswith(READING)))


def open_transitions(actor: Actor, thing: Governed) -> list[Transition]:
    """The transitions that ``actor`` may apply now, in the table's order: what a page draws as buttons."""
    here = relations(actor, thing)
    return [row for row in thing.lifecycle.transitions if row.state == thing.state and here & set(row.who)]


def require(actor: Actor, action: str, thing: Governed) -> None:
    """Raise when ``actor`` may not: NotFound if they may not even see the thing, else Denied."""
    if can(actor, action, thing):
        return
    if not can(actor, "view", thing):
        raise NotFound()
    raise Denied()
