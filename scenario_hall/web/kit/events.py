"""A line of the log in the reader's language: what happened, and what its data says, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.fields import FIELDS, EventField
from scenario_hall.log.kinds.table import KINDS
from scenario_hall.web.kit.language import day, named, number
from scenario_hall.web.kit.names import NAMES

FINGERPRINT_SHOWN = 12


def event_title(event: Event) -> str:
    """What happened; a kind that this version of the hall does not know keeps its stored name."""
    kind = KINDS.get(event.kind)
    return _(kind.title) if kind is not None else event.kind


def event_runs(events: Sequence[Event]) -> list[tuple[Event, int]]:
    """The lines of a history, with how many of the same kind follow one another without a reason: a draft that was
    saved nine times is one line. The first of each run, the newest, stands for it."""
    runs: list[tuple[Event, int]] = []
    for event in events:
        last, count = runs[-1] if runs else (None, 0)
        if (
            last is not None
            and last.kind == event.kind
            and not (last.fields.get("reason") or event.fields.get("reason"))
        ):
            runs[-1] = (last, count + 1)
        else:
            runs.append((event, 1))
    return runs


def event_details(event: Event, *without: str) -> list[tuple[str, str]]:
    """The fields of the event's data with their names, but for those called ``without`` and those left empty;
    of erased words that there were some."""
    fields = {name: value for name, value in event.fields.items() if name not in without}
    return _told(fields, event.subject_kind) + [(_field_title(name), _("Erased")) for name in event.erased]


def _told(fields: Mapping[str, Any], subject: str) -> list[tuple[str, str]]:
    return [
        (_field_title(name), _shown(name, value, subject))
        for name, value in fields.items()
        if value not in (None, "", [], {})
    ]


def _field_title(name: str) -> str:
    field = FIELDS.get(name)
    return _(field.title) if field is not None else named(name, "field")


def _shown(name: str, value: Any, subject: str) -> str:
    """One value in words; of a list or of an object with fields of its own, all of them."""
    if isinstance(value, list):
        return ", ".join(_shown(name, each, subject) for each in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{title}: {text}" for title, text in _told(value, subject))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, float):
        return number(value)
    return _word(FIELDS.get(name, EventField("")), str(value), subject)


def _word(field: EventField, value: str, subject: str) -> str:
    match field.shown_as:
        case "text":
            return value
        case "day":
            return day(value)
        case "fingerprint":
            return f"{value[:FINGERPRINT_SHOWN]}…"
        case "state":
            own = f"state.{subject}"  # only where this lifecycle calls it differently
            return named(value, own if f"{own}.{value}" in NAMES else "state")
        case group:
            return named(value, group)
