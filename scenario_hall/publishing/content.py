"""The written content of a record, by its declared fields: put in, checked, and read as JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from scenario_hall.core.errors import Invalid
from scenario_hall.core.lines import NOT_ONE_LINE, line_faults
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_LINES, MAX_SUM, Currency
from scenario_hall.organizations.accounts import normalise_email
from scenario_hall.publishing.fields import ContentField, ValueKind

_ON_ONE_LINE = frozenset({ValueKind.LINE, ValueKind.EMAIL, ValueKind.PHONE, ValueKind.WORDS})
_VALUES = TypeAdapter(dict[str, Any])


def content_of(record: object, fields: Iterable[ContentField]) -> dict[str, Any]:
    """The values of the given fields as JSON values."""
    # Each attribute is read by its name: a row that a commit has expired is then read anew.
    values = {field.name: getattr(record, field.name) for field in fields}
    content: dict[str, Any] = _VALUES.dump_python(values, mode="json")
    return content


def public_content(record: object, fields: Iterable[ContentField]) -> dict[str, Any]:
    """The content that everybody may read: what a revision keeps."""
    return content_of(record, (field for field in fields if not field.is_private))


def values_of(fields: Iterable[ContentField], content: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values, as ``content_of`` gives them, as ``fill`` takes them. What no field is called is left out."""
    return {
        field.name: datetime.fromisoformat(value) if field.kind is ValueKind.MOMENT and value else value
        for field in fields
        if field.name in content
        for value in [content[field.name]]
    }


def fill(record: object, fields: Sequence[ContentField], content: Mapping[str, Any]) -> None:
    """Put ``content`` (any of the fields, by name) into ``record``.

    A draft may be incomplete, but what is there must be well formed: raises Invalid, field by field, and then
    changes nothing. Raises ValueError for an unknown field.
    """
    unknown = set(content) - {field.name for field in fields}
    if unknown:
        raise ValueError(f"no such fields: {', '.join(sorted(unknown))}")
    faults: dict[str, str] = {}
    written = [field for field in fields if field.name in content]
    clean = {field.name: _checked(field, content[field.name], faults) for field in written}
    for field in fields:
        if field.lower and not faults.keys() & {field.lower, field.name}:
            low, high = (clean.get(name, getattr(record, name)) for name in (field.lower, field.name))
            if low is not None and high is not None and high < low:
                faults[field.name] = N_("The upper end is below the lower end.")
    if faults:
        raise Invalid(faults)
    for name, value in clean.items():
        setattr(record, name, value)


def missing(record: object, fields: Iterable[ContentField]) -> dict[str, str]:
    """What a submission still needs: field → what to do. Empty when nothing is missing."""
    return {field.name: field.missing for field in fields if field.missing and not getattr(record, field.name)}


def _checked(field: ContentField, value: Any, faults: dict[str, str]) -> Any:
    """The value as it is kept; what is wrong with it goes into ``faults``."""
    if isinstance(value, str):
        value = value.strip()
        if field.length is not None and len(value) > field.length:
            faults[field.name] = N_("This is too long.")
    if field.kind in _ON_ONE_LINE:
        faults |= line_faults({field.name: value}, are_names=field.name == "title" or field.kind is ValueKind.WORDS)
    match field.kind:
        case ValueKind.EMAIL if value:
            try:
                return normalise_email(value)
            except Invalid as error:
                faults[field.name] = error.fields["email"]
        case ValueKind.CURRENCY if value not in list(Currency):
            faults[field.name] = N_("Please choose CNY, HKD or MOP.")
        case ValueKind.SUM if value is not None and not 0 <= value < MAX_SUM:
            faults[field.name] = N_("An amount must be a whole number, 0 or more.")
        case ValueKind.LEVEL if value is not None and value not in (field.choices or ()):
            faults[field.name] = field.malformed
        case ValueKind.LINES:
            return _checked_lines(field, value, faults)
    return value


def _checked_lines(field: ContentField, lines: Sequence[Any], faults: dict[str, str]) -> list[dict[str, Any]]:
    if field.line is None:
        raise TypeError(f"{field.name} is declared without a type of its lines")
    if len(lines) > MAX_LINES:
        faults[field.name] = N_("Please enter at most 40 lines.")
        return []
    clean = []
    for line in lines:
        try:
            kept = field.line.model_validate(line).model_dump(mode="json")
            broken = line_faults({name: text for name, text in kept.items() if isinstance(text, str)})
            faults |= dict.fromkeys([field.name] if broken else [], NOT_ONE_LINE)
            clean.append(kept)
        except ValidationError:
            faults[field.name] = field.malformed
    return clean
