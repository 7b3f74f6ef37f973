"""Organisations: create, describe, join, members, verification."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import col, select
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import NotFound
from scenario_hall.core.files import files_of
from scenario_hall.core.policy import Role, can, cautions, open_transitions, require
from scenario_hall.organizations import lifecycle, members, service
from scenario_hall.organizations.facts import changed_facts, decide_facts
from scenario_hall.organizations.invitations import open_invitations
from scenario_hall.organizations.models import SIDE_NAMES, Organization, Side
from scenario_hall.organizations.registration import REGISTRATION_NAMES, RegistrationKind
from scenario_hall.outcomes.plan.platforms import change_organization
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.web.kit.addresses import page_of_this_site
from scenario_hall.web.kit.forms import HallForm, WordsField, attempt
from scenario_hall.web.kit.language import current_locale
from scenario_hall.web.kit.request import actor, database, login_required
from scenario_hall.web.kit.uploads import FilesField, store_uploads
from scenario_hall.web.review.places import after_decision, is_going_on

pages = Blueprint("organizations", __name__, url_prefix="/organizations")


class OrganizationForm(HallForm):
    name = StringField(_l("Full name"), [DataRequired()], render_kw={"maxlength": 200, "autocomplete": "organization"})
    side = SelectField(_l("Side"))
    registration_kind = SelectField(_l("Kind of registration number"))
    registration_number = StringField(_l("Registration number"), [DataRequired()], render_kw={"maxlength": 40})
    region = SelectField(_l("Region"))
    description = TextAreaField(_l("What the organisation does"))
    website = URLField(_l("Website"))
    legal_person = StringField(
        _l("Legal representative"),
        [Length(max=100)],
        description=_l("Visible only to members and administrators; checked when a first use is claimed."),
    )
    owners = WordsField(
        _l("Owners"), description=_l("Organisations and people who hold shares, separated by commas. Same visibility.")
    )
    address = StringField(_l("Registered address"), [Length(max=300)], description=_l("Same visibility."))
    tiers = WordsField(_l("Recognised tiers"), description=_l("E.g. 专精特新, 高新技术企业; separated by commas"))
    is_pilot_platform = BooleanField(_l("Is a pilot platform (hosts pilot-scale tests)"))
    pilot_capabilities = TextAreaField(_l("What the pilot platform can do"), description=_l("Only for pilot platforms"))
    pilot_capacity = IntegerField(
        _l("Trials at a time"), [Optional(), NumberRange(min=0, max=1000)], description=_l("Only for pilot platforms")
    )
    documents = FilesField(
        _l("Document that proves the registration"),
        description=_l("Business licence or certificate, PDF or picture up to 10 MB. Only administrators see it."),
    )

    def choose(self) -> OrganizationForm:
        """Fill the choices in the reader's language."""
        self.side.choices = [(key, _(label)) for key, label in SIDE_NAMES.items()]
        self.registration_kind.choices = [(key, _(label)) for key, label in REGISTRATION_NAMES.items()]
        self.region.choices = [("", "—"), *((each.code, each.name(current_locale())) for each in REGIONS)]
        return self

    def details(self) -> service.OrganizationDetails:
        return service.OrganizationDetails(
            name=self.name.data,
            side=Side(self.side.data),
            registration_kind=RegistrationKind(self.registration_kind.data),
            registration_number=self.registration_number.data,
            region=self.region.data,
            description=self.description.data or "",
            website=self.website.data or "",
            tiers=tuple(self.tiers.data or ()),
            legal_person=self.legal_person.data or "",
            address=self.address.data or "",
            owners=tuple(self.owners.data or ()),
            is_pilot_platform=self.is_pilot_platform.data,
            pilot_capabilities=self.pilot_capabilities.data or "",
            pilot_capacity=self.pilot_capacity.data or 0,
        )


def keep_documents(form: OrganizationForm, organization: Organization) -> None:
    """The uploaded proof, within the caller's transaction."""
    store_uploads(form.documents, kind="organization", subject_id=organization.pk, role="registration_document")


@pages.get("/")
@login_required
def index() -> ResponseReturnValue:
    wanted = request.args.get("q", "").strip()
    found = []
    if wanted:
        query = (
            select(Organization)
            .where(
                col(Organization.state) == lifecycle.VERIFIED,
                col(Organization.is_imported_list_owner).is_(False),
                col(Organization.name).contains(wanted, autoescape=True)
                | (col(Organization.registration_number) == wanted.upper()),
            )
            .limit(20)
        )
        found = list(database().exec(query))
    own = members.organizations_of(database(), actor().account_id or 0)
    return render_template("organizations/index.html", own=own, found=found, wanted=wanted)


