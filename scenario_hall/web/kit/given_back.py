"""The page of a kept form shows what was written in it: after logging in again (``kept.py``), and what was typed there
and not sent (``unsent.py``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, Response, g, request
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict

from scenario_hall.core.kept_forms import KEPT_FOR, Form, drop_form, drop_unsent, find_form, find_unsent
from scenario_hall.web.kit.cookies import KEPT_FORM, cookie, give_cookie, take_cookie
from scenario_hall.web.kit.kept import Writing, parted, writing
from scenario_hall.web.kit.request import database
from scenario_hall.web.kit.unsent import secret_of


def give_back_forms(app: Flask) -> None:
    """On the page of a kept form, let every reader of the form find what was written."""

    @app.before_request
    def fill() -> None:
        if request.method != "GET" or not current_user.is_authenticated:
            return
        form = _kept_here() or _unsent_here()
        if form is None:
            return
        g.given_back = form
        if form.path == request.path:
            # The form of this address is drawn with it; nothing is validated or done, as the request is no post.
            request.form = ImmutableMultiDict(form.written)

    @app.after_request
    def set_cookie(response: Response) -> Response:
        secret = cookie(KEPT_FORM)
        if g.get("keep"):
            give_cookie(response, KEPT_FORM, g.keep, KEPT_FOR)
        elif secret and request.method == "POST" and g.get("csrf_valid") and current_user.is_authenticated:
            form = find_form(database(), secret, account_id=current_user.account_id)
            if form is None or (form.path == request.path and response.status_code < 400):
                drop_form(database(), secret)
                take_cookie(response, KEPT_FORM)
        if request.method == "POST" and _takes_unsent() and response.status_code in (302, 303) and g.get("csrf_valid"):
            drop_unsent(database(), secret_of(request.path))
        return response

    app.jinja_env.globals.update(
        given_back=given_back, shown_version=shown_version, writing=writing, unsent_since=unsent_since
    )


def _kept_here() -> Form | None:
    """The form that was sent when the session had ended, if it stands on this page."""
    secret = cookie(KEPT_FORM)
    form = find_form(database(), secret, account_id=current_user.account_id) if secret else None
    return form if form is not None and form.page.partition("?")[0] == request.path else None


def _unsent_here() -> Form | None:
    """What was typed in this page's form and not sent."""
    unsent = find_unsent(database(), secret_of(request.path)) if _takes_unsent() else None
    if unsent is None:
        return None
    g.unsent_since = unsent.at
    return unsent.form


def _takes_unsent() -> bool:
    """Whether this is a page with a form that is sent to its own address, and somebody's."""
    rule = request.url_rule
    methods = (rule.methods or set()) if rule is not None else set()
    return {"GET", "POST"} <= methods and bool(current_user.is_authenticated)


def unsent_since() -> datetime | None:
    """When what this page gives back was kept, where it was typed and not sent."""
    moment: datetime | None = g.get("unsent_since")
    return moment


def shown_version(record: Any) -> int | str:
    """The version that a form says it shows. One that is given back still says which it was written for, so that
    nothing that was saved meanwhile is overwritten."""
    form: Form | None = g.get("given_back")
    if form is not None and form.path == request.path:
        return request.form.get("version", record.version)
    return int(record.version)


def given_back() -> Writing | None:
    """What is given back on this page and has no field of its own to stand in: its form takes posts only."""
    form: Form | None = g.get("given_back")
    if form is None:
        return None
    if form.path == request.path:
        return Writing(form.path, (), ())
    return parted(form.path, form.written)
