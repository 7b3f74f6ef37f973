"""Fields for files. What is chosen is kept at once (``core/staged.py``), so that a form with an error shows it again as
chosen; each can be taken out of the form by a box."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import Form, ValidationError

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import Invalid
from scenario_hall.core.files import DOCUMENTS, MAX_BYTES, StoredFile
from scenario_hall.core.staged import STAGED, give_to, stage_file, staged_files, take_out
from scenario_hall.core.stores import content_of
from scenario_hall.web.kit.request import actor, database, settings


class FilesField(MultipleFileField):
    """Files of the types ``allowed``, each up to ``largest`` bytes. ``kept``: those that are chosen, in any earlier
    sending of the form or in this one."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        allowed: Set[str] = DOCUMENTS,
        largest: int = MAX_BYTES,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.allowed, self.largest = allowed, largest
        self.kept: list[StoredFile] = []
        self.faults: list[str] = []

    @property
    def waiting(self) -> list[StoredFile]:
        """Those chosen that no record has been given yet."""
        return [file for file in self.kept if file.subject_kind == STAGED]

    @property
    def role(self) -> str:
        """Of the staged uploads: uploads of one field are offered in no other."""
        return self.short_name[:30]

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        account_id = actor().account_id
        if account_id is None:
            return
        dropped = request.form.getlist(f"{self.name}-drop")
        asked = [whole_number(text) for text in request.form.getlist(f"{self.name}-kept") if text not in dropped]
        ids = {number for number in asked if number}
        for upload in self.data or ():
            if getattr(upload, "filename", ""):
                self._stage(upload, account_id, ids)
        if ids:
            self.kept = staged_files(database(), account_id, self.role, ids)

    def _stage(self, upload: Any, account_id: int, ids: set[int]) -> None:
        try:
            file = stage_file(
                database(),
                settings().files,
                stream=upload.stream,
                name=upload.filename,
                account_id=account_id,
                role=self.role,
                allowed=self.allowed,
                largest=self.largest,
                beside=ids,
            )
        except Invalid as fault:
            self.faults += [_(text) % fault.values for text in fault.fields.values()]
        else:
            ids.add(file.id or 0)

    def pre_validate(self, form: Form) -> None:
        """What could not be kept is said, and the form comes back with the rest."""
        super().pre_validate(form)
        if self.faults:
            raise ValidationError(" ".join(self.faults))


def store_uploads(field: FilesField, *, kind: str, subject_id: int, role: str) -> list[StoredFile]:
    """Give what was chosen in one field to its record, in the caller's transaction."""
    return [give_to(database(), file, subject_kind=kind, subject_id=subject_id, role=role) for file in field.kept]


def read_upload(field: FilesField) -> tuple[str, bytes]:
    """Name and content of the file chosen last; nothing where none is."""
    if not field.kept:
        return "", b""
    file = field.kept[-1]
    return file.name, content_of(settings().files, file.sha256)


def forget_uploads(field: FilesField) -> None:
    """Drop what was chosen, when it has been read."""
    for file in field.kept:
        take_out(database(), settings().files, file)
    field.kept = []
