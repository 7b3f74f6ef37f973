"""The pages of organisations, and what is said to people whom four eyes keep from acting."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from scenario_hall.core.policy import Role
from scenario_hall.organizations.members import add_member
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.web.kit.language import LANGUAGE_TAGS, LOCALES
from tests.organizations.test_facts import OTHER, restate
from tests.web.conftest import token
from tests.world import World

ADMIN = "admin@hall.example"
# What each fact is stored as, before and after, where that is not what people read.
CODES = {"side": {"demand", "both"}, "region": {"440300", "810000"}}
FREE = {"legal_person", "owners", "address", "pilot_capacity"}


def test_changed_facts_are_shown_old_and_new_and_decided_on_the_organisations_page(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    restate(hall, legal_person="王新人", owners=("新集团", "另一家"))
    page = f"/organizations/{hall.port.pk}"
    admin = as_person(ADMIN)
    assert page in admin.get("/review/?queue=facts").text
    shown = admin.get(page).text
    assert "王新人" in shown and "新集团, 另一家" in shown and f'action="{page}/facts"' in shown
    data = {"csrf_token": token(admin, page), "version": str(hall.port.version), "decision": "confirm"}
    assert admin.post(f"{page}/facts", data=data).status_code == 302
    assert 'id="facts"' not in admin.get(page).text
    assert page not in admin.get("/review/?queue=facts").text


@pytest.mark.parametrize("locale", LOCALES)
def test_each_changed_fact_stands_there_in_words(
    hall: World, as_person: Callable[[str], FlaskClient], locale: str
) -> None:
    assert set(OTHER) - {"website"} == FREE | set(CODES)  # of a new fact somebody has to say what the page shows
    restate(hall, **{field: value for field, value in OTHER.items() if field != "website"})
    page = as_person(ADMIN).get(f"/organizations/{hall.port.pk}?lang={LANGUAGE_TAGS[locale]}").text
    table = page.partition('id="facts"')[2].partition("</table>")[0]
    cells = {unescape(each.partition(">")[2].partition("</td>")[0]).strip() for each in table.split("<td")}
    assert not cells & {code for codes in CODES.values() for code in codes}
    assert {region_name(code, locale) for code in CODES["region"]} <= cells
    assert OTHER["legal_person"] in cells


def test_the_organisation_sees_what_waits_but_has_no_button_and_strangers_see_nothing(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    restate(hall, legal_person="王新人")
    page = f"/organizations/{hall.port.pk}"
    own = as_person("port@port.example").get(page).text
    assert 'id="facts"' in own and f'action="{page}/facts"' not in own
    assert "王新人" not in as_person("maker@maker.example").get(page).text


def test_who_acted_for_the_other_side_is_told_why_there_is_no_button(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    for organization in (hall.port, hall.maker):
        add_member(
            hall.session,
            account=hall.person(f"p{organization.pk}@x.example"),
            organization=organization,
            role=Role.OWNER,
        )
    add_member(hall.session, account=hall.maker_person, organization=hall.port, role=Role.EDITOR)
    code = hall.application().code
    seen = as_person("maker@maker.example").get(f"/applications/{code}", headers={"Accept-Language": "en"}).text
    assert "You have already acted for another side" in seen
    assert f"/applications/{code}/accept" not in seen and f"/applications/{code}/withdraw" in seen


def test_an_administrator_who_is_not_neutral_is_told_to_ask_another(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    add_member(hall.session, account=hall.administrator, organization=hall.port, role=Role.VIEWER)
    code = hall.submitted_scenario().code
    seen = as_person(ADMIN).get(f"/review/scenarios/{code}", headers={"Accept-Language": "en"}).text
    assert "Ask another administrator" in seen and 'value="release"' not in seen