@pages.route("/new", methods=["GET", "POST"])
@login_required
def create() -> ResponseReturnValue:
    form = OrganizationForm().choose()

    def make() -> Organization:
        with transaction(database()):
            made = service.create_organization(actor(), session=database(), details=form.details())
            keep_documents(form, made)
        return made

    if form.validate_on_submit():
        if not form.documents.kept:
            form.documents.errors = [_("Please attach a document that proves the registration.")]
        elif (made := attempt(form, make, {"files": "documents"})) is not None:
            flash(_("Sent for verification. Meanwhile you can draft scenarios and products."), "success")
            return redirect(url_for("organizations.show", organization_id=made.pk))
    return render_template("organizations/edit.html", form=form, organization=None)


@pages.get("/<int:organization_id>")
def show(organization_id: int) -> ResponseReturnValue:
    organization = service.get_organization(database(), organization_id)
    require(actor(), "view", organization)
    is_private = can(actor(), "view_private", organization)
    return render_template(
        "organizations/show.html",
        organization=organization,
        is_private=is_private,
        documents=files_of(database(), "organization", organization.pk) if is_private else [],
        members=members.members_of(database(), organization) if is_private else [],
        may_recognise=organization.is_pilot_platform and can(actor(), "recognise", organization),
        manages=can(actor(), "manage_members", organization),
        changed=changed_facts(database(), organization) if is_private and organization.facts_changed_at else [],
        may_check_facts=can(actor(), "check_facts", organization),
        cautions=cautions(actor(), organization),
        steps=[step for step in open_transitions(actor(), organization) if step.action != "resubmit"],
        roles=list(Role),
        invitations=open_invitations(database(), organization) if can(actor(), "draft", organization) else None,
    )


@pages.route("/<int:organization_id>/edit", methods=["GET", "POST"])
@login_required
def edit(organization_id: int) -> ResponseReturnValue:
    organization = service.get_organization(database(), organization_id)
    require(actor(), "edit", organization)
    form = OrganizationForm(obj=organization).choose()

    def save() -> Organization:
        with transaction(database()):
            change_organization(
                actor(),
                session=database(),
                organization=organization,
                version=form.shown_version(),
                details=form.details(),
            )
            keep_documents(form, organization)
            if organization.state == lifecycle.RETURNED:
                service.act_on_organization(actor(), session=database(), organization=organization, action="resubmit")
        return organization

    if form.validate_on_submit() and attempt(form, save, {"files": "documents"}) is not None:
        flash(_("Saved."), "success")
        return redirect(url_for("organizations.show", organization_id=organization.pk))
    return render_template("organizations/edit.html", form=form, organization=organization)


@pages.post("/<int:organization_id>/facts")
@login_required
def check_facts(organization_id: int) -> ResponseReturnValue:
    organization = service.get_organization(database(), organization_id)
    decision = request.form.get("decision", "")
    if decision not in ("confirm", "refuse"):
        raise NotFound()
    decide_facts(
        actor(),
        session=database(),
        organization=organization,
        version=HallForm().shown_version(),
        is_confirmed=decision == "confirm",
        reason=request.form.get("reason", ""),
    )
    flash(_("Done. Its members have been notified by e-mail."), "success")
    if is_going_on():
        return redirect(after_decision("facts"))
    return redirect(url_for("organizations.show", organization_id=organization.pk))


@pages.post("/<int:organization_id>/<action>")
@login_required
def act(organization_id: int, action: str) -> ResponseReturnValue:
    organization = service.get_organization(database(), organization_id)
    service.act_on_organization(
        actor(),
        session=database(),
        organization=organization,
        action=action,
        version=HallForm().shown_version(),
        reason=request.form.get("reason", ""),
    )
    flash(f"{organization.name}: " + _(lifecycle.DONE[action]), "success")
    if is_going_on():
        return redirect(after_decision("organizations"))
    back = page_of_this_site(request.form.get("back", ""))
    return redirect(back or url_for("organizations.show", organization_id=organization.pk))


@pages.post("/<int:organization_id>/members/join")
@login_required
def join(organization_id: int) -> ResponseReturnValue:
    organization = service.get_organization(database(), organization_id)
    members.request_membership(actor(), session=database(), organization=organization)
    flash(_("Your request was sent to the owners of “%(name)s”.", name=organization.name), "success")
    return redirect(url_for("organizations.index"))


@pages.post("/<int:organization_id>/members/<int:membership_id>")
@login_required
def change_member(organization_id: int, membership_id: int) -> ResponseReturnValue:
    organization = service.get_organization(database(), organization_id)
    role = request.form.get("role", "")
    if role in list(Role):
        members.accept_member(
            actor(), session=database(), organization=organization, membership_id=membership_id, role=Role(role)
        )
    else:
        members.remove_member(actor(), session=database(), organization=organization, membership_id=membership_id)
    flash(_("Saved."), "success")
    if can(actor(), "view", organization):
        return redirect(url_for("organizations.show", organization_id=organization.pk))
    return redirect(url_for("organizations.index"))
