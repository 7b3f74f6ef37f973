"""An organisation as its people keep it: registered and described, its members, and who is invited."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, create_model

from scenario_hall.api import organizations
from scenario_hall.api.contents import RegionCode
from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.scenarios import SCENARIOS
from scenario_hall.api.values import Asked, Language, Text, Told
from scenario_hall.applications.inviting import invite_supplier
from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.core.policy import Role, require
from scenario_hall.core.texts import N_
from scenario_hall.organizations import invitations, members
from scenario_hall.organizations.models import Membership, Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.organizations.service import OrganizationDetails, create_organization
from scenario_hall.organizations.tokens import Scope
from scenario_hall.outcomes.plan.platforms import change_organization

SUBJECT = organizations.SUBJECT
Line = Annotated[str, StringConstraints(max_length=300)]
Lines = Annotated[list[Line], Field(max_length=40)]
Address = Annotated[str, StringConstraints(min_length=3, max_length=254)]
LOCALES = {each: each.value.replace("-", "_") for each in Language}
_DETAILS: dict[str, Any] = {
    "name": Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")],
    "side": Side,
    "registration_kind": RegistrationKind,
    "registration_number": Annotated[str, StringConstraints(min_length=1, max_length=40)],
    "region": RegionCode | Literal[""],
    "description": Text,
    "tiers": Lines,
    "website": Line,
    "legal_person": Annotated[str, StringConstraints(max_length=100)],
    "address": Line,
    "owners": Lines,
    "is_pilot_platform": bool,
    "pilot_capabilities": Text,
    "pilot_capacity": Annotated[int, Field(ge=0, le=1000)],
}
_NEEDED = ("name", "side", "registration_kind", "registration_number")
NewOrganization: type[Asked] = create_model(
    "NewOrganization",
    __base__=Asked,
    __doc__="What an organisation states about itself; its administrators verify it.",
    **{name: (kind, ... if name in _NEEDED else None) for name, kind in _DETAILS.items()},  # type: ignore[call-overload]
)
OrganizationChange: type[Asked] = create_model(
    "OrganizationChange",
    __base__=Asked,
    __doc__="What is not sent stays.",
    **{name: (kind | None, None) for name, kind in _DETAILS.items()},  # type: ignore[call-overload]
)


class MemberTold(Told):
    """A member, or somebody who asks to become one."""

    id: int
    name: str
    role: Role
    is_active: bool = Field(description="False: asks to join.")


class Members(Told):
    """The oldest first."""

    items: list[MemberTold]


class MemberRole(Asked):
    """What a member may do."""

    role: Role


class InvitationTold(Told):
    """An invitation that is open."""

    id: int
    email: str
    role: str
    scenario_id: int | None
    sent_at: datetime
    good_until: datetime
    is_good: bool


class Invitations(Told):
    """The newest letter first."""

    items: list[InvitationTold]


class NewInvitation(Asked):
    """Whom to write to, as what they join, and in which language."""

    email: Address
    role: Role = Role.EDITOR
    locale: Language = Language.ZH_HANS


class SupplierInvitation(Asked):
    """Whom to write to, and in which language."""

    email: Address
    locale: Language = Language.ZH_HANS


class Gone(Told):
    """What is no more."""

    id: int
    is_deleted: bool = True


def _details(sent: Asked, known: Any = None) -> OrganizationDetails:
    """What was sent over what is known."""
    given = {name: value for name, value in sent if value is not None}
    stated = {each.name: getattr(known, each.name) for each in fields(OrganizationDetails)} if known else {}
    whole = {**stated, **given}
    whole |= {name: tuple(whole[name]) for name in ("tiers", "owners") if name in whole}
    if not whole["registration_kind"]:  # of an organisation that the command line made without one
        raise Invalid({"registration_kind": N_("Say of which kind the registration number is.")})
    whole |= {"side": Side(whole["side"]), "registration_kind": RegistrationKind(whole["registration_kind"])}
    return OrganizationDetails(**whole)


def _create(call: Call) -> Told:
    made = create_organization(call.actor, session=call.session, details=_details(call.body))
    return organizations.tell(call, made)


def _change(call: Call) -> Told:
    details = _details(call.body, call.record)
    change_organization(
        call.actor, session=call.session, organization=call.record, version=call.version, details=details
    )
    return organizations.tell(call, call.record)


def _number(call: Call, name: str) -> int:
    number = whole_number(call.path[name], 1)
    if number is None:
        raise NotFound()
    return number


def _members(call: Call) -> Members:
    require(call.actor, "view_private", call.record)
    rows = members.members_of(call.session, call.record)
    return Members(items=[_member(row, account.name) for row, account in rows])


def _member(row: Membership, name: str) -> MemberTold:
    return MemberTold(id=row.id or 0, name=name, role=Role(row.role), is_active=row.is_active)


def _join(call: Call) -> MemberTold:
    row = members.request_membership(call.actor, session=call.session, organization=call.record)
    return _member(row, call.actor.name)


def _let_in(call: Call) -> Members:
    members.accept_member(
        call.actor,
        session=call.session,
        organization=call.record,
        membership_id=_number(call, "member"),
        role=call.body.role,
    )
    return _members(call)


def _remove(call: Call) -> Gone:
    number = _number(call, "member")
    members.remove_member(call.actor, session=call.session, organization=call.record, membership_id=number)
    return Gone(id=number)


def _invitations(call: Call) -> Invitations:
    require(call.actor, "draft", call.record)
    found = invitations.open_invitations(call.session, call.record)
    return Invitations(items=[InvitationTold.model_validate(each) for each in found])


def _invite(call: Call) -> InvitationTold:
    made = invitations.invite_colleague(
        call.actor,
        session=call.session,
        organization=call.record,
        email=call.body.email,
        role=call.body.role,
        locale=LOCALES[call.body.locale],
    )
    return InvitationTold.model_validate(made)


def _invite_supplier(call: Call) -> InvitationTold:
    made = invite_supplier(
        call.actor,
        session=call.session,
        scenario=call.record,
        email=call.body.email,
        locale=LOCALES[call.body.locale],
    )
    return InvitationTold.model_validate(made)


def _send_again(call: Call) -> InvitationTold:
    return InvitationTold.model_validate(_act(call, "resend"))


def _revoke(call: Call) -> Gone:
    return Gone(id=_act(call, "revoke").pk)


def _act(call: Call, action: str) -> invitations.Invitation:
    return invitations.act_on_invitation(
        call.actor,
        session=call.session,
        organization=call.record,
        invitation_id=_number(call, "invitation"),
        action=action,
    )


_ONE: dict[str, Any] = {"subject": SUBJECT, "load": organizations.load}
_MEMBERS = f"/{SUBJECT}/{{id}}/members"
_INVITATIONS = f"/{SUBJECT}/{{id}}/invitations"
_EXAMPLE = {
    "name": "湾澜港务有限公司",
    "side": "demand",
    "registration_kind": "hk_br",
    "registration_number": "12345678",
    "region": "440300",
}
_READ: dict[str, Any] = {"method": "GET", "scopes": (Scope.READ,)}
_WRITE: dict[str, Any] = {"scopes": (Scope.WRITE,)}
OPERATIONS = [
    Operation(
        name="create_organization",
        method="POST",
        path=f"/{SUBJECT}",
        subject=SUBJECT,
        summary=N_("Register an organisation, of which you become the owner"),
        answer=organizations.OrganizationTold,
        body=NewOrganization,
        status=201,
        run=_create,
        example=_EXAMPLE,
        **_WRITE,
    ),
    Operation(
        name="change_organization",
        method="PATCH",
        path=f"/{SUBJECT}/{{id}}",
        summary=N_("Change what it states about itself; what is not sent stays"),
        answer=organizations.OrganizationTold,
        body=OrganizationChange,
        is_versioned=True,
        run=_change,
        example={"description": "…"},
        **_WRITE,
        **_ONE,
    ),
    Operation(
        name="list_members",
        path=_MEMBERS,
        summary=N_("Its members, and who asks to join"),
        answer=Members,
        run=_members,
        **_READ,
        **_ONE,
    ),
    Operation(
        name="join_organization",
        method="POST",
        path=_MEMBERS,
        summary=N_("Ask to join it"),
        answer=MemberTold,
        status=201,
        run=_join,
        **_WRITE,
        **_ONE,
    ),
    Operation(
        name="set_member",
        method="PUT",
        path=f"{_MEMBERS}/{{member}}",
        summary=N_("Let somebody in, or change what a member may do"),
        answer=Members,
        body=MemberRole,
        run=_let_in,
        example={"role": "editor"},
        **_WRITE,
        **_ONE,
    ),
    Operation(
        name="remove_member",
        method="DELETE",
        path=f"{_MEMBERS}/{{member}}",
        summary=N_("Remove a member, refuse who asks, or leave"),
        answer=Gone,
        run=_remove,
        **_WRITE,
        **_ONE,
    ),
    Operation(
        name="list_invitations",
        path=_INVITATIONS,
        summary=N_("Its open invitations"),
        answer=Invitations,
        run=_invitations,
        **_READ,
        **_ONE,
    ),
    Operation(
        name="invite_colleague",
        method="POST",
        path=_INVITATIONS,
        summary=N_("Invite a colleague by e-mail"),
        answer=InvitationTold,
        body=NewInvitation,
        status=201,
        run=_invite,
        example={"email": "colleague@port.example", "role": "editor"},
        **_WRITE,
        **_ONE,
    ),
    Operation(
        name="resend_invitation",
        method="POST",
        path=f"{_INVITATIONS}/{{invitation}}/resend",
        summary=N_("Send an invitation again"),
        answer=InvitationTold,
        run=_send_again,
        **_WRITE,
        **_ONE,
    ),
    Operation(
        name="revoke_invitation",
        method="DELETE",
        path=f"{_INVITATIONS}/{{invitation}}",
        summary=N_("Revoke an invitation"),
        answer=Gone,
        run=_revoke,
        **_WRITE,
        **_ONE,
    ),
    Operation(
        name="invite_supplier",
        method="POST",
        path="/scenarios/{code}/invitations",
        subject="scenarios",
        summary=N_("Invite a supplier by e-mail, who sees what everybody sees"),
        answer=InvitationTold,
        body=SupplierInvitation,
        status=201,
        load=SCENARIOS.load,
        run=_invite_supplier,
        example={"email": "sales@maker.example"},
        **_WRITE,
    ),
]
