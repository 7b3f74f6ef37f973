"""What the form of a new plan offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.applications.models import Application
from scenario_hall.applications.service import get_application
from scenario_hall.core.policy import Actor, require
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.pilot_platforms import pilot_platforms
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.service import draft_metrics


@dataclass(frozen=True)
class PlanDossier:
    """An application to plan a trial or use from, the metrics that its scenario suggests, and the pilot platforms."""

    application: Application
    metrics: Sequence[PlanMetric]
    platforms: Sequence[Organization]


def plan_dossier(session: Session, actor: Actor, code: str) -> PlanDossier:
    """Raises NotFound, also for an application that the reader may not see."""
    application = get_application(session, code)
    require(actor, "view", application)
    return PlanDossier(application, draft_metrics(application), list(pilot_platforms(session)))
