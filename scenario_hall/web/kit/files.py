"""Serves uploaded files to those who may see the record that they belong to, and takes them away again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from os import SEEK_END
from typing import Any, BinaryIO

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from scenario_hall.applications.models import Application
from scenario_hall.core.errors import Denied, NotFound
from scenario_hall.core.files import IMAGES, StoredFile, scaled_picture
from scenario_hall.core.pictures import WIDTHS
from scenario_hall.core.policy import can
from scenario_hall.core.texts import N_
from scenario_hall.log.files import WithFiles, may_remove, remove_file
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.models import Product
from scenario_hall.publishing.models import ProposedRevision
from scenario_hall.scenarios.models import Scenario
from scenario_hall.web.kit.forms import HallForm
from scenario_hall.web.kit.request import actor, database, login_required, settings

pages = Blueprint("files", __name__)
SUBJECTS: dict[str, Any] = {
    "organization": Organization,
    "scenario": Scenario,
    "product": Product,
    "revision": ProposedRevision,
    "application": Application,
    "outcome": Outcome,
}


def subject_of(session: Session, file: StoredFile) -> WithFiles:
    """The record that the file belongs to. Raises NotFound."""
    table = SUBJECTS.get(file.subject_kind)  # an upload that waits for its record has none
    found: WithFiles | None = session.get(table, file.subject_id) if table is not None else None
    if found is None:
        raise NotFound()
    return found


def file_and_record(file_id: int) -> tuple[StoredFile, WithFiles]:
    """The file, and the record that it belongs to. Raises NotFound where the actor may not see it."""
    file = database().get(StoredFile, file_id)
    if file is None:
        raise NotFound()
    record = subject_of(database(), file)
    if not can(actor(), "view_files", record):
        raise NotFound()
    return file, record


def page_of(record: WithFiles) -> str:
    """The address of the page that shows the record's files."""
    match record:
        case Organization():
            return url_for("organizations.show", organization_id=record.pk)
        case ProposedRevision():
            return url_for(f"{record.record_kind}s.show", code=record.code)
        case _:
            return url_for(f"{record.subject}s.show", code=record.public_code)


def sent(opened: Callable[[], BinaryIO], *, etag: str, **how: Any) -> Response:
    """The answer that sends what a store opens, the part of it that is asked for, or that it has not changed. ``how``:
    as for ``send_file``."""
    if request.if_none_match.contains_weak(etag):
        unchanged = Response(status=304)
        unchanged.set_etag(etag)
        return unchanged
    content = opened()
    size = content.seek(0, SEEK_END)
    content.seek(0)
    # What has no place on this disk has no size for send_file, so the conditions are looked at here.
    response = send_file(content, conditional=False, etag=etag, **how)
    response.content_length = size
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    return response


@pages.get("/files/<int:file_id>")
def show(file_id: int) -> ResponseReturnValue:
    file, _record = file_and_record(file_id)
    response = sent(
        partial(settings().files.open, file.sha256),
        mimetype=file.content_type,
        as_attachment=file.content_type not in IMAGES,
        download_name=file.name,
        etag=file.sha256,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@pages.get("/files/<int:file_id>/<int:width>")
def picture(file_id: int, width: int) -> ResponseReturnValue:
    """A picture as wide as cards and pages show it, to those who may see the file."""
    file, _record = file_and_record(file_id)
    if file.content_type not in IMAGES or width not in WIDTHS:
        raise NotFound()
    picture = partial(scaled_picture, settings().files, file.sha256, width)
    return sent(picture, mimetype="image/webp", etag=f"{file.sha256}.{width}")


@pages.route("/files/<int:file_id>/remove", methods=["GET", "POST"])
@login_required
def remove(file_id: int) -> ResponseReturnValue:
    """Asks once more, then removes the file."""
    file, record = file_and_record(file_id)
    back, form = page_of(record), HallForm()
    if form.validate_on_submit():
        remove_file(actor(), session=database(), store=settings().files, record=record, file=file)
        flash(_("The file was removed."), "success")
        return redirect(back)
    if not may_remove(actor(), record, file):
        raise Denied(N_("This file can no longer be removed, or not by you."))
    return render_template("files/remove.html", file=file, back=back, form=form)
