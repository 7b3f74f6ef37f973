"""What people do with matches: the owner's opinion, jointly with a similar scenario, what lacks."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import require
from scenario_hall.matching.gaps import MOST_NAMED, gaps_by_domain
from scenario_hall.matching.likeness import propose_jointly
from scenario_hall.matching.models import Opinion
from scenario_hall.matching.opinions import say_of_match
from scenario_hall.organizations.service import get_organization
from scenario_hall.products.service import get_product
from scenario_hall.scenarios.service import get_scenario
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.request import actor, database, login_required
from scenario_hall.web.review.review_lists import gaps_list

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
        actor(),
        session=database(),
        scenario=scenario,
        product=get_product(database(), product_code),
        opinion=Opinion(opinion),
    )
    flash(
        _("Invited; the supplier has been told.") if opinion == Opinion.INVITED else _("Noted. Thank you."), "success"
    )
    return redirect(url_for("scenarios.show", code=code) + "#matches")


@pages.post("/scenarios/<code>/jointly")
@login_required
def jointly(code: str) -> ResponseReturnValue:
    scenario = get_scenario(database(), code)
    require(actor(), "propose_jointly", scenario)
    other = request.form.get("with", "")
    if propose_jointly(actor(), session=database(), scenario=scenario, other_code=other):
        flash(_("Proposed. They have the contact's address and can write to you."), "success")
    else:
        flash(_("Proposed, without the contact's address: they reach you through your organisation's page."), "success")
    return redirect(url_for("scenarios.preview", code=code))


@pages.get("/organizations/<int:organization_id>/lacks")
@login_required
def own_lacks(organization_id: int) -> ResponseReturnValue:
    organization = get_organization(database(), organization_id)
    require(actor(), "view", organization)
    form = asked_format()
    most = MOST_NAMED if form is None else None
    domains = gaps_by_domain(actor(), session=database(), organization_id=organization.pk, most=most)
    if form is not None:
        return send_list(gaps_list(domains, organization), form)
    return render_template("review/gaps.html", domains=domains, organization=organization)
