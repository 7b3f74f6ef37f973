"""The hall itself: what happens, how far the year is, where, and what closes soon."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlmodel import col, func, select

from scenario_hall.core.clock import local_year, now
from scenario_hall.core.errors import NotFound
from scenario_hall.core.log import last_id
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.workflow import VERIFIED
from scenario_hall.outcomes.counting import Firsts, count_firsts
from scenario_hall.products.models import Product
from scenario_hall.products.workflow import LISTED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.workflow import RELEASED
from scenario_hall.schema import is_current
from scenario_hall.search.index import SearchQuery
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.taxonomy.service import target_of
from scenario_hall.web import feed as feed_lines
from scenario_hall.web.language import current_locale
from scenario_hall.web.request import database, engine, index

pages = Blueprint("hall", __name__)
FEED_LINES = 14
CLOSING_DAYS = 45


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
    year = local_year(now())
    open_scenarios = index().search(SearchQuery(kind="scenario", page_size=1), now())
    response = Response(
        render_template(
            "public/home.html",
            year=year,
            approved=count_firsts(database(), Firsts(year)),
            target=target_of(database(), year).outcomes,
            feed=feed_lines.latest(database(), FEED_LINES),
            closing=closing_soon(),
            figures=figures(),
            regions=[(each, open_scenarios.facets["region"].get(each.code, 0)) for each in REGIONS],
            domains=list(open_scenarios.facets["domain"].items())[:12],
        )
    )
    if not current_user.is_authenticated:
        response.set_etag(tag, weak=True)
    return response


def closing_soon() -> list[Scenario]:
    """The open scenarios whose deadline is next, within CLOSING_DAYS."""
    query = (
        select(Scenario)
        .join(Organization, col(Organization.id) == col(Scenario.organization_id))
        .where(
            col(Scenario.state) == RELEASED,
            col(Scenario.deadline) > now(),
            col(Scenario.deadline) < now() + timedelta(days=CLOSING_DAYS),
            col(Organization.state) == VERIFIED,
        )
        .order_by(col(Scenario.deadline))
        .limit(5)
    )
    return list(database().exec(query))


def figures() -> dict[str, int]:
    """Counts that the page shows; each opens the list behind it."""
    session = database()

    def count(table: type[Scenario] | type[Product], state: str) -> int:
        query = (
            select(func.count())
            .select_from(table)
            .join(Organization, col(Organization.id) == col(table.organization_id))
            .where(col(table.state) == state, col(Organization.state) == VERIFIED)
        )
        return session.exec(query).one()

    verified = select(func.count()).select_from(Organization)
    verified = verified.where(col(Organization.state) == VERIFIED, col(Organization.is_list_holder).is_(False))
    return {
        "scenarios": count(Scenario, RELEASED),
        "products": count(Product, LISTED),
        "organizations": session.exec(verified).one(),
    }


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


@pages.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process lives."""
    return {"status": "ok"}


@pages.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The process can serve: its database is there, at the newest schema."""
    if not is_current(engine()):
        raise NotFound("the database is not at the newest schema: run `python -m scenario_hall init`")
    return {"status": "ready", "log": last_id(database()), "index": index().position()}
