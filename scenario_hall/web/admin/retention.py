"""What of people's data was let go, and when."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from scenario_hall.privacy.declaration import DECLARED, Closing
from scenario_hall.privacy.retention import RULES, runs_of
from scenario_hall.web.kit.request import administrator_required, database

pages = Blueprint("retention", __name__, url_prefix="/admin/retention")


@pages.get("/")
@administrator_required
def show() -> ResponseReturnValue:
    return render_template(
        "admin/retention.html", rules=RULES, runs=runs_of(database()), declared=DECLARED, Closing=Closing
    )
