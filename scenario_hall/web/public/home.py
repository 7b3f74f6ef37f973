"""The hall itself: what happens, how far the year is, where, and what closes soon."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scenario_hall.core.clock import now
from scenario_hall.dossiers.hall import hall_dossier
from scenario_hall.log.chain import last_id
from scenario_hall.web.kit.language import current_locale
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import database, index
from scenario_hall.web.public import feed as feed_lines

pages = Blueprint("hall", __name__)
FEED_LINES = 14


def stamp() -> str:
    """What the anonymous page depends on: the log's position, the language, the colours, and, since it says “3 hours
    ago”, the minute."""
    colours = request.cookies.get("theme", "")
    return f"{last_id(database())}-{current_locale()}-{colours}-{int(now().timestamp() // 60)}"


@pages.get("/")
def show() -> ResponseReturnValue:
    tag = stamp()
    if not current_user.is_authenticated and request.if_none_match.contains_weak(tag):
        return Response(status=304)
    dossier = hall_dossier(database(), index())
    feed = feed_lines.latest(database(), FEED_LINES)
    response = Response(render_template("public/home.html", **fields_of(dossier), feed=feed))
    if not current_user.is_authenticated:
        response.set_etag(tag, weak=True)
    return response


@pages.get("/about")
def about() -> ResponseReturnValue:
    return render_template("public/about.html")


@pages.get("/feed.atom")
def feed() -> ResponseReturnValue:
    lines = feed_lines.latest(database(), 50)
    body = render_template("public/feed.xml", lines=lines, updated=lines[0].at if lines else now())
    return Response(body, mimetype="application/atom+xml")


@pages.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    return redirect(url_for("static", filename="img/favicon.svg"))
