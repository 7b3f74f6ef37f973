"""Use cases of an organisation: create, change, verify, return, reject, suspend."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, NotFound
from scenario_hall.core.lines import require_lines
from scenario_hall.core.policy import Actor, Role, require
from scenario_hall.core.records import load, lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.log.transitions import apply_transition
from scenario_hall.organizations import lifecycle
from scenario_hall.organizations.facts import confirm_current, keep_facts
from scenario_hall.organizations.models import DETAIL_NAMES, Membership, Organization, Side
from scenario_hall.organizations.registration import RegistrationKind, normalise_registration_number

LIST_HOLDER_NAME = "导入清单 / Imported lists"


@dataclass(frozen=True)
class OrganizationDetails:
    """The details that an organisation states about itself."""

    name: str
    side: Side
    registration_kind: RegistrationKind
    registration_number: str
    region: str = ""
    description: str = ""
    tiers: tuple[str, ...] = ()
    website: str = ""
    legal_person: str = ""
    address: str = ""
    owners: tuple[str, ...] = ()
    is_pilot_platform: bool = False
    pilot_capabilities: str = ""
    pilot_capacity: int = 0


def get_organization(session: Session, organization_id: int) -> Organization:
    return load(session, Organization, organization_id)


def create_organization(
    actor: Actor, *, session: Session, details: OrganizationDetails, external_reference: str | None = None
) -> Organization:
    """A new organisation with the actor as its owner. Raises Denied (address not confirmed), Invalid, AlreadyExists."""
    if not actor.is_confirmed:
        raise Denied(N_("Please confirm your e-mail address first: we have e-mailed you a link."))
    organization = Organization(state=lifecycle.LIFECYCLE.initial, name="", side="")
    _fill(organization, details)
    organization.external_reference = external_reference
    with transaction(session):
        _refuse_verified_twin(session, organization)
        session.add(organization)
        session.flush()
        if actor.account_id is not None and not actor.is_administrator:
            session.add(
                Membership(
                    account_id=actor.account_id, organization_id=organization.pk, role=Role.OWNER, is_active=True
                )
            )
        keep_facts(session, actor, organization)
        record_event(session, actor, organization, "organization.registered", {"name": organization.name}, party="self")
    return organization


def update_organization(
    actor: Actor, *, session: Session, organization: Organization, version: int | None, details: OrganizationDetails
) -> Organization:
    """Change the organisation's details. A verified one keeps its name and number, which were checked; other facts on
    which rules rest are verified anew (``facts.py``). The log says which fields changed, not what they say."""
    with transaction(session):
        lock(session, organization, version)
        require(actor, "edit", organization)
        before = organization.model_dump()
        checked = (organization.name, organization.registration_kind, organization.registration_number)
        _fill(organization, details)
        if organization.state in (lifecycle.VERIFIED, lifecycle.SUSPENDED):
            organization.name, organization.registration_kind, organization.registration_number = checked
        _refuse_verified_twin(session, organization)
        keep_facts(session, actor, organization)
        changed = [name for name in DETAIL_NAMES if getattr(organization, name) != before[name]]
        facts = {"name": organization.name, "fields": changed}
        record_event(session, actor, organization, "organization.changed", facts)
    return organization


def check_details(session: Session, *, organization: Organization | None, details: OrganizationDetails) -> str:
    """Raise what stands against ``details`` of a new organisation (None) or of this one, changing nothing; returns
    the registration number as it would be kept."""
    trial = Organization(
        id=organization.id if organization else None, state=lifecycle.LIFECYCLE.initial, name="", side=""
    )
    _fill(trial, details)
    if organization is not None and organization.state in (lifecycle.VERIFIED, lifecycle.SUSPENDED):
        trial.registration_kind, trial.registration_number = (
            organization.registration_kind,
            organization.registration_number,
        )
    _refuse_verified_twin(session, trial)
    return trial.registration_number


def act_on_organization(
    actor: Actor,
    *,
    session: Session,
    organization: Organization,
    action: str,
    version: int | None = None,
    reason: str = "",
) -> Organization:
    """Apply one transition (verify, return, reject, resubmit, suspend, reinstate)."""
    try:
        with transaction(session):
            lock(session, organization, version)
            apply_transition(session, actor, organization, action, reason=reason, data={"name": organization.name})
            organization.state_reason = reason.strip()
            if action == "verify":
                confirm_current(session, actor, organization)
    except IntegrityError:
        raise AlreadyExists(
            N_("Another verified organisation holds this registration number. Compare the two before you decide.")
        ) from None
    return organization


def imported_list_owner(session: Session, *, side: Side) -> Organization:
    """The organisation that keeps imported rows without one, made and verified when first needed."""
    found = find_list_owner(session, side=side)
    if found is not None:
        return found
    organization = new_list_owner(side)
    with transaction(session):
        session.add(organization)
        session.flush()
        record_event(session, None, organization, "organization.registered", {"name": organization.name})
    return organization


def find_list_owner(session: Session, *, side: Side) -> Organization | None:
    """The organisation that keeps imported rows of this side, if it was needed before."""
    reference = new_list_owner(side).external_reference
    return session.exec(select(Organization).where(col(Organization.external_reference) == reference)).first()


def new_list_owner(side: Side) -> Organization:
    """The organisation that keeps imported rows of this side, not written yet."""
    return Organization(
        state=lifecycle.VERIFIED,
        name=LIST_HOLDER_NAME,
        side=side,
        is_imported_list_owner=True,
        external_reference=f"hall:imported-lists:{side}",
    )


def find_organization(session: Session, name_or_id: str) -> Organization:
    """By id, external reference or exact name. Raises NotFound or AlreadyExists (several of that name)."""
    query = select(Organization).where(
        (col(Organization.name) == name_or_id) | (col(Organization.external_reference) == name_or_id)
    )
    if name_or_id.isdigit():
        query = select(Organization).where(col(Organization.id) == int(name_or_id))
    found = session.exec(query).all()
    if not found:
        raise NotFound(N_("There is no organisation “%(name)s”."), name=name_or_id)
    if len(found) > 1:
        raise AlreadyExists(
            N_("Several organisations are called “%(name)s”; enter the number instead."), name=name_or_id
        )
    return found[0]


def require_verified(organization: Organization) -> None:
    """Raise Denied unless the organisation is verified."""
    if organization.state != lifecycle.VERIFIED:
        raise Denied(
            N_("“%(name)s” is not verified yet. You can continue drafting; you can submit once it is verified."),
            name=organization.name,
        )


def _fill(organization: Organization, details: OrganizationDetails) -> None:
    name = details.name.strip()
    if not name or len(name) > 200:
        raise Invalid({"name": N_("Please enter the organisation's full name (up to 200 characters).")})
    require_lines(
        names={"name": name, "legal_person": details.legal_person, "owners": details.owners},
        lines={
            "registration_number": details.registration_number,
            "website": details.website,
            "address": details.address,
            "tiers": details.tiers,
        },
    )
    organization.name = name
    organization.side = details.side
    organization.registration_kind = details.registration_kind
    organization.registration_number = normalise_registration_number(
        details.registration_kind, details.registration_number
    )
    organization.region = details.region
    organization.description = details.description.strip()
    organization.tiers = list(details.tiers)
    organization.website = _website(details.website)
    organization.legal_person = details.legal_person.strip()[:100]
    organization.address = details.address.strip()[:300]
    organization.owners = list(dict.fromkeys(name.strip() for name in details.owners if name.strip()))
    if details.is_pilot_platform and (not details.pilot_capabilities.strip() or details.pilot_capacity < 1):
        raise Invalid(
            {
                "pilot_capabilities": N_(
                    "Describe what the pilot platform can do, and how many trials it can host at a time."
                )
            }
        )
    organization.is_pilot_platform = details.is_pilot_platform
    organization.is_pilot_recognised = organization.is_pilot_recognised and details.is_pilot_platform
    organization.pilot_capabilities = details.pilot_capabilities.strip()
    organization.pilot_capacity = details.pilot_capacity


def _website(text: str) -> str:
    """The whole address; a bare name such as “nanhu.example.com” gets its https://."""
    address = text.strip()
    host = address.partition("/")[0]
    if "://" not in address and "." in host.strip(".") and not any(sign in host for sign in " :@，。"):
        address = f"https://{address}"
    if address and not address.startswith(("https://", "http://")):
        raise Invalid({"website": N_("Please enter the full address, beginning with https://.")})
    return address[:300]


def _refuse_verified_twin(session: Session, organization: Organization) -> None:
    twin = session.exec(
        select(Organization.name).where(
            col(Organization.registration_kind) == organization.registration_kind,
            col(Organization.registration_number) == organization.registration_number,
            col(Organization.state).in_((lifecycle.VERIFIED, lifecycle.SUSPENDED)),
            col(Organization.id) != organization.id if organization.id else col(Organization.id).is_not(None),
        )
    ).first()
    if twin is not None:
        raise Invalid(
            {"registration_number": N_("“%(name)s” is already verified with this number. You can ask to join it.")},
            name=twin,
        )
