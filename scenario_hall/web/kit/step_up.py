"""Acts of weight ask once more who is there, unless that was shown within the last ten minutes.

A route says so with ``@step_up``. Whoever is asked sends password, code or a passkey's answer together with what they
had sent before, so that nothing is typed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Response, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import PasswordField
from wtforms.validators import DataRequired

from scenario_hall.organizations.accounts import check_present_password
from scenario_hall.organizations.passkeys import Purpose
from scenario_hall.organizations.second_factor import check_code, has_second_factor, second_factor_of
from scenario_hall.organizations.sessions import LoginSession, prove
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.log_ins import renew_log_in
from scenario_hall.web.kit.passkeys import ANSWER, check_answer, may_answer
from scenario_hall.web.kit.request import account, database, settings

P = ParamSpec("P")
R = TypeVar("R")
PROOF, CODE = "current", "code"  # names of the fields, which no form of such a route has


class ProofForm(HallForm):
    current = PasswordField(_l("Your password"), [DataRequired()], render_kw={"autocomplete": "current-password"})


class CodeForm(HallForm):
    code = PasswordField(
        _l("Code of your second factor"),
        [DataRequired()],
        description=_l("Six digits from your authenticator app, or a recovery code."),
        render_kw={"autocomplete": "one-time-code"},
    )


def step_up(*actions: str) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Ask again before the view runs for a POST; with ``actions`` only where the route's ``action`` is one of them."""

    def declare(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            is_meant = not actions or kwargs.get("action") in actions
            if request.method == "POST" and is_meant and (asked := _ask_again()) is not None:
                return asked
            return view(*args, **kwargs)

        guarded.steps_up = actions or ("",)  # type: ignore[attr-defined]  # what tests walk
        return cast("Callable[P, R | Response]", guarded)

    return declare


def _ask_again() -> Response | None:
    """The page that asks; None when it need not, or was answered."""
    person, session_id = account(), current_user.session_id
    if database().get_one(LoginSession, session_id).is_fresh:
        return None
    has_factor = has_second_factor(database(), person.pk)
    form: HallForm = CodeForm() if has_factor else ProofForm()
    if has_factor and ANSWER in request.form:
        is_shown = attempt(form, lambda: check_answer(person, Purpose.PROVE))
    else:
        is_asked = (CODE if has_factor else PROOF) in request.form and form.validate_on_submit()
        is_shown = attempt(form, _check) if is_asked else None
    if is_shown:
        prove(database(), session_id)
        renew_log_in()
        return None
    if not {CODE, PROOF, ANSWER} & set(request.form):
        form = CodeForm(formdata=None) if has_factor else ProofForm(formdata=None)
    page = render_template(
        "account/prove.html",
        form=form,
        carried=_carried({CODE, PROOF, ANSWER, "csrf_token"}),
        has_app=second_factor_of(database(), person.pk) is not None,
        may_answer=may_answer(person),
    )
    return make_response(page, 403)


def _check() -> bool:
    person = account()
    if CODE in request.form:
        check_code(
            database(),
            person,
            settings().secret_key,
            code=request.form[CODE],
            address=request.remote_addr or "-",
        )
    else:
        check_present_password(database(), person, password=request.form[PROOF], session_id=current_user.session_id)
    return True


def _carried(without: Collection[str]) -> list[tuple[str, str]]:
    """What was sent, but for the fields of the question itself."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in without]
