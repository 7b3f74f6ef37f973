"""Where each thing to do is done."""

from __future__ import annotations

from flask import url_for

from scenario_hall.applications.models import Application
from scenario_hall.dossiers.desk_tasks import Task
from scenario_hall.organizations.models import Membership
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import PlanAmendment
from scenario_hall.products.models import Product


def page_of(task: Task) -> str:
    """The page on which the task is done, at its place."""
    match task.record:
        case Membership(organization_id=organization):
            return url_for("organizations.show", organization_id=organization)
        case FollowUp(month=month, outcome=outcome):
            return url_for("following.answer", code=outcome.code, month=month)
        case PlanAmendment(outcome=outcome):
            return url_for("outcomes.show", code=outcome.code, _anchor="amendments")
        case Outcome(code=code):
            endpoints = {"report": "outcomes.report", "claim": "claims.claim"}
            return url_for(endpoints.get(task.verb, "outcomes.show"), code=code)
        case Application(code=code):
            if task.verb == "plan":
                return url_for("plans.plan", code=code)
            return url_for("applications.show", code=code, _anchor="changed" if task.verb == "update" else None)
        case Product(code=code):
            return url_for("products.edit", code=code)
        case scenario:
            if task.verb == "decide":
                return url_for("scenarios.show", code=scenario.code, _anchor="applications")
            return url_for("scenarios.reading", code=scenario.code)
