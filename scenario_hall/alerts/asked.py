"""A search as it is saved: what its address says, with days that count from when it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from scenario_hall.core.clock import end_of_local_day, now
from scenario_hall.language.folding import visible
from scenario_hall.search.engine.index import SearchQuery
from scenario_hall.search.engine.standing import StandingQuery, standing_query
from scenario_hall.search.query import MAX_CHARACTERS, plain_words
from scenario_hall.search.synonyms import synonyms_in
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.taxonomy.taxonomy import Taxonomy

MOST_VALUES = 23
MOST_DAYS = 3650
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
SLUG = r"^[A-Za-z0-9_-]{1,60}$"
RegionCode = Literal[tuple(region.code for region in REGIONS)]  # type: ignore[valid-type]
Slugs = Annotated[list[Annotated[str, StringConstraints(pattern=SLUG)]], Field(max_length=MOST_VALUES)]


class AskedSearch(BaseModel):
    """Words and filters, by the names that they have in an address. Raises pydantic.ValidationError."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", max_length=MAX_CHARACTERS, description='Words, "phrases", -without, field:value.')
    kind: Literal["", "scenario", "product"] = Field(default="", description="Empty: both.")
    domain: Slugs = Field(default_factory=list)
    region: list[RegionCode] = Field(default_factory=list, max_length=MOST_VALUES)  # type: ignore[valid-type]
    tag: Slugs = Field(default_factory=list)
    status: Slugs = Field(default_factory=list)
    budget_min: float | None = Field(default=None, ge=0, lt=1e12, description="In yuan, about.")
    budget_max: float | None = Field(default=None, ge=0, lt=1e12, description="In yuan, about.")
    readiness: int | None = Field(default=None, ge=1, le=9, description="At least this level.")
    deadline: float | None = Field(default=None, ge=0, le=MOST_DAYS, description="Within so many days.")
    deadline_by: date | None = Field(
        default=None, ge=FIRST_DAY, le=LAST_DAY, description="Until this day in Hong Kong; `deadline` goes before."
    )
    since: float | None = Field(default=None, ge=0, le=MOST_DAYS, description="Posted within so many days.")
    closed: bool = Field(default=False, description="What no longer takes applications, too.")

    @property
    def is_everything(self) -> bool:
        """Does it ask for nothing in particular?"""
        return not self.told()

    def told(self) -> dict[str, Any]:
        """What it says, as JSON keeps it, without what is empty."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def address(self) -> dict[str, Any]:
        """The parameters of the search page that shows the same search."""
        told = self.told()
        if by := told.pop("deadline_by", None):
            told["deadline"] = by
        if told.pop("closed", False):
            told["closed"] = 1
        return {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in told.items()
        }

    def query(self) -> SearchQuery:
        """As the index takes it, at this moment."""
        moment = now()
        deadline = end_of_local_day(self.deadline_by) if self.deadline_by is not None else None
        return SearchQuery(
            text=visible(self.q),
            kind=self.kind,
            domains=tuple(self.domain),
            regions=tuple(self.region),
            states=tuple(self.status),
            tags=tuple(self.tag),
            budget_min=self.budget_min,
            budget_max=self.budget_max,
            readiness_min=self.readiness,
            deadline_before=moment + timedelta(days=self.deadline) if self.deadline is not None else deadline,
            posted_since=moment - timedelta(days=self.since) if self.since is not None else None,
            include_closed=self.closed,
        )

    def standing(self, taxonomy: Taxonomy) -> StandingQuery:
        """Compiled, with the other names that the taxonomy has for what it names."""
        names = tuple(name for each in synonyms_in(plain_words(self.q), taxonomy) for name in each.synonyms)
        asked = replace(self.query(), synonyms=names)
        return standing_query(asked, deadline_days=self.deadline, posted_days=self.since)
