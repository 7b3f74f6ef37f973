"""The administrators' queues and the page on which they decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from scenario_hall.core import clock
from scenario_hall.core.clock import now
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


def test_objections_and_ended_notices_stand_in_their_queues_until_they_are_decided(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    outcome = hall.claimed()
    for reviewer in hall.reviewers[:2]:
        hall.advised(outcome, reviewer)
    hall.person("stranger@x.example")
    page, admin, stranger = f"/outcomes/{outcome.code}", as_person(ADMIN), as_person("stranger@x.example")

    def waiting() -> dict[str, bool]:
        return {
            queue: f'href="{page}#' in admin.get(f"/review/?queue={queue}").text for queue in ("objections", "notices")
        }

    assert waiting() == {"objections": False, "notices": False}
    sent = stranger.post(f"{page}/objections", data={"csrf_token": token(stranger, page), "reason": "更早已有使用"})
    assert sent.status_code == 302
    assert waiting() == {"objections": True, "notices": False}
    assert "更早已有使用" in admin.get("/review/?queue=objections").text
    assert f'action="{page}/objections"' not in stranger.get(page).text  # one at a time
    with clock.at(now() + timedelta(days=30)):
        admin = as_person("admin@hall.example")
        assert waiting() == {"objections": True, "notices": False}  # no approval before the answer
        answer = {"csrf_token": token(admin, page), "answer": "经查,不属实。"}
        assert admin.post(f"{page}/objections/1", data=answer).status_code == 302
        assert waiting() == {"objections": False, "notices": True}
        shown = admin.get(page).text
        assert 'id="decide"' in shown and f'action="{page}/approve"' in shown
        assert admin.post(f"{page}/approve", data={"csrf_token": token(admin, page)}).status_code == 302
        assert waiting() == {"objections": False, "notices": False}
