"""What people do beside the lifecycles: ask and answer, write to each other, mark, say what they think, follow up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.outcomes.adoption.follow_ups import ask_due_follow_ups
from scenario_hall.worker.loop import catch_up_all
from tests.api.conftest import Program
from tests.world import World


def test_questions_are_public_and_answered_by_their_number(
    hall: World, anybody: Program, demand: Program, supplier: Program
) -> None:
    path = f"/scenarios/{hall.released_scenario().code}"
    hall.session.commit()
    supplier.do(f"{path}/ask_question", {"text": "夜间可以飞吗?"})
    told = anybody.get(f"{path}/questions").json or {}
    assert told["takes_questions"] and [each["text"] for each in told["items"]] == ["夜间可以飞吗?"]
    demand.do(f"{path}/answer_question", {"question": told["items"][0]["id"], "text": "可以。"})
    (answered,) = (anybody.get(f"{path}/questions").json or {})["items"]
    assert answered["answer"] == "可以。" and "account" not in str(answered)


def test_the_two_sides_write_to_each_other_and_nobody_else_reads_it(
    hall: World, demand: Program, supplier: Program, administrator: Program, program: Callable[..., Program]
) -> None:
    path = f"/applications/{hall.application().code}/messages"
    hall.session.commit()
    sent = demand.send("POST", path, {"text": "请补充续航数据"}, Idempotency_Key="m")
    again = demand.send("POST", path, {"text": "请补充续航数据"}, Idempotency_Key="m")
    assert sent.status_code == 201 and sent.json == again.json
    (read,) = (supplier.get(path).json or {})["items"]
    assert (read["text"], read["side"], read["is_new"]) == ("请补充续航数据", "demand", True)
    assert (demand.get(path).json or {})["items"][0]["is_new"] is False
    assert supplier.send("POST", path, {"text": " "}).status_code == 422
    assert administrator.get(path).status_code == 403
    assert program(hall.person("x@x.example")).get(path).status_code == 404


def test_bookmarks_are_ones_own(hall: World, demand: Program, supplier: Program, anybody: Program) -> None:
    scenario, product = hall.released_scenario(), hall.listed_product()
    draft = hall.draft_product()
    hall.session.commit()
    for key in (f"scenario/{scenario.code}", f"product/{product.code}", f"organization/{hall.maker.pk}"):
        assert demand.send("PUT", f"/bookmarks/{key}").status_code == 200
        assert demand.send("PUT", f"/bookmarks/{key}").status_code == 200
    kept = [(each["kind"], each["key"]) for each in (demand.get("/bookmarks").json or {})["items"]]
    assert set(kept) == {
        ("scenario", scenario.code),
        ("product", product.code),
        ("organization", str(hall.maker.pk)),
    }
    for each in (demand.get("/bookmarks").json or {})["items"]:
        assert anybody.get(each["link"].removeprefix("/api/v1")).status_code == 200
    assert (supplier.get("/bookmarks").json or {})["items"] == []
    assert demand.send("DELETE", f"/bookmarks/scenario/{scenario.code}").status_code == 200
    assert len((demand.get("/bookmarks").json or {})["items"]) == 2
    for wrong in (f"product/{draft.code}", "product/P-1999-000001", "outcome/1", "organization/x"):
        assert demand.send("PUT", f"/bookmarks/{wrong}").status_code == 404


def test_an_owner_says_what_matches_are_worth_and_proposes_jointly(
    hall: World, demand: Program, supplier: Program, hall_settings: Settings, sqlite_engine: Engine
) -> None:
    scenario, product = hall.released_scenario(), hall.listed_product()
    hall.session.commit()
    assert catch_up_all(sqlite_engine, hall_settings)
    path = f"/scenarios/{scenario.code}/matches/{product.code}"
    assert demand.send("PUT", path, {"opinion": "invited"}).json == {
        "scenario": scenario.code,
        "product": product.code,
        "opinion": "invited",
    }
    assert (demand.send("PUT", path, {"opinion": "useful"}).json or {})["opinion"] == "invited"
    assert supplier.send("PUT", path, {"opinion": "useful"}).status_code == 403
    assert demand.send("PUT", path, {"opinion": "great"}).status_code == 422
    other = hall.released_scenario()
    hall.session.commit()
    # Both are one organisation's: there is nobody to propose it to.
    assert demand.send("POST", f"/scenarios/{scenario.code}/jointly/{other.code}").status_code == 404


def test_follow_ups_are_answered_once_asked_and_what_is_public_is_told(
    hall: World, demand: Program, supplier: Program, anybody: Program
) -> None:
    outcome = hall.approved()
    product = outcome.product.code
    hall.session.commit()
    path = f"/outcomes/{outcome.code}/follow-ups"
    assert anybody.get(path).status_code == 401
    assert all(not each["may_answer"] for each in (demand.get(path).json or {})["items"])
    body = {"version": 1, "contract": "yes", "amount": "100k_to_500k", "second_order": True, "still_in_use": True}
    assert demand.send("PUT", f"{path}/3", body).status_code == 404
    with clock.at(now() + timedelta(days=101)):
        ask_due_follow_ups(hall.session)
    hall.session.commit()
    first = (demand.get(path).json or {})["items"][0]
    assert first["may_answer"] and first["answers"] is None
    more = {"version": first["version"], "adopters_count": 3, "adopters": [{"name": "某机场", "region": "440400"}]}
    answered = demand.send("PUT", f"{path}/3", {**body, **more})
    assert answered.status_code == 200, answered.text
    assert demand.send("PUT", f"{path}/3", {**body, **more}).status_code == 412
    (told,) = (anybody.get(f"/products/{product}/adoptions").json or {})["items"]
    assert told["contract"] == "yes" and told["amount"] is None  # the supplier has not said that it may be shown
    assert {(each["region"], each["count"]) for each in told["adopters"]} == {("440400", 1), ("", 2)}
    assert "某机场" not in anybody.get(f"/products/{product}/adoptions").text
    shown = {**body, **more, "version": (answered.json or {})["version"], "may_show_amount": True}
    assert supplier.send("PUT", f"{path}/3", shown).status_code == 200
    assert (anybody.get(f"/products/{product}/adoptions").json or {})["items"][0]["amount"] == "100k_to_500k"
    too_many = {**shown, "version": 3, "adopters_count": 0}
    assert supplier.send("PUT", f"{path}/3", too_many).status_code == 422
