"""Applying: the best match is chosen, or none; options are in the order of their scores; answers come from verdicts."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlmodel import Session, select

from scenario_hall.applications.models import Application
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
FAR = {
    "title": "智能客服系统",
    "summary": "银行柜台的多语种语音客服。",
    "domains": ["artificial-intelligence"],
    "tags": [],
    "specifications": [],
}


def test_the_best_match_is_preselected_and_first_with_its_score(
    hall: World, as_person: Callable[[str], FlaskClient], follow: Callable[[], None], database: Session
) -> None:
    scenario = hall.released_scenario()
    far, fit = hall.listed_product(**FAR), hall.listed_product()
    follow()
    page = as_person("maker@maker.example").get(f"/scenarios/{scenario.code}/apply", headers=EN).text
    options = re.findall(r'<option([^>]*)value="(P-[^"]+)"[^>]*>([^<]+)', page)
    assert [code for _marks, code, _name in options] == [fit.code, far.code]
    assert re.search(r"· \d+/100", options[0][2])
    sent = next(form.sent for form in forms_of(page) if "proposal" in form.sent)
    assert sent["product"] == [fit.code]
    assert sent["answer-0"] == ["meets"] and "45" in sent["statement-0"][0]


def test_nothing_is_preselected_where_nothing_fits(
    hall: World, as_person: Callable[[str], FlaskClient], follow: Callable[[], None], database: Session
) -> None:
    scenario = hall.released_scenario()
    far = hall.listed_product(**FAR)
    follow()
    client, path = as_person("maker@maker.example"), f"/scenarios/{scenario.code}/apply"
    sent = next(form.sent for form in forms_of(client.get(path).text) if "proposal" in form.sent)
    assert sent["product"] == [""] and sent["answer-0"] == [""]
    careless = client.post(path, data=sent | {"proposal": ["x"]}, headers=EN)
    assert careless.status_code == 200 and database.exec(select(Application)).all() == []
    # Asked for by name, it is chosen.
    sent = next(
        form.sent for form in forms_of(client.get(f"{path}?product={far.code}").text) if "proposal" in form.sent
    )
    assert sent["product"] == [far.code] and sent["answer-0"] == [""]


def test_each_match_has_its_button_until_the_product_was_offered(
    hall: World, as_person: Callable[[str], FlaskClient], follow: Callable[[], None]
) -> None:
    scenario, product = hall.released_scenario(), hall.listed_product()
    follow()
    client = as_person("maker@maker.example")
    door = f"/scenarios/{scenario.code}/apply?product={product.code}"
    for path in (f"/products/{product.code}", f"/scenarios/{scenario.code}"):
        assert door in client.get(path).text, path
    hall.application(scenario, product)
    for path in (f"/products/{product.code}", f"/scenarios/{scenario.code}"):
        assert "/apply" not in client.get(path).text, path


def test_answers_that_were_changed_come_back_as_they_were(
    hall: World, as_person: Callable[[str], FlaskClient], follow: Callable[[], None]
) -> None:
    scenario, _product = hall.released_scenario(), hall.listed_product()
    follow()
    client, path = as_person("maker@maker.example"), f"/scenarios/{scenario.code}/apply"
    sent = next(form.sent for form in forms_of(client.get(path).text) if "proposal" in form.sent)
    back = client.post(path, data=sent | {"answer-0": ["partly"], "statement-0": ["约四十分钟"]}, headers=EN)
    shown = next(form.sent for form in forms_of(back.text) if "proposal" in form.sent)
    assert shown["answer-0"] == ["partly"] and shown["statement-0"] == ["约四十分钟"]
