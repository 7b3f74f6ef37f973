"""The names for people of every value that an outcome record can hold, by group."""

from __future__ import annotations

from collections.abc import Mapping

from scenario_hall.outcomes.adoption.adoption import FIGURE_NAMES
from scenario_hall.outcomes.adoption.models import AMOUNT_NAMES, CONTRACT_NAMES
from scenario_hall.outcomes.claim.evidence import CHECK_NAMES
from scenario_hall.outcomes.claim.models import ADVICE_NAMES, DECLARATION_NAMES
from scenario_hall.outcomes.claim.prior_art import PRIOR_ART_NAMES
from scenario_hall.outcomes.claim.rules import FACT_NAMES, SCOPE_NAMES
from scenario_hall.outcomes.models import CAUSE_NAMES, OUTCOME_NAMES, PLATFORM_ROLE_NAMES
from scenario_hall.outcomes.plan.metrics import METRIC_VERDICT_NAMES
from scenario_hall.outcomes.plan.milestones import MILESTONE_NAMES
from scenario_hall.outcomes.plan.models import PARTY_NAMES, PLAN_TERM_NAMES

# Group → the names of its values. What has no group is found by the value alone.
OUTCOME_GROUPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("", METRIC_VERDICT_NAMES),
    ("", OUTCOME_NAMES),
    ("", PARTY_NAMES),
    ("advice", ADVICE_NAMES),
    ("amount", AMOUNT_NAMES),
    ("cause", CAUSE_NAMES),
    ("check", CHECK_NAMES),
    ("conflict", PRIOR_ART_NAMES),
    ("contract", CONTRACT_NAMES),
    ("declared", DECLARATION_NAMES),
    ("fact", FACT_NAMES),
    ("figure", FIGURE_NAMES),
    ("milestone", MILESTONE_NAMES),
    ("platform", PLATFORM_ROLE_NAMES),
    ("scope", SCOPE_NAMES),
    ("term", PLAN_TERM_NAMES),
)
