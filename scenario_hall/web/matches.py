"""What people do with matches: the owner's opinion, suppliers together, jointly with a similar scenario, what lacks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import require
from scenario_hall.core.values import Requirement
from scenario_hall.matching.alliances import (
    Candidate,
    is_cross_border,
    may_join,
    met_by,
    musts_of,
    nearly_met_by,
    smallest_sets,
)
from scenario_hall.matching.lacks import lacks_by_domain
from scenario_hall.matching.likeness import propose_jointly
from scenario_hall.matching.models import Opinion
from scenario_hall.matching.opinions import say_of_match
from scenario_hall.matching.service import ShownMatch
from scenario_hall.organizations.service import get_organization
from scenario_hall.products.service import get_product
from scenario_hall.scenarios.service import get_scenario
from scenario_hall.web.request import actor, administrator_required, database, login_required

pages = Blueprint("matches", __name__)


@pages.post("/scenarios/<code>/matches/<product_code>")
@login_required
def say(code: str, product_code: str) -> ResponseReturnValue:
    scenario = get_scenario(database(), code)
    require(actor(), "judge_matches", scenario)
    opinion = request.form.get("opinion", "")
    if opinion not in list(Opinion):
        raise NotFound()
    say_of_match(
        actor(), session=database(), scenario=scenario, product=get_product(database(), product_code),
        opinion=Opinion(opinion),
    )  # fmt: skip
    flash(
        _("Invited; the supplier has been told.") if opinion == Opinion.INVITED else _("Noted. Thank you."), "success"
    )
    return redirect(url_for("scenarios.show", code=code) + "#matches")


@pages.post("/scenarios/<code>/jointly")
@login_required
def jointly(code: str) -> ResponseReturnValue:
    scenario = get_scenario(database(), code)
    require(actor(), "propose_jointly", scenario)
    propose_jointly(actor(), session=database(), scenario=scenario, other_code=request.form.get("with", ""))
    flash(_("Proposed. They have your contact and will write to you."), "success")
    return redirect(url_for("scenarios.preview", code=code))


@pages.get("/review/lacks")
@administrator_required
def lacks() -> ResponseReturnValue:
    return render_template("review/gaps.html", domains=lacks_by_domain(actor(), session=database()), organization=None)


@pages.get("/organizations/<int:organization_id>/lacks")
@login_required
def own_lacks(organization_id: int) -> ResponseReturnValue:
    organization = get_organization(database(), organization_id)
    require(actor(), "view", organization)
    domains = lacks_by_domain(actor(), session=database(), organization_id=organization.key)
    return render_template("review/gaps.html", domains=domains, organization=organization)


def together(matches: list[ShownMatch]) -> list[dict[str, Any]]:
    """The smallest sets of products that meet all musts between them, for the owner's page."""
    if not matches:
        return []
    by_code = {match.product.code: match for match in matches}
    candidates = [
        Candidate(code, met_by(match.reasons), match.score or 0, match.product.organization_id,
                  nearly_met_by(match.reasons))
        for code, match in by_code.items() if may_join(match.reasons, match.score)
    ]  # fmt: skip
    groups = smallest_sets(candidates, musts_of(matches[0].reasons))
    regions = {code: match.product.organization.region for code, match in by_code.items()}
    return [
        {"matches": [(by_code[code], _met(by_code[code])) for code in group],
         "is_cross_border": is_cross_border(regions, group)}
        for group in groups
    ]  # fmt: skip


def _met(match: ShownMatch) -> list[Requirement]:
    return [match.reasons.lines[place].requirement for place in sorted(met_by(match.reasons))]
