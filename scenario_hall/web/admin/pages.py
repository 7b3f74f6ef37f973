"""Administration: accounts, taxonomy, targets, the log."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import col, select
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from scenario_hall.core.clock import local_today, local_year, now
from scenario_hall.core.errors import NotFound
from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.table import ALL, KINDS
from scenario_hall.organizations import accounts
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.second_factor import accounts_with_second_factor, reset_second_factor
from scenario_hall.organizations.sessions import end_all
from scenario_hall.outcomes.plan.workdays import PLACES, calendars, calendars_that_end
from scenario_hall.privacy.words import may_erase
from scenario_hall.recovery.schedule import is_late, last_good, last_run
from scenario_hall.taxonomy import service as taxonomy_service
from scenario_hall.taxonomy.models import TagRecord, Target
from scenario_hall.taxonomy.taxonomy import TagKind
from scenario_hall.web.kit.addresses import page_number, whole_argument
from scenario_hall.web.kit.forms import HallForm, WordsField, attempt
from scenario_hall.web.kit.language import current_locale, named
from scenario_hall.web.kit.request import actor, administrator_required, database, settings, taxonomy
from scenario_hall.web.kit.step_up import step_up

pages = Blueprint("admin", __name__, url_prefix="/admin")
PAGE_SIZE = 50


class TagForm(HallForm):
    slug = StringField(_l("URL name (slug)"), [DataRequired(), Length(max=60)])
    kind = SelectField(_l("Kind"))
    zh_hans = StringField(_l("Simplified Chinese"), [DataRequired(), Length(max=80)])
    zh_hant = StringField(_l("Traditional Chinese"), [DataRequired(), Length(max=80)])
    en = StringField(_l("English"), [DataRequired(), Length(max=120)])
    synonyms = WordsField(_l("Synonyms, all languages"), description=_l("Separated by commas"))
    parent = SelectField(_l("Parent tag"))
    is_retired = BooleanField(_l("Retired: kept where it is used, no longer offered"))

    def choose(self) -> TagForm:
        self.kind.choices = [(kind.value, named(kind.value)) for kind in TagKind]
        self.parent.choices = [("", "—"), *((tag.slug, tag.name(current_locale())) for tag in taxonomy().tags)]
        return self


class TargetForm(HallForm):
    outcomes = IntegerField(_l("Approved first trials and first uses"), [DataRequired()])


@pages.get("/")
@administrator_required
def show() -> ResponseReturnValue:
    year = local_year(now())
    target = taxonomy_service.target_of(database(), year)
    return _home(TargetForm(obj=target), target, year)


def _home(form: TargetForm, target: Target, year: int) -> str:
    ending = frozenset(calendars_that_end(local_today()))
    return render_template(
        "admin/show.html",
        target=target,
        form=form,
        year=year,
        calendars=calendars(),
        places=PLACES,
        ending=ending,
        backups=settings().backup_dir is not None,
        good_backup=last_good(database()),
        last_backup=last_run(database()),
        is_backup_late=is_late(database(), settings()),
    )


@pages.post("/target")
@administrator_required
def set_target() -> ResponseReturnValue:
    form = TargetForm()
    year = local_year(now())
    if form.validate_on_submit():
        taxonomy_service.set_target(
            actor(), session=database(), year=year, outcomes=form.outcomes.data, version=form.shown_version() or 0
        )
        flash(_("The target of %(year)s is set.", year=year), "success")
        return redirect(url_for("admin.show"))
    return _home(form, taxonomy_service.target_of(database(), year), year)


@pages.get("/accounts")
@administrator_required
def people() -> ResponseReturnValue:
    wanted, page = request.args.get("q", "").strip(), page_number()
    query = select(Account).order_by(col(Account.id))
    if wanted:
        query = query.where(
            col(Account.email).contains(wanted.lower(), autoescape=True)
            | col(Account.name).contains(wanted, autoescape=True)
        )
    rows = list(database().exec(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)))
    return render_template(
        "admin/accounts.html",
        rows=rows[:PAGE_SIZE],
        wanted=wanted,
        page=page,
        more=len(rows) > PAGE_SIZE,
        protected=accounts_with_second_factor(database(), [row.pk for row in rows]),
    )


@pages.post("/accounts/<int:account_id>/<action>")
@administrator_required
@step_up("promote", "demote", "reset-second-factor")
def change_account(account_id: int, action: str) -> ResponseReturnValue:
    person = database().get(Account, account_id)
    if person is None or action not in ("promote", "demote", "close", "reopen", "log-out", "reset-second-factor"):
        raise NotFound()
    if action == "log-out":
        end_all(actor(), session=database(), account=person)
    elif action == "reset-second-factor":
        reset_second_factor(actor(), session=database(), account=person)
    elif action in ("promote", "demote"):
        accounts.set_administrator(actor(), session=database(), account=person, is_administrator=action == "promote")
    else:
        accounts.set_active(
            actor(),
            session=database(),
            account=person,
            is_active=action == "reopen",
            reason=request.form.get("reason", ""),
        )
    flash(_("Saved."), "success")
    return redirect(url_for("admin.people"))


@pages.get("/taxonomy")
@administrator_required
def tags() -> ResponseReturnValue:
    rows = list(database().exec(select(TagRecord).order_by(col(TagRecord.kind), col(TagRecord.slug))))
    return render_template("admin/taxonomy.html", rows=rows, proposals=taxonomy_service.open_proposals(database()))


@pages.route("/taxonomy/new", methods=["GET", "POST"])
@pages.route("/taxonomy/<slug>", methods=["GET", "POST"])
@administrator_required
def tag(slug: str = "") -> ResponseReturnValue:
    record = database().get(TagRecord, slug) if slug else None
    if slug and record is None:
        raise NotFound()
    form = TagForm(obj=record, zh_hans=None if record else request.args.get("words")).choose()

    def save() -> TagRecord:
        return taxonomy_service.save_tag(
            actor(),
            session=database(),
            slug=form.slug.data if record is None else slug,
            kind=TagKind(form.kind.data),
            zh_hans=form.zh_hans.data,
            zh_hant=form.zh_hant.data,
            en=form.en.data,
            synonyms=form.synonyms.data,
            parent=form.parent.data or None,
            is_retired=form.is_retired.data,
            version=form.shown_version() if record else None,
        )

    if form.validate_on_submit() and attempt(form, save) is not None:
        flash(_("Saved."), "success")
        return redirect(url_for("admin.tags"))
    return render_template("admin/tag.html", form=form, record=record)


@pages.post("/taxonomy/proposals/<int:proposal_id>")
@administrator_required
def decide(proposal_id: int) -> ResponseReturnValue:
    form = HallForm()
    decided_as = request.form.get("decided_as", "")
    done = attempt(
        form,
        lambda: taxonomy_service.decide_proposal(
            actor(), session=database(), proposal_id=proposal_id, decided_as=decided_as
        ),
    )
    flash(_("Saved.") if done else "; ".join(form.form_errors), "success" if done else "danger")
    return redirect(url_for("admin.tags"))


@pages.get("/log")
@administrator_required
def log() -> ResponseReturnValue:
    """The log, newest first, by person and by object; pages go back from an id, whatever comes meanwhile."""
    person, subject = request.args.get("person", "").strip(), request.args.get("object", "").strip()
    query = select(Event).order_by(col(Event.id).desc()).limit(PAGE_SIZE + 1)
    if person:
        ids = select(Account.id).where(
            col(Account.email).contains(person.lower(), autoescape=True)
            | col(Account.name).contains(person, autoescape=True)
        )
        query = query.where(col(Event.actor_id).in_(ids))
    if subject:
        query = query.where(col(Event.subject_code) == subject)
    if kind := request.args.get("kind", "").strip():
        query = query.where(col(Event.kind if kind in KINDS else Event.subject_kind) == kind)
    if before := whole_argument("before"):
        query = query.where(col(Event.id) < before)
    rows = list(database().exec(query))
    ids_shown = {row.actor_id for row in rows if row.actor_id}
    names = {row.id: row.name for row in database().exec(select(Account).where(col(Account.id).in_(ids_shown)))}
    return render_template(
        "admin/log.html",
        rows=rows[:PAGE_SIZE],
        more=len(rows) > PAGE_SIZE,
        names=names,
        person=person,
        subject=subject,
        kind=kind,
        kinds=ALL,
        may_erase=may_erase,
    )
