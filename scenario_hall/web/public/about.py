"""How the hall works: the way of each role, how long reviews take, what people ask, whom to write to."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from scenario_hall.dossiers.review_times import median_days
from scenario_hall.web.kit.kept_counts import kept_count
from scenario_hall.web.kit.request import database, settings
from scenario_hall.web.public.home import pages

# The blueprint, with the route of this module.
__all__ = ["pages"]


@pages.get("/about")
def about() -> ResponseReturnValue:
    days = kept_count("review days", lambda: median_days(database()))
    return render_template("public/about.html", median_days=days, contact=settings().contact)
