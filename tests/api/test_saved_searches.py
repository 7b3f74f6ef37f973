"""Saved searches by the API: one's own, in the version that was seen, with what they found."""

from __future__ import annotations

from flask import Flask

from scenario_hall.config import Settings
from scenario_hall.worker.loop import catch_up_all
from tests.api.conftest import Program
from tests.world import World

NEW = {"name": "Drones", "rhythm": "at_once", "asked": {"q": "无人机", "region": ["440300"], "deadline": 90}}


def test_a_program_saves_reads_changes_and_deletes(
    app: Flask, hall: World, demand: Program, supplier: Program, anybody: Program, hall_settings: Settings
) -> None:
    made = demand.send("POST", "/saved-searches", NEW, Idempotency_Key="a")
    assert (
        made.status_code == 201 and made.json is not None and made.json["asked"] == {**NEW["asked"], "deadline": 90.0}
    )
    assert demand.send("POST", "/saved-searches", NEW, Idempotency_Key="a").json == made.json
    assert demand.send("POST", "/saved-searches", NEW).status_code == 409
    path = made.headers["Location"].removeprefix("/api/v1")
    assert supplier.get(path).status_code == 404 and anybody.get(path).status_code == 401
    assert [each["id"] for each in (demand.get("/saved-searches").json or {})["items"]] == [made.json["id"]]
    assert (supplier.get("/saved-searches").json or {})["items"] == []
    scenario = hall.released_scenario()
    hall.session.commit()
    assert catch_up_all(app.extensions["hall_engine"], hall_settings)
    (hit,) = (demand.get(f"{path}/hits").json or {})["items"]
    assert hit["record"]["code"] == scenario.code and hit["why"]["words"] == ["无人机"] and hit["told_at"]
    assert supplier.get(f"{path}/hits").status_code == 404
    tag = made.headers["ETag"]
    changed = demand.send("PATCH", path, {"is_paused": True}, If_Match=tag)
    assert changed.status_code == 200 and changed.json is not None
    assert (changed.json["is_paused"], changed.json["rhythm"], changed.json["version"]) == (True, "at_once", 2)
    assert demand.send("PATCH", path, {"rhythm": "none"}, If_Match=tag).status_code == 412
    assert demand.send("DELETE", path, If_Match=changed.headers["ETag"]).status_code == 200
    assert demand.get(path).status_code == 404


def test_what_cannot_be_saved_is_told_apart(hall: World, demand: Program, supplier: Program) -> None:
    scenario = hall.released_scenario()
    hall.session.commit()
    subject = {"kind": "scenario", "id": scenario.pk}
    for body, status in (
        ({"name": "x"}, 422),
        ({"name": "x", "asked": {}}, 422),
        ({"name": " ", "asked": {"q": "x"}}, 422),
        ({"name": "x", "asked": {"q": "x", "region": ["999999"]}}, 422),
        ({"name": "x", "asked": {"q": 1}}, 422),
        ({"name": "x", "asked": {"budget_min": "1"}}, 422),
        ({"name": "x", "watch": "products"}, 404),
        ({"name": "x", "watch": "products", "subject": subject}, 403),
        ({"name": "x", "watch": "record", "subject": subject}, 201),
    ):
        answer = supplier.send("POST", "/saved-searches", body)
        assert answer.status_code == status, (body, answer.text)
    assert (
        demand.send("POST", "/saved-searches", {"name": "x", "watch": "products", "subject": subject}).status_code
        == 201
    )
