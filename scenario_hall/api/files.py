"""Files of records: brought as bytes, listed with their record, fetched, taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO

from pydantic import Field

from scenario_hall.api import applications, organizations, outcomes
from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.products import PRODUCTS
from scenario_hall.api.scenarios import SCENARIOS
from scenario_hall.api.values import FileOfRecord, Query, Told
from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import Denied, NotFound, WrongState
from scenario_hall.core.files import StoredFile, keep_file, take_in
from scenario_hall.core.lines import require_lines
from scenario_hall.core.policy import can, require
from scenario_hall.core.texts import N_
from scenario_hall.log.files import remove_file
from scenario_hall.organizations.tokens import Scope
from scenario_hall.web.kit.files import subject_of
from scenario_hall.web.kit.request import settings


class UploadQuery(Query):
    """What the file is called, and what it is for."""

    name: str = Field(min_length=1, max_length=200, description="With its ending, e.g. report.pdf.")
    role: str = Field(
        min_length=1,
        max_length=30,
        pattern=r"^[a-z_]+(\.[a-z_]+)?$",
        description="attachment, picture, application, evidence, evidence.KIND (such as evidence.trial_report), "
        "registration_document.",
    )


@dataclass(frozen=True)
class Bytes:
    """A file to be sent."""

    file: StoredFile
    opened: Callable[[], BinaryIO]


class Removed(Told):
    """A file that is no more."""

    id: int
    is_deleted: bool = True


def _take(call: Call) -> Any:
    require_lines(names={"name": call.query.name})
    return take_in(BytesIO(call.body), call.query.name)


def _keep(call: Call) -> FileOfRecord:
    """Kept as long as nobody relies on the record's files of this role yet."""
    record, wanted = call.record, call.query.role
    role = next((each for each in record.file_roles if each.covers(wanted)), None)
    if role is None:
        raise NotFound(N_("Records of this kind have no files of the role “%(role)s”."), role=wanted)
    require(call.actor, role.action, record)
    if record.state not in role.removed_in:
        raise WrongState(N_("This can no longer be done: the record is now “%(state)s”."), state=record.state)
    kept = keep_file(
        call.session,
        settings().files,
        call.prepared,
        subject_kind=record.subject,
        subject_id=record.pk,
        role=wanted,
        uploaded_by=call.actor.account_id,
    )
    return FileOfRecord.model_validate(kept)


def _fetch(call: Call) -> Bytes:
    number = whole_number(call.path["id"], 1)
    file = call.session.get(StoredFile, number) if number is not None else None
    if file is None or not can(call.actor, "view_files", subject_of(call.session, file)):
        raise NotFound()
    return Bytes(file, partial(settings().files.open, file.sha256))


def _remove(call: Call) -> Removed:
    number = whole_number(call.path["file"], 1)
    file = call.session.get(StoredFile, number) if number is not None else None
    if file is None or (file.subject_kind, file.subject_id) != (call.record.subject, call.record.pk):
        raise NotFound()
    if call.actor.account_id is None:
        raise Denied()
    remove_file(call.actor, session=call.session, store=settings().files, record=call.record, file=file)
    return Removed(id=number or 0)


_KINDS = (
    ("scenarios", "code", "scenario", SCENARIOS.load, Scope.WRITE),
    ("products", "code", "product", PRODUCTS.load, Scope.WRITE),
    ("applications", "code", "application", applications.load, Scope.APPLY),
    ("outcomes", "code", "outcome", outcomes.load, Scope.TRIALS),
    ("organizations", "id", "organization", organizations.load, Scope.WRITE),
)
_OF_RECORDS = [
    operation
    for subject, key, name, load, scope in _KINDS
    for operation in (
        Operation(
            name=f"add_{name}_file",
            method="POST",
            path=f"/{subject}/{{{key}}}/files",
            subject=subject,
            summary=N_("Bring a file of it: the bytes as they are, up to 10 MB"),
            query=UploadQuery,
            is_raw=True,
            answer=FileOfRecord,
            status=201,
            scopes=(scope,),
            load=load,
            prepare=_take,
            run=_keep,
        ),
        Operation(
            name=f"remove_{name}_file",
            method="DELETE",
            path=f"/{subject}/{{{key}}}/files/{{file}}",
            subject=subject,
            summary=N_("Take a file away, while nobody relies on it yet"),
            answer=Removed,
            scopes=(scope,),
            load=load,
            run=_remove,
        ),
    )
]
OPERATIONS = [
    Operation(
        name="get_file",
        method="GET",
        path="/files/{id}",
        subject="hall",
        summary=N_("A file's bytes, to whoever may see its record's files"),
        answer=FileOfRecord,
        gives_raw=True,
        run=_fetch,
    ),
    *_OF_RECORDS,
]
