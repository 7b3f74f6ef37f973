"""Bring a list, see what was understood, correct it, take its good rows, undo it."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import col, select
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length
from wtforms.widgets import FileInput

from scenario_hall.core.errors import NotFound
from scenario_hall.core.files import ANY_TYPE
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.models import ImportRun, ImportState, ImportUpload, UploadState
from scenario_hall.exchange.runs import newest_runs
from scenario_hall.exchange.undoing import may_undo, undo_run
from scenario_hall.exchange.upload_checks import check_upload
from scenario_hall.exchange.uploads import (
    AT_ONCE,
    LARGEST,
    bring_list,
    correct_list,
    get_upload,
    may_bring,
    newest_uploads,
    want_list,
)
from scenario_hall.exchange.writing import ListFormat
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import get_organization
from scenario_hall.web.kit.downloads import send_table
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.request import actor, database, login_required
from scenario_hall.web.kit.uploads import FilesField, forget_uploads, read_upload
from scenario_hall.web.lists.names import KIND_NAMES, meaning_names

pages = Blueprint("lists", __name__, url_prefix="/lists")
MOST_CORRECTED = 100  # faults with a field to correct them, on one page
LEFT = "-"  # chosen for a column that is to be left aside
BACK = (ListFormat.CSV, ListFormat.XLSX)  # forms of the bad rows: what people mend by hand


class ListForm(HallForm):
    file = FilesField(
        _l("File"),
        description=_l("XLSX, XLS, ODS, CSV or JSON lines, up to 20 MB"),
        allowed=ANY_TYPE,
        largest=LARGEST,
        widget=FileInput(),  # one at a time
    )
    kind = SelectField(_l("What it lists"))
    organization = SelectField(
        _l("Whose rows these are"), description=_l("A row that names its organisation keeps it.")
    )
    list_name = StringField(
        _l("Name of the list"),
        [Length(max=200)],
        description=_l("By it the list is known when it comes again; empty: the file's name."),
    )
    clears_empty = BooleanField(_l("Empty cells take away what is there"))
    releases = BooleanField(_l("Publish what is taken, in my name"))

    def choose(self) -> ListForm:
        """Offer what this person may bring."""
        kinds = list(ListKind) if actor().is_administrator else [ListKind.SCENARIOS, ListKind.PRODUCTS]
        self.kind.choices = [(kind, _(KIND_NAMES[kind])) for kind in kinds]
        self.organization.choices = [(str(each.pk), each.name) for each in _organizations()]
        if actor().is_administrator:
            self.organization.choices.insert(0, ("", _("The hall (an imported list)")))
        else:
            del self.releases
        return self


def _organizations() -> list[Organization]:
    query = select(Organization).where(col(Organization.is_imported_list_owner).is_(False))
    if not actor().is_administrator:
        query = query.where(col(Organization.id).in_([each for each in actor().memberships if actor().edits(each)]))
    return list(database().exec(query.order_by(col(Organization.name)).limit(1000)))


@pages.route("/", methods=["GET", "POST"])
@login_required
def index() -> ResponseReturnValue:
    """One's lists, and the form that brings another."""
    if not may_bring(actor()):
        raise NotFound()
    form = ListForm().choose()
    if form.validate_on_submit():
        upload = attempt(form, lambda: _bring(form))
        if upload is not None:
            return redirect(url_for("lists.show", upload_id=upload.pk))
    runs = newest_runs(database()) if actor().is_administrator else []
    return render_template(
        "lists/index.html",
        form=form,
        uploads=newest_uploads(actor(), session=database()),
        runs=runs,
        undoable={run.pk for run in runs if may_undo(actor(), run)},
        kinds=KIND_NAMES,
    )


def _bring(form: ListForm) -> ImportUpload:
    file_name, data = read_upload(form.file)
    organization = get_organization(database(), int(form.organization.data)) if form.organization.data else None
    upload = bring_list(
        actor(),
        session=database(),
        kind=ListKind(form.kind.data),
        file_name=file_name,
        data=data,
        organization=organization,
        list_name=form.list_name.data or "",
        clears_empty=form.clears_empty.data,
        releases=bool("releases" in form and form.releases.data),
    )
    forget_uploads(form.file)
    _check_small(upload)
    return upload


