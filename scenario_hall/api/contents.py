"""Models of what authors write, made from the declared fields: as it is sent (any of them), and as it is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, create_model

from scenario_hall.api.values import Asked, Moment, Told, closed
from scenario_hall.core.errors import Invalid
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_LINES, MAX_SUM, Currency
from scenario_hall.publishing.content import values_of
from scenario_hall.publishing.fields import ContentField, ValueKind
from scenario_hall.publishing.models import Publishable
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.taxonomy.taxonomy import TagKind
from scenario_hall.web.kit.request import taxonomy

RegionCode = Literal[tuple(each.code for each in REGIONS)]  # type: ignore[valid-type]
MOST_TAGS = 40
Slugs = Annotated[list[Annotated[str, StringConstraints(max_length=60)]], Field(max_length=MOST_TAGS)]


def _asked_as(field: ContentField) -> Any:
    match field.kind:
        case ValueKind.SUM:
            return Annotated[int, Field(ge=0, lt=MAX_SUM)] | None
        case ValueKind.CURRENCY:
            return Currency
        case ValueKind.LEVEL:
            return Literal[tuple(field.choices or ())] | None
        case ValueKind.MOMENT:
            return Moment | None
        case ValueKind.REGION:
            return RegionCode | Literal[""]
        case ValueKind.REGIONS:
            return Annotated[list[RegionCode], Field(max_length=len(REGIONS))]  # type: ignore[valid-type]
        case ValueKind.DOMAINS | ValueKind.TAGS | ValueKind.WORDS:
            return Slugs
        case ValueKind.LINES if field.line is not None:
            return Annotated[list[closed(field.line)], Field(max_length=MAX_LINES)]  # type: ignore[misc]
        case _:
            return Annotated[str, StringConstraints(max_length=field.length)]


def _told_as(field: ContentField) -> Any:
    match field.kind:
        case ValueKind.SUM | ValueKind.LEVEL:
            return int | None
        case ValueKind.MOMENT:
            return AwareDatetime | None
        case ValueKind.REGIONS | ValueKind.DOMAINS | ValueKind.TAGS | ValueKind.WORDS:
            return list[str]
        case ValueKind.LINES if field.line is not None:
            return list[field.line]  # type: ignore[name-defined]
        case _:
            return str


def asked_content(name: str, fields: Iterable[ContentField]) -> type[Asked]:
    """What may be sent: any of the fields; a draft may lack anything."""
    declared: dict[str, Any] = {
        field.name: (_asked_as(field), Field(default=None, description=field.asked)) for field in fields
    }
    made: type[Asked] = create_model(name, __base__=Asked, **declared)
    return made


def told_content(name: str, fields: Iterable[ContentField]) -> type[Told]:
    """What is told: all of the public fields; the private ones to whoever may see them, else null."""
    declared: dict[str, Any] = {
        field.name: (_told_as(field) | None, None)
        if field.is_private
        else (_told_as(field), Field(description=field.label))
        for field in fields
    }
    made: type[Told] = create_model(name, __base__=Told, **declared)
    return made


def content_told(model: type[Told], record: Publishable, *, is_private: bool) -> Told:
    """The record's content as ``model`` has it."""
    return model.model_validate(record.content() if is_private else record.public_content())


def content_sent(record: type[Publishable], sent: BaseModel) -> dict[str, Any]:
    """The fields that were sent, as services take them. Raises Invalid for tags that the taxonomy does not have."""
    written = sent.model_dump(mode="json", exclude_unset=True)
    faults = {
        field.name: UNKNOWN_TAG
        for field in record.fields
        if field.name in written and field.kind in _KNOWN and not _are_known(field.kind, written[field.name])
    }
    if faults:
        raise Invalid(faults)
    return values_of(record.fields, written)


UNKNOWN_TAG = N_("The taxonomy has no such tag.")
_KNOWN = frozenset({ValueKind.DOMAINS, ValueKind.TAGS})


def _are_known(kind: ValueKind, slugs: list[str]) -> bool:
    tree = taxonomy()
    return all(
        slug in tree and (tree.get(slug).kind == TagKind.DOMAIN) == (kind is ValueKind.DOMAINS) for slug in slugs
    )
