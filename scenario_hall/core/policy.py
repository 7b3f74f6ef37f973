"""Who may do what. One question, ``can(actor, action, thing)``; what no table allows is denied.

A thing names its parties (organisation ids); an actor stands in relations to it:

``public``                 everybody, while the thing is public
``signed_in``              any confirmed account
``outsider``               any confirmed account that belongs to none of the parties
``<party>_member``         any member of that party's organisation
``<party>_editor``         an owner or editor of it
``<party>_owner``          an owner of it
``administrator``          any administrator
``neutral_administrator``  an administrator who has nothing to do with any of the parties
``system``                 the hall itself: the worker's clock, or its operator at the command line, who also
                           counts as an editor of every party

Each capability's lifecycle.py holds the rows: its transitions' ``who`` and its PERMISSIONS.

Four eyes, by organisation and by person, take a relation away from who holds it (``_barred``): a member of the side
that reported or proposed never answers for the other; who has acted for one organisation in a case acts in it for no
other; an administrator who belongs to a party, asks to join it, left it less than two years ago or worked on the record
is not neutral. Everybody goes on reading what they may read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
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
class Case:
    """What belongs together, so that who acts in it keeps to one side. A scenario, a product and an organisation are
    cases of their own; an application is one with its plan, trial, claim and amendments."""

    kept: tuple[str, ...]  # the keys under which an act on the record is kept
    counted: tuple[str, ...]  # the keys under which earlier acts count for it


def _no_acts(_keys: Collection[str]) -> int | None:
    return None


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
    # Organisations of theirs for which they neither act nor read here, though they belong to them: a program's token
    # speaks for one of them. Four eyes still count them.
    set_aside: frozenset[int] = frozenset()
    # Of an administrator: organisations that they ask to join or left less than two years ago.
    ties: frozenset[int] = frozenset()
    # Case keys → the organisation for which they acted there first, as the database says when it is asked.
    first_act: Callable[[Collection[str]], int | None] = field(default=_no_acts, compare=False)

    @property
    def spoken_for(self) -> list[int]:
        """The organisations of theirs whose private things they read here."""
        return [each for each in self.memberships if each not in self.set_aside]

    def edits(self, organization_id: int) -> bool:
        role = self.memberships.get(organization_id)
        return role in (Role.OWNER, Role.EDITOR) and organization_id not in self.suspended | self.set_aside


# Pairs of parties in one act: a member of the first never acts for the second.
OPPOSED = (("reporter", "other"), ("proposer", "other"))

# What an action that changes nothing is called: view, view_private, view_files …
READING = "view"

# "alone" is a member of this party and of no other: who may weigh what another party offers.
SUFFIXES = ("member", "editor", "owner", "alone")
# Why four eyes take a relation away, and whom to ask.
WROTE_IT = N_(
    "You belong to the side that reported or proposed this: somebody who belongs only to the other side has to answer."
)
ACTED_FOR_ANOTHER = N_(
    "You have already acted for another side in this case, so here you can only read. Ask a colleague who has not."
)
HAS_TIES = N_(
    "You belong to an organisation concerned, have asked to join it or left it less than two years ago. Ask another "
    "administrator."
)
ON_BOTH_SIDES = N_("You also belong to the other side, so you may not score this. Ask a colleague who does not.")
WORKED_ON_IT = N_("You have worked on this record yourself. Ask another administrator.")

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

    def case(self) -> Case: ...


def relations(actor: Actor, thing: Governed, *, is_reading: bool = False) -> frozenset[str]:
    """Every relation in which ``actor`` stands to ``thing``; for reading also those by a suspended organisation."""
    held = _held(actor, thing, is_reading=is_reading)
    return frozenset(held - _barred(actor, thing, held, is_reading=is_reading).keys())


def _held(actor: Actor, thing: Governed, *, is_reading: bool) -> set[str]:
    """The relations by membership and office alone."""
    found: set[str] = set()
    if thing.is_public():
        found.add("public")
    parties = thing.parties()
    if actor.is_system:
        found.add("system")
    stood_in_for = parties if actor.is_system else thing.managed_parties() if actor.is_administrator else ()
    found.update(f"{party}_{suffix}" for party in stood_in_for for suffix in SUFFIXES)
    if actor.account_id is None or not actor.is_confirmed:
        return found
    found.add("signed_in")
    if set(parties.values()).isdisjoint(actor.memberships):
        found.add("outsider")
    for party, organization_id in parties.items():
        role = actor.memberships.get(organization_id)
        if role is None or organization_id in actor.set_aside:
            continue
        if organization_id in actor.suspended and not is_reading:
            continue
        found |= {f"{party}_member", f"{party}_alone"}
        if role in (Role.OWNER, Role.EDITOR):
            found.add(f"{party}_editor")
        if role is Role.OWNER:
            found.add(f"{party}_owner")
    if actor.is_administrator:
        found |= {"administrator", "neutral_administrator"}
    return found


def _barred(actor: Actor, thing: Governed, held: Collection[str], *, is_reading: bool) -> dict[str, str]:
    """The relations of these that four eyes take away, each with the reason."""
    parties = thing.parties()
    found: dict[str, str] = {}
    for own, other in OPPOSED:
        if parties.get(own) in actor.memberships:
            found |= dict.fromkeys((f"{other}_{suffix}" for suffix in SUFFIXES), WROTE_IT)
    for party, organization_id in parties.items():
        if not {*parties.values()}.isdisjoint(actor.memberships.keys() - {organization_id}):
            found[f"{party}_alone"] = ON_BOTH_SIDES
    if actor.is_administrator and not set(parties.values()).isdisjoint({*actor.memberships, *actor.ties}):
        found["neutral_administrator"] = HAS_TIES
    speaks = actor.is_administrator or any(f"{party}_member" in held for party in parties)
    if is_reading or actor.is_system or actor.account_id is None or not speaks:
        return found
    acted_for = actor.first_act(thing.case().counted)
    if acted_for is None:
        return found
    for party, organization_id in parties.items():
        if organization_id != acted_for:
            found |= dict.fromkeys((f"{party}_{suffix}" for suffix in SUFFIXES), ACTED_FOR_ANOTHER)
    # What belongs to the hall alone has no side that an administrator could have taken.
    if not set(parties) <= thing.managed_parties():
        found.setdefault("neutral_administrator", WORKED_ON_IT)
    return found


def parties_spoken_for(actor: Actor, thing: Governed, among: Collection[str], role: str = "editor") -> list[str]:
    """The parties of these for which ``actor`` may act on ``thing``, in their order."""
    here = relations(actor, thing)
    return [party for party in among if party in thing.parties() and f"{party}_{role}" in here]


def _allowed(action: str, thing: Governed) -> frozenset[str]:
    """The relations that may do ``action`` to ``thing`` as it stands now."""
    transition = thing.lifecycle.find(thing.state, action)
    return frozenset((*thing.permissions.get(action, ()), *(transition.who if transition is not None else ())))


def can(actor: Actor, action: str, thing: Governed) -> bool:
    """May ``actor`` do ``action`` to ``thing`` as it stands now?"""
    allowed = _allowed(action, thing)
    return bool(allowed) and bool(allowed & relations(actor, thing, is_reading=action.startswith(READING)))


def open_transitions(actor: Actor, thing: Governed) -> list[Transition]:
    """The transitions that ``actor`` may apply now, in the table's order: what a page draws as buttons."""
    here = relations(actor, thing)
    return [row for row in thing.lifecycle.transitions if row.state == thing.state and here & set(row.who)]


