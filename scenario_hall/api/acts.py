"""Actions of a lifecycle as operations: who may, from which states and whether a reason is needed is what its table
says; here stands only which service does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.values import Reason, Told
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.organizations.tokens import Scope
from scenario_hall.web.kit.lifecycle_names import ACTIONS


@dataclass(frozen=True)
class Act:
    """How one action is done. ``body``: what it takes beside the reason that the table asks for."""

    run: Callable[[Call], Any]
    body: type[BaseModel] | None = None
    summary: str = ""  # where it is no transition of the lifecycle
    scopes: tuple[Scope, ...] = ()  # where the table does not say
    example: Mapping[str, Any] | None = None
    answers: Callable[[Call, Any], Any] | None = None  # what is told, where it is not the record itself


def acts_of(
    lifecycle: Lifecycle,
    acts: Mapping[str, Act],
    *,
    address: str,
    subject: str,
    name: str,
    scope: Scope,
    load: Callable[[Call], Any],
    tell: Callable[[Call, Any], Told],
    told: type[Told],
) -> list[Operation]:
    """One operation an action, ``POST address/action``; ``scope`` is what the record's own people need."""
    return [
        _operation(lifecycle, action, act, address, subject, name, scope, load, tell, told)
        for action, act in acts.items()
    ]


def _operation(
    lifecycle: Lifecycle,
    action: str,
    act: Act,
    address: str,
    subject: str,
    name: str,
    scope: Scope,
    load: Callable[[Call], Any],
    tell: Callable[[Call, Any], Told],
    told: type[Told],
) -> Operation:
    rows = [row for row in lifecycle.transitions if row.action == action]
    needs_reason = any(row.needs_reason for row in rows)
    body = act.body or (Reason if needs_reason else None)

    def run(call: Call) -> Told:
        act.run(call)
        return tell(call, call.record)

    return Operation(
        name=f"{action}_{name}",
        method="POST",
        path=f"{address}/{action}",
        subject=subject,
        summary=act.summary or ACTIONS.get(action, action),
        answer=told,
        run=run,
        body=body,
        load=load,
        is_versioned=True,
        scopes=act.scopes or _scopes(rows, scope),
        example=act.example or ({"reason": "…"} if body is Reason else None),
    )


def _scopes(rows: list[Any], scope: Scope) -> tuple[Scope, ...]:
    """The scope of administrators where the table lets them, the record's own where it lets its people."""
    who = {each for row in rows for each in row.who}
    of_administrators = {each for each in who if each.endswith("administrator")}
    found = [Scope.REVIEW] if of_administrators else []
    if who - of_administrators - {"system"} or not who:
        found.insert(0, scope)
    return tuple(found)
