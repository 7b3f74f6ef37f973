"""What the suppliers lack, by domain: the gaps between what scenarios ask for and what products offer."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scenario_hall.matching.gaps import MOST_NAMED, gaps_by_domain
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.request import actor, administrator_required, database
from scenario_hall.web.review.review_lists import gaps_list

pages = Blueprint("gaps", __name__)


@pages.get("/review/gaps")
@administrator_required
def show() -> ResponseReturnValue:
    form = asked_format()
    domains = gaps_by_domain(actor(), session=database(), most=MOST_NAMED if form is None else None)
    if form is not None:
        return send_list(gaps_list(domains), form)
    return render_template("review/gaps.html", domains=domains, organization=None)


@pages.get("/review/lacks")
@administrator_required
def moved() -> ResponseReturnValue:
    return redirect(url_for("gaps.show"), code=301)
