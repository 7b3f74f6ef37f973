"""The public page of the rules: one version of them, with everything that they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.core.clock import local_today
from scenario_hall.outcomes.claim.evidence import Check
from scenario_hall.outcomes.claim.independence import EQUITY, LinkKind
from scenario_hall.outcomes.claim.rules import Rules, all_rules, rules_on
from scenario_hall.outcomes.models import OutcomeKind


@dataclass(frozen=True)
class RulesDossier:
    """The rules that are shown, all versions, the checks of evidence, and the links that exclude a first use."""

    rules: Rules
    versions: Sequence[Rules]
    kinds: Sequence[OutcomeKind]
    checks: Sequence[Check]
    equity: Sequence[LinkKind]


def rules_dossier(session: Session, version: str = "") -> RulesDossier:
    """The chosen version; the one in force where there is none of that name."""
    versions = all_rules(session)
    return RulesDossier(
        rules=next((each for each in versions if each.version == version), rules_on(session, local_today())),
        versions=list(reversed(versions)),
        kinds=list(OutcomeKind),
        checks=list(Check),
        equity=sorted(EQUITY),
    )
