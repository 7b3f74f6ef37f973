"""The hall itself: what happens, how far the year is, where, and what closes soon."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import segno
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from scenario_hall.core.clock import local_year, now
from scenario_hall.dossiers.hall import hall_dossier
from scenario_hall.dossiers.progress import Stage, count_of_month, count_stages, progress_dossier
from scenario_hall.language.dates import FIRST_YEAR, LAST_YEAR
from scenario_hall.log.chain import last_id
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.web.kit import charts
from scenario_hall.web.kit.addresses import page_number, whole_argument
from scenario_hall.web.kit.cookies import THEME, cookie
from scenario_hall.web.kit.drafting import own_organizations
from scenario_hall.web.kit.kept_counts import kept_count
from scenario_hall.web.kit.language import LANGUAGE_TAGS, current_locale, named, translated
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import database, settings
from scenario_hall.web.public import feed as feed_lines
from scenario_hall.web.public.figures import figures_now
from scenario_hall.web.public.hall_charts import charts_of, stage_address

pages = Blueprint("hall", __name__)
FEED_LINES, FEED_SHOWN, FEED_KEPT = 21, 7, 50
SCREEN_LINES, SCREEN_LETTERS = 5, 17
PAGES_WITH_FIGURES = ("/", "/screen")


def stamp() -> str:
    """What the anonymous page depends on: the log's position, the language, the colours, and, since it says “3 hours
    ago”, the minute."""
    colours = cookie(THEME)
    return f"{last_id(database())}-{current_locale()}-{colours}-{int(now().timestamp() // 60)}"


@pages.get("/")
def show() -> ResponseReturnValue:
    tag = stamp()
    if not current_user.is_authenticated and request.if_none_match.contains_weak(tag):
        return Response(status=304)
    feed = feed_lines.latest(database(), FEED_LINES)
    response = Response(render_template("public/home.html", **hall_now(), **doors(), feed=feed, shown=FEED_SHOWN))
    if not current_user.is_authenticated:
        response.set_etag(tag, weak=True)
    return response


def hall_now(letters: float = 11) -> dict[str, Any]:
    """What the first page and the wall show alike: the dossier, and its charts with ``letters`` of this size."""
    dossier = hall_dossier(database(), figures_now(database()))
    return {
        **fields_of(dossier),
        **charts_of(dossier.figures, letters),
        "by_day": feed_lines.by_day,
        "regions": REGIONS,
    }


def doors() -> dict[str, bool]:
    """Which of the two doors lead to a form: a visitor's through the log-in, a member's where the organisation may."""
    if not current_user.is_authenticated:
        return {"may_post": True, "may_list": True}
    return {
        "may_post": bool(own_organizations(lambda each: each.demands)),
        "may_list": bool(own_organizations(lambda each: each.offers)),
    }


@pages.get("/screen")
def screen() -> ResponseReturnValue:
    """The wall: the hall at this moment, for a large screen that nobody touches."""
    feed = feed_lines.latest(database(), SCREEN_LINES)
    code = segno.make(settings().base_url + url_for("hall.show"), error="m")
    return render_template(
        "public/screen.html",
        **hall_now(SCREEN_LETTERS),
        feed=feed,
        shown=SCREEN_LINES,
        qr=code.svg_inline(omitsize=True, border=1),
    )


@pages.get("/progress")
def progress() -> ResponseReturnValue:
    """The lists behind the figures of the funnel."""
    asked, year = request.args.get("stage", ""), whole_argument("year", FIRST_YEAR, LAST_YEAR) or local_year(now())
    stage = Stage(asked) if asked in list(Stage) else Stage.RELEASED
    if stage is Stage.FIRST:
        return redirect(stage_address(stage, year))
    month = whole_argument("month", 1, 12)
    stages = kept_count(
        ("stages", year, stage if month else None, month),
        lambda: count_of_month(database(), stage, year, month) if month else count_stages(database(), year),
    )
    dossier = progress_dossier(database(), year, stage, page_number(), stages, month=month)
    rows = [(each, named(each, "stage"), count, stage_address(each, year)) for each, count in dossier.stages.items()]
    return render_template(
        "public/progress.html",
        **fields_of(dossier),
        total=dossier.total,
        rows=charts.bars(rows),
        first_day=date(year, month or 1, 1),
    )


@pages.get("/about")
def about() -> ResponseReturnValue:
    return render_template("public/about.html")


@pages.get("/feed.atom")
def feed() -> ResponseReturnValue:
    lines = feed_lines.latest(database(), FEED_KEPT)
    body = render_template("public/feed.xml", lines=lines, updated=lines[0].at if lines else now())
    return Response(body, mimetype="application/atom+xml")


@pages.get("/feed.json")
def feed_json() -> ResponseReturnValue:
    """The same lines as a JSON Feed (https://jsonfeed.org/version/1.1), to be read by pages of other sites, too."""
    own = url_for("hall.feed_json", _external=True)
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _("Scenario Hall"),
        "home_page_url": url_for("hall.show", _external=True),
        "feed_url": own,
        "language": LANGUAGE_TAGS[current_locale()],
        "items": [_feed_item(line, own) for line in feed_lines.latest(database(), FEED_KEPT)],
    }
    response = Response(json.dumps(told, ensure_ascii=False), content_type="application/feed+json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _feed_item(line: feed_lines.FeedItem, feed_url: str) -> dict[str, Any]:
    title = f"{translated(line.headline)}: {line.title}"
    names = "number" if line.endpoint == "outcomes.certificate" else "code"
    return {
        "id": f"{feed_url}#{line.id}",
        "url": url_for(line.endpoint, _external=True, **{names: line.key}),
        "title": title,
        "content_text": f"{title} — {line.note}" if line.note else title,
        "date_published": line.at.isoformat(),
        "authors": [{"name": line.note or _("Scenario Hall")}],
    }


@pages.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    return redirect(url_for("static", filename="img/favicon.svg"))
