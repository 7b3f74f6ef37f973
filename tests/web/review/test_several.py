"""Several items in one decision: what was checked is shown, each has an outcome of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select

from scenario_hall.log.chain import Event
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import release_scenario, return_scenario, submit_scenario
from tests.web.page_forms import PageForm, forms_of
from tests.world import World, a_file

ADMIN = "admin@hall.example"
EN = {"Accept-Language": "en"}
DONE = {"organizations": "organization.verified", "scenarios": "scenario.released", "products": "product.listed"}


def applicant(hall: World, number: int) -> Organization:
    owner = hall.person(f"owner{number}@x.example")
    made = hall.organization(owner, Side.BOTH, f"待核验单位{number}", is_verified=False)
    a_file(hall.session, made, "registration_document")
    return made


def waiting(hall: World, queue: str, number: int) -> Organization | Scenario | Product:
    if queue == "organizations":
        return applicant(hall, number)
    if queue == "scenarios":
        return hall.submitted_scenario(title=f"第{number}个场景")
    return hall.submitted_product(title=f"第{number}个产品")


def name_of(row: Organization | Scenario | Product) -> str:
    return row.name if isinstance(row, Organization) else row.title


def chosen(client: FlaskClient, queue: str, *rows: Organization | Scenario | Product) -> tuple[str, PageForm | None]:
    """The page that shows what was checked, and its form of confirmation."""
    query = "".join(f"&item={row.pk}" for row in rows)
    page = client.get(f"/review/several?queue={queue}{query}", headers=EN).text
    return page, next((form for form in forms_of(page) if "queue" in form.sent), None)


def done(hall: World, queue: str) -> list[int]:
    """The ids of those whose decision is in the log, in its order."""
    hall.session.commit()  # see what the pages have written
    rows = select(Event.subject_id).where(col(Event.kind) == DONE[queue]).order_by(col(Event.id))
    return list(hall.session.exec(rows))


@pytest.mark.parametrize("queue", DONE)
def test_the_ticked_ones_are_decided_each_with_an_event_of_its_own(
    hall: World, as_person: Callable[[str], FlaskClient], queue: str
) -> None:
    rows = [waiting(hall, queue, number) for number in (1, 2, 3)]
    before, admin = done(hall, queue), as_person(ADMIN)
    assert 'form="several"' in admin.get(f"/review/?queue={queue}", headers=EN).text
    page, form = chosen(admin, queue, *rows[:2])
    assert form is not None and all(name_of(row) in page for row in rows[:2]) and name_of(rows[2]) not in page
    assert done(hall, queue) == before  # looking decides nothing
    answer = admin.post("/review/several", data=form.sent, headers=EN)
    assert answer.status_code == 200 and answer.text.count("Done:") == 2
    assert done(hall, queue) == [*before, *(row.pk for row in rows[:2])]


def test_a_refusal_of_one_leaves_the_others(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    rows = [hall.submitted_scenario(title=f"第{number}个场景") for number in (1, 2, 3)]
    admin = as_person(ADMIN)
    _page, form = chosen(admin, "scenarios", *rows)
    assert form is not None
    # Meanwhile the second one is returned and submitted anew: it is not what was shown.
    return_scenario(hall.admin, session=hall.session, scenario=rows[1], version=None, reason="x", notes={})
    submit_scenario(hall.demand, session=hall.session, scenario=rows[1], version=None)
    answer = admin.post("/review/several", data=form.sent, headers=EN)
    assert (answer.text.count("Done:"), answer.text.count("Left as it was:")) == (2, 1)
    assert done(hall, "scenarios") == [rows[0].pk, rows[2].pk]


def test_a_changed_version_is_refused(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    rows = [hall.submitted_scenario(), hall.submitted_scenario()]
    admin = as_person(ADMIN)
    _page, form = chosen(admin, "scenarios", *rows)
    assert form is not None
    stale = form.sent | {f"version-{rows[0].pk}": ["0"]}
    answer = admin.post("/review/several", data=stale, headers=EN)
    assert (answer.text.count("Done:"), answer.text.count("Left as it was:")) == (1, 1)
    assert done(hall, "scenarios") == [rows[1].pk]


def test_what_has_notes_lacks_a_document_or_has_a_twin_is_decided_on_its_own_page(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    noted, admin = hall.submitted_scenario(), as_person(ADMIN)
    return_scenario(hall.admin, session=hall.session, scenario=noted, version=None, reason="x", notes={})
    submit_scenario(hall.demand, session=hall.session, scenario=noted, version=None)
    page, form = chosen(admin, "scenarios", noted)
    assert form is None and "never returned" in page

    bare = hall.organization(hall.person("bare@x.example"), Side.DEMAND, "无附件单位", is_verified=False)
    twin, returned = applicant(hall, 1), applicant(hall, 2)
    bare.registration_number = twin.registration_number
    hall.session.add(bare)
    hall.session.commit()
    act_on_organization(hall.admin, session=hall.session, organization=returned, action="return", reason="x")
    owner = hall.actor(hall.person("late@x.example"))
    assert owner.account_id is not None
    for row in (bare, twin):
        _page, form = chosen(admin, "organizations", row)
        assert form is None, row.name
    page, form = chosen(admin, "organizations", returned)
    assert form is None and "None of these waits" in page
    # A form made by hand decides nothing, either.
    _page, real = chosen(admin, "organizations", applicant(hall, 3))
    assert real is not None
    forged = real.sent | {"item": [str(bare.pk)]}
    assert "Left as it was:" in admin.post("/review/several", data=forged, headers=EN).text
    assert bare.pk not in done(hall, "organizations")


def test_what_was_decided_before_is_left_out(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    scenario, admin = hall.submitted_scenario(), as_person(ADMIN)
    release_scenario(hall.admin, session=hall.session, scenario=scenario, version=None)
    page, form = chosen(admin, "scenarios", scenario)
    assert form is None and "None of these waits" in page


@pytest.mark.parametrize("query", ["?queue=outcomes&item=1", "?queue=nothing"])
def test_other_queues_are_decided_one_by_one(as_person: Callable[[str], FlaskClient], query: str) -> None:
    assert as_person(ADMIN).get(f"/review/several{query}").status_code == 404


def test_what_is_no_number_is_no_item(as_person: Callable[[str], FlaskClient]) -> None:
    page = as_person(ADMIN).get("/review/several?queue=scenarios&item=x&item=-1&item=99999999999999999999", headers=EN)
    assert page.status_code == 200 and "None of these waits" in page.text