def _check_small(upload: ImportUpload) -> None:
    """A small list is checked while the person waits; the worker checks a larger one."""
    if upload.state == UploadState.WAITING and len(upload.data) <= AT_ONCE:
        check_upload(database(), upload)


@pages.get("/<int:upload_id>")
@login_required
def show(upload_id: int) -> ResponseReturnValue:
    upload = get_upload(actor(), session=database(), upload_id=upload_id)
    run = database().get(ImportRun, upload.run_id) if upload.run_id is not None else None
    return render_template(
        "lists/show.html",
        upload=upload,
        check=upload.check,
        run=run,
        may_undo=run is not None and may_undo(actor(), run),
        is_moving=upload.state in (UploadState.WAITING, UploadState.WANTED)
        or (run is not None and run.state not in (ImportState.TAKEN, ImportState.UNDONE)),
        meanings=meaning_names(ListKind(upload.kind)),
        kinds=KIND_NAMES,
        most=MOST_CORRECTED,
        left=LEFT,
    )


@pages.post("/<int:upload_id>/correct")
@login_required
def correct(upload_id: int) -> ResponseReturnValue:
    """The mapping and single cells as the person says, then the check again."""
    upload = get_upload(actor(), session=database(), upload_id=upload_id)
    columns = upload.check.get("columns", [])
    chosen = {
        column["header"]: None if said == LEFT else said
        for number, column in enumerate(columns)
        if (said := request.form.get(f"column{number}", ""))
        and (said != column["target"])
        and not (said == LEFT and not column["target"])
    }
    corrections: dict[str, dict[str, str]] = {}
    for number in range(MOST_CORRECTED):
        place, header = request.form.get(f"place{number}", ""), request.form.get(f"header{number}", "")
        text, before = request.form.get(f"cell{number}", ""), request.form.get(f"before{number}", "")
        if place and header and text != before:
            corrections.setdefault(place, {})[header] = text
    correct_list(database(), upload, chosen=chosen, corrections=corrections)
    _check_small(upload)
    return redirect(url_for("lists.show", upload_id=upload_id))


@pages.post("/<int:upload_id>/take")
@login_required
def take(upload_id: int) -> ResponseReturnValue:
    """Take the good rows."""
    upload = get_upload(actor(), session=database(), upload_id=upload_id)
    want_list(database(), upload)
    if len(upload.data) <= AT_ONCE:
        check_upload(database(), upload)
    flash(_("The good rows are being taken."), "success")
    return redirect(url_for("lists.show", upload_id=upload_id))


@pages.get("/<int:upload_id>/bad.<form>")
@login_required
def bad_rows(upload_id: int, form: str) -> ResponseReturnValue:
    """The bad rows with their faults, to be mended and brought back."""
    upload = get_upload(actor(), session=database(), upload_id=upload_id)
    if form not in BACK:
        raise NotFound()
    columns = [column["header"] for column in upload.check.get("columns", [])]
    told = _("What is wrong")
    rows = [{**row["cells"], told: "\n".join(map(_reason, row["faults"]))} for row in upload.check.get("bad_rows", [])]
    name = f"{Path(upload.file_name).stem}-{upload.pk}"
    return send_table(rows, {each: each for each in (*columns, told)}, ListFormat(form), name)


def _reason(fault: dict[str, str]) -> str:
    reason = fault["reason"]
    return _(reason, value=fault["value"][:60], other=fault.get("other", ""))


@pages.route("/runs/<int:run_id>/undo", methods=["GET", "POST"])
@login_required
def undo(run_id: int) -> ResponseReturnValue:
    """Asks once more, then begins to undo a whole import."""
    run = database().get(ImportRun, run_id)
    if run is None or not (actor().is_administrator or run.account_id == actor().account_id):
        raise NotFound()
    if not HallForm().validate_on_submit():
        return render_template("lists/undo.html", run=run, may_undo=may_undo(actor(), run))
    undo_run(actor(), session=database(), run=run)
    flash(_("The import is being undone."), "success")
    query = select(ImportUpload.id).where(
        col(ImportUpload.run_id) == run_id, col(ImportUpload.account_id) == actor().account_id
    )
    upload_id = database().exec(query).first()
    return redirect(url_for("lists.show", upload_id=upload_id) if upload_id else url_for("lists.index"))