def require(actor: Actor, action: str, thing: Governed) -> None:
    """Raise when ``actor`` may not: NotFound if they may not even see the thing, else Denied, with the reason where
    four eyes are the reason."""
    if can(actor, action, thing):
        return
    if not can(actor, "view", thing):
        raise NotFound()
    raise denial(actor, action, thing)


def denial(actor: Actor, action: str, thing: Governed) -> Denied:
    """The refusal of ``action``, which says why and whom to ask where four eyes are the reason."""
    why = _why_barred(actor, thing, _allowed(action, thing))
    return Denied(why[0]) if why else Denied()


def cautions(actor: Actor, thing: Governed) -> list[str]:
    """Why ``actor`` is offered less on the page of ``thing`` than their memberships and office would allow."""
    allowed = {name for row in thing.lifecycle.transitions if row.state == thing.state for name in row.who}
    for action, who in thing.permissions.items():
        if not action.startswith(READING):
            allowed.update(who)
    return _why_barred(actor, thing, allowed)


def _why_barred(actor: Actor, thing: Governed, allowed: Collection[str]) -> list[str]:
    held = _held(actor, thing, is_reading=False)
    barred = _barred(actor, thing, held, is_reading=False)
    return list(dict.fromkeys(why for relation, why in barred.items() if relation in held and relation in allowed))
