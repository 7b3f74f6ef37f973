"""What the pages share on which scenarios and products are written: for whom, saving, edits that meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.errors import Denied, StaleEdit, WrongState
from scenario_hall.core.texts import N_
from scenario_hall.organizations.members import organizations_of
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing.amending import amended_values, proposed_revisions, waiting_revision
from scenario_hall.publishing.discarding import discard_draft, may_discard
from scenario_hall.publishing.lifecycle import RETURNED
from scenario_hall.publishing.models import ProposedRevision, Publishable
from scenario_hall.publishing.revisions import FieldChange, changes
from scenario_hall.taxonomy.service import propose_tags
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.presenters import shown_changes
from scenario_hall.web.kit.request import actor, database, settings
from scenario_hall.web.kit.uploads import store_uploads


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


def keep_extras(form: HallForm, record: Publishable, *, files: str, role: str) -> None:
    """Keep the proposed tags and the uploads of a form, in the caller's transaction; those of an amendment that waits
    wait with it."""
    if "proposed_tags" in form:
        words = form["proposed_tags"].data or ()
        propose_tags(database(), words=words, subject_kind=record.subject, subject_code=record.code)
    if files in form:
        waiting = waiting_revision(database(), record)
        kept_with: Publishable | ProposedRevision = waiting if waiting is not None else record
        store_uploads(form[files], kind=kept_with.subject, subject_id=kept_with.pk, role=role)


def amended_so_far(record: Publishable) -> tuple[ProposedRevision | None, dict[str, Any]]:
    """What an amendment begins with: the change that waits, or the returned one where the address asks for it
    (``?from=returned``), and the record's values with it."""
    proposed = waiting_revision(database(), record)
    if proposed is None and request.args.get("from") == RETURNED:
        proposed = next((each for each in proposed_revisions(database(), record)[:1] if each.state == RETURNED), None)
    return proposed, amended_values(record, proposed)


def delete_page(record: Publishable) -> ResponseReturnValue:
    """Asks once more, then deletes the draft. Raises WrongState for what is none."""
    back, form = url_for(f"{record.subject}s.show", code=record.code), HallForm()
    if form.validate_on_submit():
        version = form.shown_version()
        discard_draft(actor(), session=database(), store=settings().files, record=record, version=version)
        flash(_("The draft was deleted."), "success")
        return redirect(url_for("desk.show"))
    if not may_discard(actor(), record):
        raise WrongState(N_("Only a draft that was never public can be deleted."))
    return render_template("components/delete.html", record=record, back=back)


def say_amended(record: Publishable, number: int) -> None:
    """What has become of an amendment; ``number``: the revision that was public before."""
    if record.revision > number:
        flash(_("Published as revision %(number)s; everyone can compare it.", number=record.revision), "success")
    elif waiting_revision(database(), record) is not None:
        flash(_("Sent for review. Until an administrator accepts the change, the page stays as it is."), "success")
    else:
        flash(_("Saved."), "success")


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
        stored = amended_values(record, waiting_revision(database(), record))
        return False, shown_changes(changes(record.fields, stored, typed))
