"""How the reader wants to be told: a table of kinds and ways, quiet hours; letters stopped by one click."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TimeField
from wtforms.validators import Optional

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.core.texts import N_
from scenario_hall.notices.choices import choices_of, choose, quiet_hours, set_quiet_hours, stop_letters_of
from scenario_hall.notices.kinds import CHANNEL_NAMES, KINDS, KINDS_BY_NAME, NoticeKind
from scenario_hall.notices.tokens import STOP_NOTICES, read_token
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.request import account, database, login_required, settings

pages = Blueprint("notice_choices", __name__, url_prefix="/notices")


class QuietForm(HallForm):
    quiet_begins = TimeField(_l("Quiet from"), [Optional()])
    quiet_ends = TimeField(
        _l("Quiet until"),
        [Optional()],
        description=_l("Hong Kong time. Letters wait until then, except those about your account. Empty: at any time."),
    )


def _form() -> HallForm:
    """The form with a field for each kind; what may not be chosen is no choice of it."""
    hours = quiet_hours(database(), account().pk)
    fields = {
        kind.name: RadioField(
            _(kind.title),
            choices=[(channel, _(title)) for channel, title in CHANNEL_NAMES.items() if channel in kind.allowed],
        )
        for kind in KINDS
    }
    form: HallForm = type("ChoicesForm", (QuietForm,), fields)(
        data={
            **choices_of(database(), account().pk),
            "quiet_begins": hours[0] if hours else None,
            "quiet_ends": hours[1] if hours else None,
        }
    )
    return form


@pages.route("/choices", methods=["GET", "POST"])
@login_required
def edit() -> ResponseReturnValue:
    form = _form()
    if form.validate_on_submit() and attempt(form, lambda: _save(form)) is not None:
        flash(_("Saved."), "success")
        return redirect(url_for("notice_choices.edit"))
    return render_template("desk/notice_choices.html", form=form, kinds=KINDS, channels=CHANNEL_NAMES)


def _save(form: HallForm) -> bool:
    begins, ends = form["quiet_begins"].data, form["quiet_ends"].data
    if (begins is None) != (ends is None):
        raise Invalid({"quiet_ends" if ends is None else "quiet_begins": N_("Give both, or none.")})
    with transaction(database()):
        choose(database(), account().pk, {kind.name: form[kind.name].data for kind in KINDS})
        set_quiet_hours(database(), account().pk, None if begins is None else (begins, ends))
    return True


@pages.get("/stop/<token>")
def ask_to_stop(token: str) -> ResponseReturnValue:
    """Only asks: programs that look at links in letters stop nothing (RFC 8058, section 1)."""
    _account_id, kind = _read(token)
    return render_template("desk/stop_notices.html", token=token, kind=kind, is_done=False)


@pages.post("/stop/<token>")
def stop(token: str) -> ResponseReturnValue:
    """The mail program's one click, or the button of the page; signed, so nobody need log in."""
    account_id, kind = _read(token)
    stop_letters_of(database(), account_id, kind.name)
    return render_template("desk/stop_notices.html", token=token, kind=kind, is_done=True)


def _read(token: str) -> tuple[int, NoticeKind]:
    """The account and the kind of a letter's link. Raises NotFound."""
    account_id, name = read_token(settings().secret_key, STOP_NOTICES, token)
    if str(name) not in KINDS_BY_NAME:
        raise NotFound()
    return int(account_id), KINDS_BY_NAME[str(name)]
