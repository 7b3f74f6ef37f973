"""Every value that a page shows has a name for people, in each of the hall's languages."""

from __future__ import annotations

from enum import StrEnum

import pytest
from flask import Flask

from scenario_hall.applications.models import AnswerKind
from scenario_hall.core.policy import Role
from scenario_hall.core.values import Comparison, Necessity
from scenario_hall.matching.engine.explanation import ChangeKind
from scenario_hall.matching.models import Opinion
from scenario_hall.organizations.models import Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.outcomes.adoption.adoption import Figure
from scenario_hall.outcomes.adoption.models import AmountBand, Contract
from scenario_hall.outcomes.claim.evidence import Check
from scenario_hall.outcomes.claim.independence import LinkKind
from scenario_hall.outcomes.claim.models import AdviceKind
from scenario_hall.outcomes.claim.prior_art import PriorArtKind
from scenario_hall.outcomes.claim.rules import Fact, Scope
from scenario_hall.outcomes.lifecycle import AMENDMENT
from scenario_hall.outcomes.models import Cause, OutcomeKind, PlatformRole
from scenario_hall.outcomes.plan.metrics import MetricVerdict
from scenario_hall.outcomes.plan.milestones import milestone_rules
from scenario_hall.quantities.verdicts import Verdict
from scenario_hall.taxonomy.taxonomy import TagKind
from scenario_hall.web.kit.language import LOCALES, named
from scenario_hall.web.kit.lifecycle_names import LIFECYCLES
from scenario_hall.web.kit.names import NAMES

SHOWN: list[tuple[str, type[StrEnum]]] = [
    ("", AnswerKind),
    ("", Comparison),
    ("", MetricVerdict),
    ("", Necessity),
    ("", Opinion),
    ("", OutcomeKind),
    ("", RegistrationKind),
    ("", Role),
    ("", Side),
    ("", TagKind),
    ("", Verdict),
    ("advice", AdviceKind),
    ("amount", AmountBand),
    ("cause", Cause),
    ("change", ChangeKind),
    ("check", Check),
    ("conflict", LinkKind),
    ("conflict", PriorArtKind),
    ("contract", Contract),
    ("fact", Fact),
    ("figure", Figure),
    ("platform", PlatformRole),
    ("scope", Scope),
]
# A requirement that would have to change is shown itself, with its metric and value.
SHOWN_OTHERWISE = {("change", ChangeKind.REQUIREMENT)}
VALUES = [
    *((group, value) for group, kind in SHOWN for value in kind if (group, value) not in SHOWN_OTHERWISE),
    *(("milestone", rule.key) for rule in milestone_rules().milestones),
    *(("state", state) for each in LIFECYCLES for state in each.LIFECYCLE.states),
    *(("state", state) for state in AMENDMENT.states),
    # Only the hall itself lets a deadline pass: no button says it.
    *(("action", action) for each in LIFECYCLES for action in each.LIFECYCLE.actions if action != "expire"),
    *(("action", action) for action in AMENDMENT.actions),
]


@pytest.mark.parametrize("group,value", VALUES, ids=str)
def test_every_shown_value_has_a_name(group: str, value: str) -> None:
    assert f"{group}.{value}".removeprefix(".") in NAMES


@pytest.mark.parametrize("locale", LOCALES)
def test_no_name_is_the_value_itself_in_any_language(app: Flask, locale: str) -> None:
    with app.test_request_context("/", query_string={"lang": locale.replace("_", "-")}):
        shown = {(group, value): named(value, group) for group, value in VALUES}
    assert [key for key, name in shown.items() if "_" in name or not name.strip()] == []
    if locale.startswith("zh"):
        assert [key for key, name in shown.items() if name.isascii()] == []


def test_a_submitted_application_is_under_nobodys_review() -> None:
    """The one state that two lifecycles call differently."""
    assert NAMES["state.application.submitted"] != NAMES["state.submitted"]
