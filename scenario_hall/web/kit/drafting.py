"""What the pages share on which scenarios and products are written: for whom, saving, edits that meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request

from scenario_hall.core.errors import Denied, StaleEdit
from scenario_hall.organizations.members import organizations_of
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing.models import Publishable
from scenario_hall.publishing.revisions import FieldChange, changes
from scenario_hall.taxonomy.service import propose_tags
from scenario_hall.web.kit.content_fields import store_uploads
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.presenters import shown_changes
from scenario_hall.web.kit.request import actor, database


def own_organizations(is_fit: Callable[[Organization], bool]) -> list[Organization]:
    """The fit organisations that the actor edits."""
    found = organizations_of(database(), actor().account_id or 0)
    return [each for _membership, each in found if actor().edits(each.pk) and is_fit(each)]


def choices_of(organizations: list[Organization]) -> list[tuple[int, str]]:
    return [(each.pk, each.name) for each in organizations]


def chosen_organization(organizations: list[Organization]) -> Organization:
    """The one that the form names, or the first. Raises Denied."""
    asked = request.form.get("organization") or str(organizations[0].pk)
    for each in organizations:
        if str(each.pk) == asked:
            return each
    raise Denied()


def keep_extras(form: HallForm, record: Publishable, *, files: str, role: str, allowed: set[str] | None = None) -> None:
    """Keep the proposed tags and the uploads of a form, in the caller's transaction."""
    if "proposed_tags" in form:
        words = form["proposed_tags"].data or ()
        propose_tags(database(), words=words, subject_kind=record.subject, subject_code=record.code)
    if files in form:
        store_uploads(form[files], kind=record.subject, subject_id=record.pk, role=role, allowed=allowed)


def save(
    form: HallForm,
    use_case: Callable[[], object],
    *,
    record: Publishable,
    typed: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
) -> tuple[bool, list[FieldChange]]:
    """Whether it was saved; where somebody else saved meanwhile, what is stored now beside what was typed."""
    try:
        return attempt(form, use_case, names) is not None, []
    except StaleEdit:
        database().rollback()
        stored = {name: getattr(record, name) for name in typed}
        return False, shown_changes(changes(record.fields, stored, typed))
