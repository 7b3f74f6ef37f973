"""A person's days as a calendar that their own program reads by a secret address, and single days as files."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from scenario_hall.core.errors import NotFound
from scenario_hall.dossiers.calendar import my_days, one_day
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.organizations.calendar_feeds import find_calendar, make_calendar, revoke_calendar
from scenario_hall.web.kit.calendars import MIME, calendar_file
from scenario_hall.web.kit.request import account, actor, database, login_required, settings

pages = Blueprint("calendar", __name__)


@pages.get("/calendar/<secret>.ics")
def feed(secret: str) -> ResponseReturnValue:
    """Whoever has the address reads the person's days, in the person's language, and nothing else; nobody logs in."""
    person = find_calendar(database(), secret)
    if person is None:
        raise NotFound()
    # An administrator's office opens nothing here: the address is as good as a key that lies in a telephone.
    reader = replace(actor_of(database(), person), is_administrator=False)
    with force_locale(person.locale):
        days = my_days(database(), reader)
        return _sent(calendar_file(days, key=f"days-{person.pk}", base_url=settings().base_url))


@pages.get("/calendar/<kind>/<code>.ics")
@pages.get("/calendar/<kind>/<code>/<part>.ics")
def day(kind: str, code: str, part: str = "") -> ResponseReturnValue:
    found = one_day(database(), actor(), kind, code, part)
    response = _sent(calendar_file([found], key=f"one-{found.key}", base_url=settings().base_url))
    response.headers["Content-Disposition"] = f'attachment; filename="{found.key}.ics"'
    return response


@pages.post("/account/calendar")
@login_required
def make() -> ResponseReturnValue:
    secret = make_calendar(actor(), session=database(), account=account())
    address = settings().base_url + url_for("calendar.feed", secret=secret)
    response = make_response(render_template("account/calendar.html", address=address))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.post("/account/calendar/revoke")
@login_required
def revoke() -> ResponseReturnValue:
    revoke_calendar(actor(), session=database(), account=account())
    flash(_("Revoked: the address opens nothing any more."), "success")
    return redirect(url_for("account.profile", _anchor="calendar"))


def _sent(file: bytes) -> Response:
    response = Response(file, content_type=MIME)
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    response.make_conditional(request)
    return response
