"""Renders every error as one page."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Sequence
from typing import cast

from flask import Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import BadHost, HTTPException

from scenario_hall.core.errors import HallError, Invalid, NotFound
from scenario_hall.core.texts import N_
from scenario_hall.web.kit.kept import keep_writing
from scenario_hall.web.kit.refusals import tell_refusal, tell_refusals
from scenario_hall.web.kit.request import database

logger = logging.getLogger(__name__)

HTTP_TEXTS = {
    400: N_("The request was not complete."),
    404: NotFound().message,
    405: N_("This page does not accept that kind of request."),
    413: N_("That is too large: a file may be up to 10 MB."),
}


# How errors are told under a prefix of addresses that belong to no page: status and what was raised.
Face = Callable[[int, HTTPException | None], ResponseReturnValue]
# The disk is full, or its quota is, or it can only be read.
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
STORAGE_RETRY_SECONDS = 30


def render_errors(app: Flask) -> None:
    """Register one handler for each kind of error; all answer with the same page, and are told in the log."""
    tell_refusals(app)

    @app.errorhandler(HallError)
    def hall_error(error: HallError) -> ResponseReturnValue:
        if "session" in g:
            g.session.rollback()
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
        faults = [_(text) % error.values if error.values else _(text) for text in _faults_of(error)]
        tell_refusal(error.status)
        return page(error.status, error.title, error.message, error.values, headers, faults)

    @app.errorhandler(CSRFError)
    def csrf_error(error: CSRFError) -> ResponseReturnValue:
        following = keep_writing(database())
        if g.get("keep"):
            if current_user.is_authenticated:
                return redirect(following, code=303)
            flash(_("Your session had ended. Please log in: what you had written is kept and comes back."), "info")
            return redirect(url_for("account.login", next=following), code=303)
        tell_refusal(400)
        message = N_("The form was open for too long, or cookies are off. Please go back, reload and send it again.")
        return page(400, N_("Please send the form again"), message, {}, {})

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if (face := other_face()) is not None:
            return face(status, error)
        if status < 400 or isinstance(error, BadHost):  # without a host no address of a page can be built
            return error.get_response()
        tell_refusal(status)
        return page(status, NotFound.title if status == 404 else HallError.title, HTTP_TEXTS.get(status, ""), {}, {})

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeoutError)
    @app.errorhandler(OSError)
    def storage(error: OperationalError | PoolTimeoutError | OSError) -> ResponseReturnValue:
        if isinstance(error, OSError) and error.errno not in DISK:
            return unexpected(error)
        return unavailable()

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        logger.exception("request %s: %s %s failed", g.get("request_id"), request.method, request.path)
        if "session" in g:
            g.session.rollback()
        message = N_("Something went wrong on our side. Nothing was lost; please try again.")
        return page(500, N_("Something went wrong on our side"), message, {}, {})


def tell_errors_by(app: Flask, prefix: str, face: Face) -> None:
    """Let ``face`` tell what goes wrong at addresses with ``prefix``, also where no route takes them."""
    app.extensions["hall_error_face"] = (prefix, face)


def other_face() -> Face | None:
    """How this request's errors are told, if not as a page."""
    prefix, face = current_app.extensions.get("hall_error_face", ("", None))
    return cast("Face", face) if face is not None and request.path.startswith(prefix) else None


def _faults_of(error: HallError) -> list[str]:
    """What is wrong with single fields, each once."""
    return list(dict.fromkeys(error.fields.values())) if isinstance(error, Invalid) else []


def page(
    status: int,
    title: str,
    message: str,
    values: dict[str, object],
    headers: dict[str, str],
    faults: Sequence[str] = (),
) -> ResponseReturnValue:
    if (face := other_face()) is not None:
        return face(status, None)
    number = g.get("request_id", "-")
    try:
        drawn = render_template(
            "error.html", status=status, title=title, message=message, values=values, faults=faults, number=number
        )
    except OperationalError:  # whoever it is cannot be looked up
        return unavailable()
    return drawn, status, headers


def unavailable() -> ResponseReturnValue:
    """The page for an error of the storage that is being handled: drawn without it, with what was typed."""
    logger.exception("request %s: %s %s: the storage fails", g.get("request_id"), request.method, request.path)
    if "session" in g:
        g.session.invalidate()
    if (face := other_face()) is not None:
        return face(503, None)
    g.is_without_data = True  # whoever it is, the page is drawn for nobody
    drawn = render_template("unavailable.html", number=g.get("request_id", "-"))
    return drawn, 503, {"Retry-After": str(STORAGE_RETRY_SECONDS)}
