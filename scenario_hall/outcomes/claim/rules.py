"""What a first is here. No law defines 首试首用, so the hall states its own rules, as dated data: code, pages and
administrators read and edit the same."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_today
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.language.names import localised
from scenario_hall.log.chain import record_event
from scenario_hall.outcomes.claim.models import RuleVersion
from scenario_hall.outcomes.models import OutcomeKind

_FILE = Path(__file__).parent / "data" / "rules.json"


class Scope(StrEnum):
    """Within what it is the first, the narrowest first."""

    CITY = "city"
    BAY_AREA = "bay_area"
    PROVINCE = "province"
    COUNTRY = "country"
    WORLD = "world"


SCOPE_NAMES: dict[str, str] = {
    Scope.CITY: N_("City"),
    Scope.BAY_AREA: N_("Greater Bay Area"),
    Scope.PROVINCE: N_("Province"),
    Scope.COUNTRY: N_("Country"),
    Scope.WORLD: N_("World"),
}


class Named(BaseModel):
    """A word of the rules in the hall's languages."""

    model_config = ConfigDict(frozen=True)

    key: str = Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$")
    zh_hans: str = Field(min_length=1, max_length=120)
    zh_hant: str = Field(min_length=1, max_length=120)
    en: str = Field(min_length=1, max_length=120)
    pt: str = Field(default="", max_length=120)  # versions from before there was Portuguese have none

    def name(self, locale: str) -> str:
        return localised(self, locale)


class Fact(StrEnum):
    """What is stated of a piece of evidence beside its file, so that the hall can hold one against another."""

    DATED = "dated"
    AMOUNT = "amount"
    PAYER = "payer"
    PAYEE = "payee"
    NUMBER = "number"
    VALID_UNTIL = "valid_until"


FACT_NAMES: dict[str, str] = {
    Fact.DATED: N_("Date"),
    Fact.AMOUNT: N_("Amount and currency"),
    Fact.PAYER: N_("Payer"),
    Fact.PAYEE: N_("Payee"),
    Fact.NUMBER: N_("Number"),
    Fact.VALID_UNTIL: N_("Valid until"),
}


class EvidenceKind(Named):
    """A kind of evidence, and what has to be stated of it."""

    facts: tuple[Fact, ...] = ()


class EvidenceRule(BaseModel):
    """What has to be there for a kind in some scopes, and, where domains are named, for products of one of these;
    several rows may apply, and then all do."""

    model_config = ConfigDict(frozen=True)

    kind: OutcomeKind
    scopes: tuple[Scope, ...]
    domains: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    optional: tuple[str, ...] = ()


class Rules(BaseModel):
    """One dated version of the rules."""

    model_config = ConfigDict(frozen=True)

    version: str = Field(min_length=1, max_length=20)
    valid_from: date
    covers: dict[Scope, tuple[Scope, ...]]
    reviewers: int = Field(ge=2, le=5)
    notice_working_days: int = Field(ge=1, le=60)
    correction_working_days: int = Field(ge=1, le=120)
    rubric: tuple[Named, ...] = Field(min_length=1)
    kinds_of_evidence: tuple[EvidenceKind, ...]
    # How old a novelty search may be on the day of the claim.
    novelty_days: int = Field(default=365, ge=1)
    evidence: tuple[EvidenceRule, ...]

    @model_validator(mode="after")
    def _hold_together(self) -> Rules:
        known = {each.key for each in self.kinds_of_evidence}
        used = {
            key
            for row in self.evidence
            for key in (*row.required, *row.optional, *(key for group in row.one_of for key in group))
        }
        if used - known:
            raise ValueError(f"evidence that no list names: {', '.join(sorted(used - known))}")
        if set(self.covers) != set(Scope):
            raise ValueError("every scope has to say which ones it covers")
        return self

    def covering(self, scope: Scope) -> tuple[Scope, ...]:
        """The scope and the wider ones that cover it."""
        return (scope, *(wider for wider, narrower in self.covers.items() if scope in narrower))

    def matrix(
        self, kind: OutcomeKind, scope: Scope, present: Collection[str], domains: Collection[str] = ()
    ) -> EvidenceMatrix:
        """What a claim needs, has, and lacks, for a product of these domains."""
        rows = [
            row
            for row in self.evidence
            if row.kind == kind and scope in row.scopes and (not row.domains or set(row.domains) & set(domains))
        ]
        required = tuple(dict.fromkeys(key for row in rows for key in row.required))
        groups = tuple(dict.fromkeys(group for row in rows for group in row.one_of))
        optional = tuple(dict.fromkeys(key for row in rows for key in row.optional if key not in required))
        missing: list[tuple[str, ...]] = [(key,) for key in required if key not in present]
        missing += [group for group in groups if not set(group) & set(present)]
        return EvidenceMatrix(required=required, one_of=groups, optional=optional, missing=tuple(missing))

    def facts_of(self, key: str) -> tuple[Fact, ...]:
        return next((each.facts for each in self.kinds_of_evidence if each.key == key), ())

    def evidence_name(self, key: str, locale: str) -> str:
        return next((each.name(locale) for each in self.kinds_of_evidence if each.key == key), key)


class EvidenceMatrix(BaseModel):
    """``missing``: groups of which at least one has to be added."""

    model_config = ConfigDict(frozen=True)

    required: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...]
    missing: tuple[tuple[str, ...], ...]


@cache
def shipped_rules() -> tuple[Rules, ...]:
    return tuple(Rules.model_validate(row) for row in json.loads(_FILE.read_text(encoding="utf-8")))


def all_rules(session: Session) -> Sequence[Rules]:
    """Every version, the oldest first; of two with one date the one that administrators made later counts."""
    stored = session.exec(select(RuleVersion).order_by(col(RuleVersion.id)))
    versions = [*shipped_rules(), *(Rules.model_validate(row.content) for row in stored)]
    return sorted(versions, key=lambda rules: rules.valid_from)


def rules_on(session: Session, day: date) -> Rules:
    """The rules in force that day; before the first, the first."""
    versions = all_rules(session)
    in_force = [rules for rules in versions if rules.valid_from <= day]
    return in_force[-1] if in_force else versions[0]


def rules_of(session: Session, version: str) -> Rules:
    """The rules of that version; the newest when it is not known."""
    versions = all_rules(session)
    return next((rules for rules in reversed(versions) if rules.version == version), versions[-1])


def read_rules(content: Any) -> Rules:
    """Rules as an administrator typed them. Raises ValueError with what is wrong."""
    return Rules.model_validate(content)


def make_rules(actor: Actor, *, session: Session, rules: Rules) -> RuleVersion:
    """A new dated version; one that was in force stays as it was. Raises Denied, Invalid."""
    if not actor.is_administrator:
        raise Denied()
    with transaction(session):
        if any(each.version == rules.version for each in all_rules(session)):
            raise Invalid({"version": N_("A version with this name already exists; choose another name.")})
        if rules.valid_from < local_today():
            raise Invalid(
                {"valid_from": N_("New rules cannot apply retroactively; they must take effect today or later.")}
            )
        made = RuleVersion(version=rules.version, content=rules.model_dump(mode="json"), account_id=actor.account_id)
        session.add(made)
        session.flush()
        record_event(
            session, actor, made, "rules.made", {"version": rules.version, "valid_from": rules.valid_from.isoformat()}
        )
    return made
