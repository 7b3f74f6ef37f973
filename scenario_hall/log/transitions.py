"""The one way to change a record's state: ``apply_transition``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from sqlmodel import Session

from scenario_hall.core.errors import Invalid, NotFound, WrongState
from scenario_hall.core.policy import Actor, Governed, can, denial, relations
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event, record_event


class Stateful(Governed, Protocol):
    """A record whose state ``apply_transition`` may change."""

    subject: ClassVar[str]
    state: str

    @property
    def pk(self) -> int: ...
    @property
    def public_code(self) -> str: ...


def apply_transition(
    session: Session,
    actor: Actor,
    thing: Stateful,
    action: str,
    *,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    party: str = "",
) -> Event:
    """Check that the lifecycle has ``action``, that the actor may and that a needed reason is given; then set the
    state and append the event, done for ``party`` where that is not plain. The caller holds the record's lock
    (``records.lock``).

    Raises NotFound, Denied, WrongState, Invalid.
    """
    check(actor, thing, action)
    transition = thing.lifecycle.find(thing.state, action)
    if transition is None:
        raise WrongState(N_("This can no longer be done: the record is now “%(state)s”."), state=thing.state)
    reason = reason.strip()
    if transition.needs_reason and not reason:
        raise Invalid({"reason": N_("Please give a reason: the other side will read it.")})
    before = thing.state
    thing.state = transition.next
    session.flush()
    facts: dict[str, Any] = {"from": before, "to": transition.next, **(data or {})}
    if reason:
        facts["reason"] = reason
    return record_event(session, actor, thing, transition.event, facts, party=party)


def check(actor: Actor, thing: Stateful, action: str) -> None:
    """Raise what ``apply_transition`` would raise for this actor, action and state, without doing it."""
    if can(actor, action, thing):
        return
    if not can(actor, "view", thing):
        raise NotFound()
    if thing.lifecycle.find(thing.state, action) is None and _could_elsewhere(actor, thing, action):
        raise WrongState(N_("This can no longer be done: the record is now “%(state)s”."), state=thing.state)
    raise denial(actor, action, thing)


def _could_elsewhere(actor: Actor, thing: Governed, action: str) -> bool:
    here = relations(actor, thing)
    return any(row.action == action and here & set(row.who) for row in thing.lifecycle.transitions)
