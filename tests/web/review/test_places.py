"""From one item to the next: after each decision of each queue, without a look at the board."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scenario_hall.organizations.models import Side
from tests.web.conftest import token
from tests.web.page_forms import PageForm, forms_of
from tests.world import World

ADMIN = "admin@hall.example"
EN = {"Accept-Language": "en"}


def deciding(client: FlaskClient, page: str, value: str) -> PageForm:
    """The form of the page that sends ``value``, as an action, a decision or in its address."""
    for form in forms_of(client.get(page, headers=EN).text):
        if form.action.partition("#")[0].endswith(f"/{value}") or value in form.sent.get("action", []):
            return form
    raise AssertionError(f"{page}: no form for {value}")


def press_next(client: FlaskClient, page: str, value: str, **typed: str) -> str:
    """Press “… and next”; where it leads."""
    form = deciding(client, page, value)
    answer = client.post(form.action or page, data={**form.sent, **typed, "go": "next"}, headers=EN)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


@pytest.mark.parametrize("action", ["verify", "return"])
def test_after_an_organisation_comes_the_next_one_then_the_next_queue(
    hall: World, as_person: Callable[[str], FlaskClient], action: str
) -> None:
    owner = hall.person("more@more.example")
    first, second = (
        hall.organization(owner, Side.DEMAND, name, is_verified=False) for name in ("一号单位", "二号单位")
    )
    scenario, admin = hall.submitted_scenario(), as_person(ADMIN)
    typed = {"reason": "证照不清"} if action == "return" else {}
    assert press_next(admin, f"/organizations/{first.pk}", action, **typed) == f"/organizations/{second.pk}"
    assert press_next(admin, f"/organizations/{second.pk}", action, **typed) == f"/review/scenarios/{scenario.code}"
    assert press_next(admin, f"/review/scenarios/{scenario.code}", "release") == "/review/?queue=scenarios"


def test_what_was_passed_over_does_not_come_back_at_once(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    codes = [hall.submitted_scenario(title=f"第{number}个").code for number in (1, 2, 3)]
    admin = as_person(ADMIN)
    assert press_next(admin, f"/review/scenarios/{codes[1]}", "release") == f"/review/scenarios/{codes[2]}"
    assert press_next(admin, f"/review/scenarios/{codes[2]}", "release") == f"/review/scenarios/{codes[0]}"


def test_what_somebody_else_decided_meanwhile_is_not_what_follows(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    first, second, third = (f"/review/scenarios/{hall.submitted_scenario().code}" for _ in range(3))
    admin, other = as_person(ADMIN), as_person(hall.make_administrator("b@hall.example").email)
    form = deciding(admin, first, "release")
    press_next(other, second, "release")
    assert admin.post(first, data={**form.sent, "go": "next"}).location == third


def test_advice_on_a_claim_leads_to_the_next_claim_and_leaves_the_queue(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    outcomes = [hall.claimed(hall.accepted(hall.released_scenario(), hall.listed_product())) for _ in range(2)]
    first, second = (f"/outcomes/{each.code}" for each in outcomes)
    admin = as_person(ADMIN)
    page = admin.get(first, headers=EN).text
    form = deciding(admin, first, "advice")
    assert form.sent["go"] == ["next"]
    marks = dict.fromkeys(re.findall(r'name="(mark-\w+)"', page), "4")
    checked = re.findall(r'name="checked"\s+value="(\w+)"', page)
    given = {**form.sent, **marks, "checked": checked, "reason": "材料齐全", "advice": "approve"}
    answer = admin.post(form.action.partition("#")[0], data=given)
    assert answer.location == f"{second}#review"
    assert first not in admin.get("/review/?queue=outcomes").text


def test_an_address_by_place_leads_to_the_item_while_it_waits(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    scenarios = [hall.submitted_scenario() for _ in range(2)]
    unverified = hall.organization(hall.person("u@u.example"), Side.DEMAND, "未核验", is_verified=False)
    admin = as_person(ADMIN)
    shown = admin.get(f"/review/scenarios/{scenarios[0].code}", headers=EN).text
    forward = re.search(r'href="(/review/item/\S+)"\s+data-review-key="j"', shown)
    assert forward is not None and "1 of 2" in shown and 'data-review-key="k"' not in shown
    assert admin.get(forward[1]).location == f"/review/scenarios/{scenarios[1].code}"
    assert admin.get(f"/review/item/organizations/{unverified.pk}").location == f"/organizations/{unverified.pk}"
    assert admin.get("/review/item/organizations/99999").status_code == 404
    assert admin.get("/review/item/nothing/1").status_code == 404


def test_who_is_no_administrator_is_led_to_no_queue(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    waiting = hall.submitted_scenario()
    owner = as_person("port@port.example")
    page = owner.get(f"/organizations/{hall.port.pk}", headers=EN).text
    assert "review-place" not in page and "review.js" not in page
    answer = owner.post(
        f"/organizations/{hall.port.pk}/resubmit",
        data={"csrf_token": token(owner, "/password/forgotten"), "go": "next"},
    )
    assert waiting.code not in (answer.location or "")
