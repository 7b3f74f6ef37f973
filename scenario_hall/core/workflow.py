"""State machines as tables that a person can read; ``take`` is the only way to change a state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sqlmodel import Session

from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.core.log import append
from scenario_hall.core.policy import Actor, Governed, Permissions, can, relations
from scenario_hall.core.texts import N_

if TYPE_CHECKING:
    from scenario_hall.core.log import Event


@dataclass(frozen=True)
class Step:
    """One row: in ``state``, ``action`` by one of ``who`` leads to ``next`` and is logged as ``event``."""

    state: str
    action: str
    who: tuple[str, ...]
    next: str
    event: str
    needs_reason: bool = False


class Workflow:
    """The rows of one record's way."""

    def __init__(self, subject: str, initial: str, steps: Iterable[Step]) -> None:
        self.subject = subject
        self.initial = initial
        self.steps = tuple(steps)
        self._by_key = {(step.state, step.action): step for step in self.steps}
        if len(self._by_key) != len(self.steps):
            raise ValueError(f"{subject}: two rows for one state and action")

    @property
    def states(self) -> tuple[str, ...]:
        names = [self.initial, *(name for step in self.steps for name in (step.state, step.next))]
        return tuple(dict.fromkeys(names))

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(step.action for step in self.steps))

    def find(self, state: str, action: str) -> Step | None:
        return self._by_key.get((state, action))

    def open_to(self, actor: Actor, thing: Governed) -> list[Step]:
        """The steps that ``actor`` may take now, in the table's order: what a page draws as buttons."""
        here = relations(actor, thing)
        return [step for step in self.steps if step.state == thing.state and here & set(step.who)]


class Stateful(Governed, Protocol):
    """A record whose state ``take`` may change."""

    subject: ClassVar[str]
    state: str

    @property
    def key(self) -> int: ...
    @property
    def public_code(self) -> str: ...


def take(
    session: Session,
    actor: Actor,
    thing: Stateful,
    action: str,
    *,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Take ``action``: check that the table has it, that the actor may, that a needed reason is given; then
    set the state and append the event. The caller holds the record's lock (``records.lock``).

    Raises NotFound, Denied, WrongState, Invalid.
    """
    check(actor, thing, action)
    step = thing.workflow.find(thing.state, action)
    if step is None:
        raise WrongState(N_("This is not possible any more: the state is now “%(state)s”."), state=thing.state)
    reason = reason.strip()
    if step.needs_reason and not reason:
        raise Invalid({"reason": N_("Please give a reason: the other side will read it.")})
    before = thing.state
    thing.state = step.next
    session.flush()
    told: dict[str, Any] = {"from": before, "to": step.next, **(data or {})}
    if reason:
        told["reason"] = reason
    return append(
        session,
        kind=step.event,
        actor_id=actor.account_id,
        subject_kind=thing.subject,
        subject_id=thing.key,
        subject_code=thing.public_code,
        data=told,
    )


def check(actor: Actor, thing: Stateful, action: str) -> None:
    """Raise what ``take`` would raise for this actor, action and state, without doing it."""
    if can(actor, action, thing):
        return
    if not can(actor, "view", thing):
        raise NotFound()
    if thing.workflow.find(thing.state, action) is None and _could_elsewhere(actor, thing, action):
        raise WrongState(N_("This is not possible any more: the state is now “%(state)s”."), state=thing.state)
    raise Denied()


def _could_elsewhere(actor: Actor, thing: Governed, action: str) -> bool:
    here = relations(actor, thing)
    return any(step.action == action and here & set(step.who) for step in thing.workflow.steps)


__all__ = ["Permissions", "Stateful", "Step", "Workflow", "check", "take"]
