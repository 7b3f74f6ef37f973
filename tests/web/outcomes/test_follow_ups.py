"""The one-minute form, the desk, a product's adoptions, and the administrators' sums."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.policy import Role
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes.adoption import follow_ups as following
from scenario_hall.outcomes.adoption.models import FollowUp
from tests.web.conftest import token
from tests.world import World

ANSWERS = {
    "contract": "yes",
    "amount": "100k_to_500k",
    "second_order": "no",
    "still_in_use": "yes",
    "adopters_count": "3",
    "adopters-0-name": "湾西港务",
    "adopters-0-region": "440400",
    "remark": "下半年再议",
}


@pytest.fixture
def follow_up(hall: World) -> FollowUp:
    """A question that was asked, of a first approved some hundred days ago."""
    with clock.at(now() - timedelta(days=110)):
        question = following.follow_ups_of(hall.session, hall.approved())[0]
    with clock.at(clock.end_of_local_day(question.due_on)):
        following.ask_due_follow_ups(hall.session)
    return question


def page_of(follow_up: FollowUp) -> str:
    return f"/outcomes/{follow_up.outcome.code}/follow-up/3"


def send(client: FlaskClient, follow_up: FollowUp, version: int = 1, **changes: str) -> TestResponse:
    path = page_of(follow_up)
    data = {**ANSWERS, **changes, "csrf_token": token(client, path), "version": str(version)}
    return client.post(path, data=data)


def english(client: FlaskClient, path: str) -> str:
    text = client.get(path, headers={"Accept-Language": "en"}).text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def test_it_works(follow_up: FollowUp, as_person: Callable[[str], FlaskClient], visitor: FlaskClient) -> None:
    supplier = as_person("maker@maker.example")
    assert page_of(follow_up) in supplier.get("/desk").text
    assert send(supplier, follow_up).status_code == 302
    assert page_of(follow_up) not in supplier.get("/desk").text
    shown = english(visitor, f"/products/{follow_up.outcome.product.code}")
    assert "Amount not published" in shown and "Zhuhai 1" in shown and "region not stated 2" in shown
    assert "湾西港务" not in shown and "下半年再议" not in shown


def test_the_amount_is_shown_when_the_supplier_permits_it(
    follow_up: FollowUp, as_person: Callable[[str], FlaskClient], visitor: FlaskClient
) -> None:
    assert 'name="may_show_amount"' not in as_person("port@port.example").get(page_of(follow_up)).text
    send(as_person("maker@maker.example"), follow_up, may_show_amount="y")
    assert "100,000 to 500,000 yuan" in english(visitor, f"/products/{follow_up.outcome.product.code}")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contract": ""}, "contract"),
        ({"contract": "no"}, "amount"),
        ({"contract": "sometimes"}, "contract"),
        ({"adopters_count": "0"}, "adopters_count"),
        ({"adopters_count": "viele"}, "adopters_count"),
        ({"adopters_count": "-1"}, "adopters_count"),
        ({"adopters-0-region": "999999"}, "adopters-0-region"),
        ({"remark": "多" * 2001}, "remark"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(
    follow_up: FollowUp, as_person: Callable[[str], FlaskClient], changes: dict[str, str], field: str
) -> None:
    answer = send(as_person("port@port.example"), follow_up, **changes)
    assert answer.status_code == 200 and f'href="#{field}"' in answer.text
    assert not re.search(r"(\S; ){3}", answer.text), "a message is shown in words, not letter by letter"
    typed = {**ANSWERS, **changes}
    assert typed["remark"] in answer.text and "湾西港务" in answer.text
    assert f'value="{typed["adopters_count"]}"' in answer.text


def test_who_was_overtaken_sees_the_other_answer_and_keeps_his_own(
    follow_up: FollowUp, as_person: Callable[[str], FlaskClient]
) -> None:
    send(as_person("port@port.example"), follow_up, remark="港务先答")
    late = send(as_person("maker@maker.example"), follow_up, remark="供方后答")
    assert late.status_code == 200 and "港务先答" in late.text and "供方后答" in late.text
    assert send(as_person("maker@maker.example"), follow_up, version=2, remark="供方后答").status_code == 302


def test_a_viewer_of_a_side_reads_and_does_not_answer(
    hall: World, follow_up: FollowUp, as_person: Callable[[str], FlaskClient]
) -> None:
    reader = hall.person("reader@maker.example")
    add_member(hall.session, account=reader, organization=hall.maker, role=Role.VIEWER)
    client = as_person("reader@maker.example")
    assert 'name="contract"' not in client.get(page_of(follow_up)).text
    data = {**ANSWERS, "csrf_token": token(client, "/password/forgotten")}
    assert client.post(page_of(follow_up), data=data).status_code == 403


def test_every_figure_opens_its_list(follow_up: FollowUp, as_person: Callable[[str], FlaskClient]) -> None:
    administrator = as_person("admin@hall.example")
    path = page_of(follow_up)
    assert path in administrator.get("/review/follow-through?show=due&month=3").text
    assert path not in administrator.get("/review/follow-through?show=due&month=6").text
    send(as_person("port@port.example"), follow_up)
    assert path not in administrator.get("/review/follow-through?show=due").text
    for figure in ("answered", "contracts", "adopters", "in_use"):
        assert path in administrator.get(f"/review/follow-through?show={figure}&month=3").text
    assert path not in administrator.get("/review/follow-through?show=second_orders").text
    assert "100 %" in administrator.get("/review/follow-through").text


def test_a_product_without_a_first_says_so(hall: World, visitor: FlaskClient) -> None:
    assert "No first trial or first use has been approved yet" in english(
        visitor, f"/products/{hall.listed_product().code}"
    )
