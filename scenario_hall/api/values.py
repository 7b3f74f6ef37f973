"""The types of what programs send and get: strict, closed, with the bounds that services hold."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from scenario_hall.core.values import MAX_TEXT

Text = Annotated[str, StringConstraints(max_length=MAX_TEXT)]
WrittenText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT, pattern=r"\S")]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
FIRST_YEAR, LAST_YEAR = 1990, 2100
D = TypeVar("D", bound=date)


def _within(value: D) -> D:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"the year must lie from {FIRST_YEAR} to {LAST_YEAR}")
    return value


Moment = Annotated[AwareDatetime, AfterValidator(_within)]
Day = Annotated[date, AfterValidator(_within)]
MOST_ITEMS, USUAL_ITEMS = 100, 20


class Asked(BaseModel):
    """What is sent: nothing that no field is called, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, use_enum_values=False)


class Told(BaseModel):
    """What is answered."""

    model_config = ConfigDict(from_attributes=True)


class Language(StrEnum):
    """The languages of texts that the hall itself writes."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    EN = "en"
    PT = "pt"


class Query(Asked):
    """What every address may say."""

    lang: Language | None = Field(default=None, description="The language of names and messages.")


class RecordQuery(Query):
    """Of one record."""

    fields: str | None = Field(
        default=None,
        max_length=400,
        pattern=r"^[a-z_]+(,[a-z_]+)*$",
        description="Only these of its members, with commas between.",
    )


class ListQuery(RecordQuery):
    """Of a list: where it goes on, and how much at a time."""

    cursor: str | None = Field(
        default=None, max_length=200, description="`next` of the page before; it belongs to the same list and order."
    )
    limit: int = Field(default=USUAL_ITEMS, ge=1, le=MOST_ITEMS, description="At most so many; JSON lines have all.")
    order: Literal["newest", "oldest"] = Field(default="newest", description="By when each was written first.")


class Ref(Told):
    """Another record, by its code or number and its name."""

    code: str
    title: str


class OrganizationRef(Told):
    """An organisation by its number and name."""

    id: int
    name: str


class Reason(Asked):
    """Why; the other side reads it."""

    reason: WrittenText


class FileOfRecord(Told):
    """A file, without its bytes."""

    id: int
    role: str
    name: str
    content_type: str
    size: int
    sha256: str
    created_at: datetime


def closed(model: type[BaseModel]) -> type[BaseModel]:
    """A value type of the services as it is taken from programs: it has no other members."""
    more: dict[str, Any] = {
        "model_config": ConfigDict(extra="forbid", strict=True),
        "__module__": __name__,
        "__doc__": model.__doc__,
    }
    return type(f"{model.__name__}Line", (model,), more)
