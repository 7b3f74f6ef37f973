"""Do the scores of matches keep what they promise? What owners made of matches, beside the number that they saw."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from scenario_hall.applications.lifecycle import STATE_NAMES as APPLICATION_NAMES
from scenario_hall.matching.engine.pairing import RULES_VERSION
from scenario_hall.matching.models import OPINION_NAMES
from scenario_hall.outcomes.judgements import DEED_NAMES, by_place, judgements, precision_by_band
from scenario_hall.outcomes.lifecycle import STATE_NAMES as OUTCOME_NAMES
from scenario_hall.web.kit.kept_counts import kept_count
from scenario_hall.web.kit.request import administrator_required, database

pages = Blueprint("matching", __name__, url_prefix="/admin/matching")
NAMES = {**OUTCOME_NAMES, **APPLICATION_NAMES, **OPINION_NAMES, **DEED_NAMES}


@pages.get("/")
@administrator_required
def show() -> ResponseReturnValue:
    judged = kept_count("judgements", lambda: judgements(database()))
    return render_template(
        "admin/matching.html",
        bands=precision_by_band(judged),
        words=Counter(each.by for each in judged).most_common(),
        names=NAMES,
        places=by_place(judged),
        total=len(judged),
        rules=RULES_VERSION,
    )
