"""A form counts once: each has a number of its own, and what was sent with it a second time is answered with what
became of the first (``log/sent_forms.py``)."""

from __future__ import annotations

import secrets

from flask import Flask, Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from scenario_hall.core.canonical import fingerprint
from scenario_hall.log.chain import Event
from scenario_hall.log.sent_forms import Sending, SentBefore, SentForm, begin_sending, find_sent, note_result
from scenario_hall.web.kit.request import database

FIELD = "once"


def form_tokens() -> Markup:
    """The hidden fields of every form that is posted: against forgery, and the form's own number."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">{}').format(generate_csrf(), once_field())


def once_field() -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, secrets.token_urlsafe(12))


def count_forms_once(app: Flask) -> None:
    """After the protection against forgery: only a form with its token is looked for."""
    app.jinja_env.globals["form_tokens"] = form_tokens

    @app.before_request
    def look_for_the_first() -> ResponseReturnValue | None:
        if request.method != "POST" or not request.form.get(FIELD):
            return None
        g.sending = Sending(_key(), secrets.token_hex(8))
        sent = find_sent(database(), g.sending.key)
        if sent is not None:
            return lead_to_the_first(sent)
        begin_sending(database(), g.sending)
        return None

    @app.after_request
    def keep_result(response: Response) -> Response:
        if "sending" in g and response.status_code in (302, 303):
            note_result(database(), g.sending, response.location or "")
        return response

    @app.errorhandler(SentBefore)
    def sent_before(error: SentBefore) -> ResponseReturnValue:
        sent = (error.form.location, error.form.event_id)
        database().rollback()
        return _lead(*sent)


def lead_to_the_first(sent: SentForm) -> ResponseReturnValue:
    """To where the first sending led."""
    return _lead(sent.location, sent.event_id)


def _lead(location: str, event_id: int | None) -> ResponseReturnValue:
    flash(_("This form had been sent already; it counts once. This is what became of it."), "info")
    if not location:  # the first is still being answered, or showed a page of its own
        event = database().get(Event, event_id) if event_id is not None else None
        location = _page_of(event) if event is not None else url_for("desk.show")
    return redirect(location, code=303)


def _page_of(event: Event) -> str:
    """The page of what the event is about, where that has one by its code."""
    endpoint = f"{event.subject_kind}s.show"
    if event.subject_kind in ("scenario", "product", "application", "outcome"):
        return url_for(endpoint, code=event.subject_code)
    return url_for("desk.show")


def _key() -> str:
    """The same for the same form with the same content. A form that was changed and sent again is another."""
    fields = [[name, value] for name, value in request.form.items(multi=True)]
    files = [[name, file.filename or "", _size(file.stream)] for name, file in request.files.items(multi=True)]
    return fingerprint([request.full_path, fields, files])


def _size(stream: object) -> int:
    seek, tell = stream.seek, stream.tell  # type: ignore[attr-defined]
    seek(0, 2)
    size: int = tell()
    seek(0)
    return size
