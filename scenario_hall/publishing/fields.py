"""Declarations of what authors write. One declaration a field: its column, form, page, comparison, search and list
columns all follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel
from sqlalchemy import JSON, BigInteger
from sqlmodel import Field, SQLModel

from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.values import MAX_TEXT, Currency


class ValueKind(StrEnum):
    """What kind of value a field holds, and with that how it is stored, asked for, checked and shown."""

    LINE = "line"  # text on one line
    TEXT = "text"  # text of any length up to MAX_TEXT
    EMAIL = "email"
    PHONE = "phone"
    SUM = "sum"  # whole units of the record's currency, None: not stated
    CURRENCY = "currency"
    LEVEL = "level"  # one of the declaration's choices, None: not stated
    MOMENT = "moment"  # None: not stated
    REGION = "region"  # GB/T 2260 code
    REGIONS = "regions"  # GB/T 2260 codes
    DOMAINS = "domains"  # tag slugs
    TAGS = "tags"  # tag slugs
    WORDS = "words"  # free words
    LINES = "lines"  # JSON values of the declaration's line type


# What stands on one line or in one paragraph and needs no reader of its own.
PLAIN = frozenset({ValueKind.LINE, ValueKind.TEXT})
_LISTS = frozenset({ValueKind.REGIONS, ValueKind.DOMAINS, ValueKind.TAGS, ValueKind.WORDS, ValueKind.LINES})
_LENGTHS = {
    ValueKind.LINE: 200,
    ValueKind.EMAIL: 254,
    ValueKind.PHONE: 60,
    ValueKind.CURRENCY: 3,
    ValueKind.REGION: 6,
}


class Place(StrEnum):
    """Where the public page shows a field."""

    PROSE = "prose"  # a heading with its text, in the panel that the declaration names
    ROW = "row"  # a row of the panel that the declaration names
    FACT = "fact"  # a row of the facts beside the text
    COMBINED = "combined"  # the template shows it together with others, e.g. a budget of two sums and a currency


@dataclass(frozen=True, kw_only=True)
class ContentField:
    """One declared field. Labels, questions, help and messages are message ids."""

    name: str = ""  # filled in by ``fields_of``
    kind: ValueKind
    label: str  # what pages, comparisons and notes call it
    section: str  # the step of the wizard or section of the form that asks for it
    question: str = ""  # what the form asks, where it is not the label
    help: str = ""
    place: Place = Place.COMBINED
    panel: str = ""  # of PROSE and ROW
    empty: str | None = None  # shown where there is no value; None: nothing is shown
    is_required: bool = False  # even a draft needs it
    is_substance: bool = False  # once released, it changes only after review
    is_private: bool = False  # for the owner and administrators only: in no revision, list or search
    is_searched: bool = False
    is_ahead: bool = False  # a moment that still has to come when it is written
    is_noted: bool = False  # reviewers may return the record with a note on it
    missing: str = ""  # what to say when a submission lacks it; empty: it is optional
    length: int | None = None
    lower: str = ""  # of the upper end of a range: the field with its lower end
    line: type[BaseModel] | None = None  # of LINES
    choices: Mapping[int, str] | None = None  # of LEVEL: value → name
    malformed: str = ""  # of LINES and LEVEL: what to say of a value that is none
    headers: str = ""  # what lists call its column, after the column's own name; separated by commas
    column: str = ""  # its column in lists, where it is not called like the field
    is_listed: bool = True  # has a column of its own in lists
    exported_in: str = ""  # the column that it is exported in, where it is not its own

    @property
    def asked(self) -> str:
        """The question that a form puts."""
        return self.question or self.label

    @property
    def list_column(self) -> str:
        """Its own column in imported lists; empty when it has none."""
        if self.is_private or not self.is_listed:
            return ""
        return self.column or self.name

    @property
    def export_column(self) -> str:
        """The column in which it is exported; empty when it is not."""
        return self.exported_in or self.list_column

    @property
    def list_headers(self) -> tuple[str, ...]:
        """Every header under which an imported list may have it."""
        return (self.list_column, *(header.strip() for header in self.headers.split(",") if header.strip()))

    @property
    def may_share_columns(self) -> bool:
        """Whether several columns of one list may hold it; their cells are put together."""
        return self.kind is ValueKind.TEXT or self.kind in _LISTS - {ValueKind.REGIONS}


def declared(kind: ValueKind, label: str, section: str, **more: Any) -> Any:
    """A column of a content model, with its declaration (the other attributes of ContentField by name)."""
    length = more.pop("length", None) or _LENGTHS.get(kind, MAX_TEXT)
    declaration = ContentField(kind=kind, label=label, section=section, length=length, **more)
    column = _column_of(declaration)
    column.metadata.append(declaration)
    return column


def _column_of(declaration: ContentField) -> Any:
    match declaration.kind:
        case ValueKind.SUM:
            return Field(default=None, sa_type=BigInteger)
        case ValueKind.LEVEL:
            return Field(default=None)
        case ValueKind.MOMENT:
            return Field(default=None, sa_type=UtcDateTime)
        case ValueKind.TEXT:
            return Field(default="")
        case ValueKind.CURRENCY:
            return Field(default=Currency.CNY, max_length=declaration.length)
        case kind if kind in _LISTS:
            return Field(default_factory=list, sa_type=JSON)
        case _:
            return Field(default="", max_length=declaration.length)


@cache
def fields_of(content: type[SQLModel]) -> tuple[ContentField, ...]:
    """The declared fields of a content model, in its order."""
    return tuple(
        replace(each, name=name)
        for name, column in content.model_fields.items()
        for each in column.metadata
        if isinstance(each, ContentField)
    )


@dataclass(frozen=True)
class Section:
    """A step of a wizard or a section of a form."""

    name: str
    label: str
