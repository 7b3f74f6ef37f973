"""Listing a product in three pages: text, check, submission."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlmodel import Session

from scenario_hall.products.service import get_product
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
TEXT = (
    "全自动无人机机场巡检系统\n六旋翼无人机与换电自动机场,岸桥与堆场巡检,识别锈蚀和裂纹。"
    "续航时间45分钟。技术成熟度8级,售价约30万元。"
)


def test_three_pages_from_a_text_to_review(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client = as_person("maker@maker.example")
    start = next(form.sent for form in forms_of(client.get("/products/start").text) if "text" in form.sent)
    first = client.post("/products/start", data=start | {"text": [TEXT]})
    assert first.status_code == 302 and first.location.endswith("/edit")
    sent = next(form.sent for form in forms_of(client.get(first.location).text) if "summary" in form.sent)
    assert sent["title"] == ["全自动无人机机场巡检系统"] and sent["readiness_level"] == ["8"]
    assert (sent["specifications-0-metric"], sent["specifications-0-value"]) == (["续航时间"], ["45"])
    assert (sent["price_min"], sent["price_max"]) == (["300000"], ["300000"])
    saved = client.post(first.location, data=sent | {"earlier_uses": ["无"]})
    assert saved.status_code == 302
    page = client.get(saved.location, headers=EN).text
    submit = next(form for form in forms_of(page) if form.action.endswith("/submit"))
    assert client.post(submit.action, data=submit.sent).status_code == 302
    assert get_product(database, saved.location.split("/")[2]).state == "submitted"
