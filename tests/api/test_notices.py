"""Notices by the API: one's own, in the caller's language, read one by one or all that was seen."""

from __future__ import annotations

from flask import Flask

from scenario_hall.config import Settings
from scenario_hall.worker.loop import catch_up_all
from tests.api.conftest import Program
from tests.world import World


def test_a_program_reads_what_its_person_was_told(
    app: Flask, hall: World, demand: Program, supplier: Program, anybody: Program, hall_settings: Settings
) -> None:
    application = hall.application()
    hall.session.commit()
    assert catch_up_all(app.extensions["hall_engine"], hall_settings)
    (notice,) = (demand.get("/notices?kind=application&lang=en").json or {})["items"]
    assert notice["told"] == "A supplier has applied to your scenario"
    assert notice["reason"] == "Your organisation is one of the two sides."
    assert notice["page"] == f"/applications/{application.code}" and notice["about"] == application.code
    path = notice["link"].removeprefix("/api/v1")
    assert (demand.get(f"{path}?lang=en").json or {})["read_at"] is None
    assert supplier.get(path).status_code == 404 and anybody.get(path).status_code == 401
    assert supplier.send("POST", f"{path}/read").status_code == 404
    assert (demand.send("POST", f"{path}/read").json or {})["read_at"]
    unread = (demand.get("/notices?unread=true").json or {})["items"]
    assert notice["id"] not in {each["id"] for each in unread} and unread
    assert [each["id"] for each in (demand.get("/notices?unread=false").json or {})["items"]] == [notice["id"]]
    newest = unread[0]["id"]
    answer = demand.send("POST", "/notices/read", {"newest": newest - 1, "about": "nothing"})
    assert answer.json == {"read": 0}
    assert demand.send("POST", "/notices/read", {"newest": newest}).json == {"read": len(unread)}
    assert (demand.get("/notices?unread=true").json or {})["items"] == []
    assert demand.send("POST", "/notices/read", {}).status_code == 422
