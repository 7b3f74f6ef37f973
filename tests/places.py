"""One record of each kind in each state that a page can show: made once, and copied with its database."""

from __future__ import annotations

from scenario_hall.bulletins.months import Month
from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.keys import KeyRing
from scenario_hall.log.checkpoints import make_checkpoint, origin_of
from scenario_hall.organizations.models import Side
from scenario_hall.outcomes.adoption.follow_ups import ask_due_follow_ups, follow_ups_of
from scenario_hall.outcomes.certificate.service import certificate_of
from scenario_hall.outcomes.plan.service import sign_plan
from scenario_hall.outcomes.run.service import start_outcome
from scenario_hall.publishing.amending import get_waiting
from scenario_hall.scenarios.service import amend_scenario
from tests.world import World, a_file

PLACES = "places.json"


def make_places(hall: World, hall_settings: Settings) -> dict[str, str]:
    """Make them; returns their codes and ids by what they are good for."""
    scenario, product = hall.released_scenario(), hall.listed_product()
    approved = hall.approved(hall.accepted(scenario, product))
    with clock.at(clock.end_of_local_day(follow_ups_of(hall.session, approved)[0].due_on)):
        ask_due_follow_ups(hall.session)
    running = hall.planned(hall.accepted(hall.released_scenario(), hall.listed_product()))
    for side in (hall.supplier, hall.demand):
        sign_plan(side, session=hall.session, outcome=running, version=None)
    start_outcome(hall.supplier, session=hall.session, outcome=running)
    changing = hall.released_scenario()
    amend_scenario(
        hall.demand, session=hall.session, scenario=changing, version=None, content={"title": "新题目"}, reason="x"
    )
    draft = hall.draft_scenario()
    attachment = a_file(hall.session, draft, "attachment")
    noticed = hall.claimed(hall.accepted(hall.released_scenario(), hall.listed_product()))
    for reviewer in hall.reviewers[:2]:
        hall.advised(noticed, reviewer)
    hall.listed_product()
    other = hall.person("other@other.example")
    unverified = hall.organization(other, Side.BOTH, "未核验单位", is_verified=False)
    hall.person("unconfirmed@x.example", is_confirmed=False)
    certificate = certificate_of(hall.session, approved)
    assert certificate is not None
    base_url, file = hall_settings.base_url, hall_settings.checkpoints
    make_checkpoint(hall.session, KeyRing(hall_settings.signing_keys), origin=origin_of(base_url), file=file)
    return {
        "month": Month.of(clock.now()).code,
        "open": scenario.code,
        "attachment": str(attachment.id),
        "proposed": str(get_waiting(hall.session, changing).pk),
        "draft": draft.code,
        "submitted": hall.submitted_scenario().code,
        "listed": product.code,
        "draft_product": hall.draft_product().code,
        "application": approved.application.code,
        "planned": hall.planned(hall.accepted(hall.released_scenario(), hall.listed_product())).code,
        "confirmed": hall.confirmed(hall.accepted(hall.released_scenario(), hall.listed_product())).code,
        "claimed": hall.claimed(hall.accepted(hall.released_scenario(), hall.listed_product())).code,
        "noticed": noticed.code,
        "approved": approved.code,
        "running": running.code,
        "certificate": certificate.number,
        "port": str(hall.port.pk),
        "unverified": str(unverified.pk),
    }
