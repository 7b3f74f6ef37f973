"""A change of the substance of what is public, from the owner's form through the review to the applicant's page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from scenario_hall.core.files import files_of
from scenario_hall.products.models import Product
from scenario_hall.publishing.amending import proposed_revisions
from scenario_hall.scenarios.models import Scenario
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}


def fields_in(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page's long form, as it is filled."""
    return max(forms_of(page), key=lambda form: len(form.sent)).sent


def amend(client: FlaskClient, path: str, **content: object) -> TestResponse:
    sent: dict[str, object] = fields_in(client.get(path, headers=EN).text) | {"reason": "更正"} | content
    return client.post(path, data=sent, headers=EN, follow_redirects=True)


def press(client: FlaskClient, page: str, path: str, **values: str) -> TestResponse:
    """Press the first button of the page that leads to ``path``, or of the page itself."""
    text = client.get(page, headers=EN).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', text)
    form = re.search(rf'<form[^>]*action="{path}".*?</form>', text, re.DOTALL) if path != page else None
    version = re.search(r'name="version" value="(\d+)"', form[0] if form else text)
    assert token is not None and version is not None
    revision = re.search(r'name="revision" value="(\d+)"', form[0]) if form else None
    data = {"csrf_token": token[1], "version": version[1], **({"revision": revision[1]} if revision else {}), **values}
    return client.post(path, data=data, headers=EN, follow_redirects=True)


def of(hall: World, kind: str) -> Scenario | Product:
    return hall.released_scenario() if kind == "scenario" else hall.listed_product()


OWNERS = {"scenario": "port@port.example", "product": "maker@maker.example"}


@pytest.mark.parametrize("kind", ["scenario", "product"])
def test_a_change_waits_is_seen_by_its_people_alone_and_is_public_once_accepted(
    hall: World, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], kind: str
) -> None:
    record = of(hall, kind)
    path, client, admin = f"/{kind}s/{record.code}", as_person(OWNERS[kind]), as_person("admin@hall.example")
    assert "the whole amendment waits" in client.get(f"{path}/amend", headers=EN).text
    page = amend(client, f"{path}/amend", title="全新的题目").text
    assert "Sent for review" in page and "A change waits for review" in page and "全新的题目" in page
    public = visitor.get(path, headers=EN).text
    assert "全新的题目" not in public and "waits for review" not in public
    assert "全新的题目" in fields_in(client.get(f"{path}/amend").text)["title"]

    hall.session.rollback()  # the pages write in sessions of their own
    (waiting,) = proposed_revisions(hall.session, record)
    queue = admin.get("/review/?queue=revisions", headers=EN).text
    assert f"/review/revisions/{waiting.pk}" in queue
    review = f"/review/revisions/{waiting.pk}"
    beside = admin.get(review, headers=EN).text
    assert re.search(rf"<del>{record.title}</del>.*?<ins>全新的题目</ins>", beside, re.DOTALL)
    assert "the new revision is public now" in press(admin, review, review, action="accept").text
    assert "全新的题目" in visitor.get(path).text
    history = client.get(path, headers=EN).text
    assert "Changes sent for review" in history and "Accepted" in history


@pytest.mark.parametrize("kind", ["scenario", "product"])
def test_a_returned_change_says_why_and_can_be_taken_up_again(
    hall: World, as_person: Callable[[str], FlaskClient], kind: str
) -> None:
    record = of(hall, kind)
    path, client, admin = f"/{kind}s/{record.code}", as_person(OWNERS[kind]), as_person("admin@hall.example")
    amend(client, f"{path}/amend", title="全新的题目")
    hall.session.rollback()  # the pages write in sessions of their own
    (waiting,) = proposed_revisions(hall.session, record)
    review = f"/review/revisions/{waiting.pk}"
    assert "Please give a reason" in press(admin, review, review, action="return").text
    press(admin, review, review, action="return", reason="请说明更改的理由")
    page = client.get(path, headers=EN).text
    assert "请说明更改的理由" in page and f"{path}/amend?from=returned" in page
    assert fields_in(client.get(f"{path}/amend").text)["title"] == [record.title]
    assert fields_in(client.get(f"{path}/amend?from=returned").text)["title"] == ["全新的题目"]


@pytest.mark.parametrize("kind", ["scenario", "product"])
def test_the_owner_takes_a_change_back(hall: World, as_person: Callable[[str], FlaskClient], kind: str) -> None:
    record = of(hall, kind)
    path, client = f"/{kind}s/{record.code}", as_person(OWNERS[kind])
    amend(client, f"{path}/amend", title="全新的题目")
    assert "Taken back. What is public stays" in press(client, path, f"{path}/take_back").text
    hall.session.rollback()
    assert [each.state for each in proposed_revisions(hall.session, record)] == ["taken_back"]


def test_facts_are_public_at_once_and_the_page_says_so(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    scenario = hall.released_scenario()
    page = amend(as_person(OWNERS["scenario"]), f"/scenarios/{scenario.code}/amend", budget_max="900000").text
    assert "Published as revision 2" in page


def test_pictures_of_a_change_wait_with_it(
    hall: World, visitor: FlaskClient, as_person: Callable[[str], FlaskClient]
) -> None:
    product = hall.listed_product()
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    client, admin = as_person(OWNERS["product"]), as_person("admin@hall.example")
    content = {"title": "全新的题目", "pictures": (io.BytesIO(picture.getvalue()), "new.png")}
    amend(client, f"/products/{product.code}/amend", **content)
    hall.session.rollback()  # the pages write in sessions of their own
    (waiting,) = proposed_revisions(hall.session, product)
    (file,) = files_of(hall.session, "revision", waiting.pk)
    assert [each.get(f"/files/{file.id}").status_code for each in (visitor, client, admin)] == [404, 200, 200]
    review = f"/review/revisions/{waiting.pk}"
    press(admin, review, review, action="accept")
    hall.session.rollback()
    assert [each.id for each in files_of(hall.session, "product", product.pk, "picture")] == [file.id]
    assert visitor.get(f"/files/{file.id}").status_code == 200


def test_an_applicant_sees_the_change_and_confirms(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    application = hall.application()
    scenario, supplier = application.scenario, as_person("maker@maker.example")
    owner, path = as_person("port@port.example"), f"/applications/{application.code}"
    amend(owner, f"/scenarios/{scenario.code}/amend", title="全新的题目")
    hall.session.rollback()
    assert "has changed in substance" not in supplier.get(path, headers=EN).text
    hall.accepted_change(scenario)
    assert f"{path}#changed" in supplier.get("/desk").text
    assert "has changed in substance" in supplier.get(path, headers=EN).text
    assert "answers revision 1" in owner.get(f"/scenarios/{scenario.code}", headers=EN).text
    assert "Confirmed: your application stands" in press(supplier, path, f"{path}/renew").text
    assert "has changed in substance" not in supplier.get(path, headers=EN).text
    assert "answers revision" not in owner.get(f"/scenarios/{scenario.code}", headers=EN).text


def test_an_accepted_application_offers_withdrawal_only_after_a_change(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    application, supplier = hall.accepted(), as_person("maker@maker.example")
    path = f"/applications/{application.code}"
    assert f"{path}/withdraw" not in supplier.get(path).text
    amend(as_person("port@port.example"), f"/scenarios/{application.scenario.code}/amend", title="全新的题目")
    hall.session.rollback()
    hall.accepted_change(application.scenario)
    assert "Withdrawn." in press(supplier, path, f"{path}/withdraw").text
