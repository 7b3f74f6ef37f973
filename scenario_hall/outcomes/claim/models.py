"""What a claim keeps beside its record: advice, objections, dated rules, the comparison with other products."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Relationship, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.texts import N_
from scenario_hall.outcomes.models import Outcome

DECLARATION_NAMES: dict[str, str] = {
    "earlier_sales": N_("Earlier sales, uses or trials"),
    "equity_link": N_("Links between the two sides"),
    "why_first": N_("Why it is the first"),
}
CLAIM_DECLARATIONS = tuple(DECLARATION_NAMES)


class AdviceKind(StrEnum):
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


ADVICE_NAMES: dict[str, str] = {
    AdviceKind.APPROVE: N_("Advised approval"),
    AdviceKind.RETURN: N_("Advised returning it"),
    AdviceKind.REJECT: N_("Advised rejection"),
}


class Advice(SQLModel, table=True):
    """What one reviewer says in one round of review; nobody sees another's before giving their own."""

    __tablename__ = "advice"

    outcome_id: int = Field(primary_key=True, foreign_key="outcome.id")
    round: int = Field(primary_key=True)
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    advice: str = Field(max_length=10)
    marks: dict[str, int] = Field(default_factory=dict, sa_type=JSON)  # criterion → 0–5
    reason: str = ""
    checked: list[str] = Field(default_factory=list, sa_type=JSON)  # the kinds of evidence that they looked at
    given_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Objection(SQLModel, table=True):
    """An objection during public notice; reason and answer are public, who objected is not."""

    __tablename__ = "objection"

    id: int | None = Field(default=None, primary_key=True)
    outcome_id: int = Field(foreign_key="outcome.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    reason: str
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    answer: str = ""
    is_upheld: bool = False
    answered_by: int | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    outcome: Outcome = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})


class RuleVersion(SQLModel, table=True):
    """Rules that administrators made, dated; see ``rules.py``."""

    __tablename__ = "rule_version"

    id: int | None = Field(default=None, primary_key=True)
    version: str = Field(max_length=20, unique=True)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    account_id: int | None = None
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def subject(self) -> str:
        return "taxonomy"

    @property
    def pk(self) -> int:
        return self.id or 0

    @property
    def public_code(self) -> str:
        return self.version


class PriorArtCheck(SQLModel, table=True):
    """The products that are like that of a claim, as last compared; kept up to date while the claim is open."""

    __tablename__ = "novelty_check"

    outcome_id: int = Field(primary_key=True, foreign_key="outcome.id")
    alike: list[tuple[int, float]] = Field(default_factory=list, sa_type=JSON)  # product id, likeness; most alike first
    rules_version: str = Field(max_length=20)
    checked_at: datetime = Field(sa_type=UtcDateTime)
