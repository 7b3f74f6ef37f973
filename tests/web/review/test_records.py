"""The administrators' queues and the page on which they decide."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.web.conftest import token
from tests.world import World

ADMIN = "admin@hall.example"


def test_what_waits_stands_in_its_queue_until_it_is_decided(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    code = hall.submitted_scenario().code
    admin, page = as_person(ADMIN), f"/review/scenarios/{code}"
    assert page in admin.get("/review/?queue=scenarios").text
    answer = admin.post(page, data={"csrf_token": token(admin, page), "action": "release"})
    assert answer.location == "/review/?queue=scenarios"
    assert page not in admin.get("/review/?queue=scenarios").text


def test_without_a_reason_the_page_comes_back_with_what_was_typed(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    code = hall.submitted_scenario().code
    admin, page = as_person(ADMIN), f"/review/scenarios/{code}"
    typed = {"csrf_token": token(admin, page), "action": "return", "reason": " ", "note-title": "标题太笼统"}
    answer = admin.post(page, data=typed)
    assert answer.status_code == 200 and "标题太笼统" in answer.text and 'role="alert"' in answer.text
    answer = admin.post(page, data={**typed, "reason": "请写清楚"})
    assert answer.location == "/review/?queue=scenarios"


def test_gaps_have_a_new_address_and_the_old_one_leads_there(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    admin = as_person(ADMIN)
    assert admin.get("/review/gaps").status_code == 200
    moved = admin.get("/review/lacks")
    assert (moved.status_code, moved.location) == (301, "/review/gaps")
