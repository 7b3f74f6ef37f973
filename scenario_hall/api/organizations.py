"""Organisations: who is verified, and what administrators decide."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.api.acts import Act, acts_of
from scenario_hall.api.declaring import Call, Listing, Operation
from scenario_hall.api.values import Asked, ListQuery, RecordQuery, Text, Told
from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import can, open_transitions, require
from scenario_hall.core.texts import N_
from scenario_hall.organizations.facts import decide_facts
from scenario_hall.organizations.lifecycle import LIFECYCLE, VERIFIED
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.organizations.pilot_platforms import recognise_platform
from scenario_hall.organizations.service import act_on_organization, get_organization
from scenario_hall.organizations.tokens import Scope
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.web.kit.language import current_locale, named

SUBJECT = "organizations"


class OrganizationTold(Told):
    """An organisation as its reader may see it."""

    id: int
    link: str
    version: int
    name: str
    side: Side
    state: str
    state_name: str
    region: str
    region_name: str
    description: str
    website: str
    tiers: list[str]
    is_pilot_platform: bool
    reason: str = Field(description="Of the last decision; private.")
    actions: list[str]


class OrganizationsQuery(ListQuery):
    """Which of them."""

    name: str | None = Field(default=None, max_length=200, description="Whose name has this in it.")
    state: str | None = Field(default=None, max_length=20, description="In this state alone.")


def load(call: Call) -> Organization:
    """Raises NotFound."""
    number = whole_number(call.path["id"], 1)
    if number is None:
        raise NotFound()
    found = get_organization(call.session, number)
    require(call.actor, "view", found)
    return found


def _actions(call: Call, organization: Organization) -> list[str]:
    """What the caller may do now."""
    beside = {
        "edit": can(call.actor, "edit", organization),
        "check_facts": organization.facts_changed_at is not None and can(call.actor, "check_facts", organization),
        "recognise": organization.is_pilot_platform and can(call.actor, "recognise", organization),
    }
    transitions = [row.action for row in open_transitions(call.actor, organization)]
    return [*transitions, *(name for name, may in beside.items() if may)]


def tell(call: Call, organization: Organization) -> OrganizationTold:
    return OrganizationTold(
        id=organization.pk,
        link=f"/api/v1/{SUBJECT}/{organization.pk}",
        version=organization.version,
        name=organization.name,
        side=Side(organization.side),
        state=organization.state,
        state_name=named(organization.state, "state"),
        region=organization.region,
        region_name=region_name(organization.region, current_locale()) if organization.region else "",
        description=organization.description,
        website=organization.website,
        tiers=organization.tiers,
        is_pilot_platform=organization.is_pilot_platform and organization.is_pilot_recognised,
        reason=organization.state_reason if can(call.actor, "view_private", organization) else "",
        actions=_actions(call, organization),
    )


def _rows(call: Call) -> SelectOfScalar[Organization]:
    query = select(Organization)
    if not call.actor.is_administrator:
        is_own = col(Organization.id).in_(call.actor.spoken_for)
        query = query.where(or_(col(Organization.state) == VERIFIED, is_own))
    if call.query.name is not None:
        query = query.where(col(Organization.name).contains(call.query.name, autoescape=True))
    if call.query.state is not None:
        query = query.where(col(Organization.state) == call.query.state)
    return query


def _decide(action: str, *, has_reason: bool) -> Act:
    return Act(
        lambda call: act_on_organization(
            call.actor,
            session=call.session,
            organization=call.record,
            action=action,
            version=call.version,
            reason=call.body.reason if has_reason else "",
        )
    )


class FactsDecision(Asked):
    """On the details that changed and are to be verified anew; a refusal says why."""

    is_confirmed: bool
    reason: Text = ""


class Recognition(Asked):
    """Whether it is recognised as a pilot platform."""

    is_recognised: bool


ACTS = {row.action: _decide(row.action, has_reason=row.needs_reason) for row in LIFECYCLE.transitions} | {
    "check_facts": Act(
        lambda call: decide_facts(
            call.actor,
            session=call.session,
            organization=call.record,
            version=call.version,
            is_confirmed=call.body.is_confirmed,
            reason=call.body.reason,
        ),
        FactsDecision,
        N_("Confirm the details that changed, or refuse them"),
        (Scope.REVIEW,),
        {"is_confirmed": True},
    ),
    "recognise": Act(
        lambda call: recognise_platform(
            call.actor, session=call.session, organization=call.record, is_recognised=call.body.is_recognised
        ),
        Recognition,
        N_("Recognise it as a pilot platform, or take that back"),
        (Scope.REVIEW,),
        {"is_recognised": True},
    ),
}
_COMMON: dict[str, Any] = {"subject": SUBJECT, "answer": OrganizationTold}
OPERATIONS = [
    Operation(
        name="list_organizations",
        method="GET",
        path=f"/{SUBJECT}",
        summary=N_("Verified organisations, and one's own"),
        query=OrganizationsQuery,
        listing=Listing(_rows, Organization.id, lambda call, row: can(call.actor, "view", row), tell, OrganizationTold),
        **_COMMON,
    ),
    Operation(
        name="get_organization",
        method="GET",
        path=f"/{SUBJECT}/{{id}}",
        summary=N_("One organisation"),
        query=RecordQuery,
        load=load,
        run=lambda call: tell(call, call.record),
        **_COMMON,
    ),
    *acts_of(
        LIFECYCLE,
        ACTS,
        address=f"/{SUBJECT}/{{id}}",
        subject=SUBJECT,
        name="organization",
        scope=Scope.WRITE,
        load=load,
        tell=tell,
        told=OrganizationTold,
    ),
]
