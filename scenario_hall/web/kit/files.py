"""Serves uploaded files to those who may see the record that they belong to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from scenario_hall.applications.models import Application
from scenario_hall.core.errors import NotFound
from scenario_hall.core.files import IMAGES, StoredFile, path_of
from scenario_hall.core.policy import Governed, can
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.models import Product
from scenario_hall.publishing.models import ProposedRevision
from scenario_hall.scenarios.models import Scenario
from scenario_hall.web.kit.request import actor, database, settings

pages = Blueprint("files", __name__)
SUBJECTS: dict[str, Any] = {
    "organization": Organization,
    "scenario": Scenario,
    "product": Product,
    "revision": ProposedRevision,
    "application": Application,
    "outcome": Outcome,
}


def subject_of(session: Session, file: StoredFile) -> Governed:
    """The record that the file belongs to. Raises NotFound."""
    found: Governed | None = session.get(SUBJECTS[file.subject_kind], file.subject_id)
    if found is None:
        raise NotFound()
    return found


@pages.get("/files/<int:file_id>")
def show(file_id: int) -> ResponseReturnValue:
    file = database().get(StoredFile, file_id)
    if file is None or not can(actor(), "view_files", subject_of(database(), file)):
        raise NotFound()
    response = send_file(
        path_of(settings().files, file.sha256),
        mimetype=file.content_type,
        as_attachment=file.content_type not in IMAGES,
        download_name=file.name,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
