"""Several evaluators judge through programs: apart at first, then together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenario_hall.core.policy import Role
from scenario_hall.organizations.members import add_member
from tests.api.conftest import Program
from tests.world import World


def marks(version: int, *given: int, reason: str = "") -> dict[str, Any]:
    return {"version": version, "marks": [{"mark": each, "comment": "因为"} for each in given], "reason": reason}


def test_two_evaluators_score_apart_and_then_see_each_other(
    hall: World, program: Callable[..., Program], demand: Program, supplier: Program, administrator: Program
) -> None:
    application = hall.application()
    scenario, code = f"/scenarios/{application.scenario.code}/judging", f"/applications/{application.code}/judging"
    person = hall.person("second@port.example", "二号")
    add_member(hall.session, account=person, organization=hall.port, role=Role.VIEWER)
    hall.session.commit()
    second = program(person, organization=hall.port.pk)
    begun = demand.get(scenario).json or {}
    assert begun["can_set_criteria"] and begun["applications"][0]["lacking"] == 2
    criteria = {
        "version": begun["version"],
        "criteria": [{"name": "可行性", "weight": 3}, {"name": "价格", "weight": 1}],
    }
    told = demand.send("PUT", f"{scenario}/criteria", criteria).json or {}
    assert [each["weight"] for each in told["criteria"]] == [3, 1]
    assert demand.send("PUT", f"{scenario}/criteria", criteria).status_code == 412  # seen before the change
    assert supplier.send("PUT", f"{scenario}/criteria", criteria).status_code == 403
    version = told["version"]
    assert demand.send("POST", code, marks(version, 4, 3)).status_code == 409  # interests come first
    for each in (demand, second):
        assert (each.send("POST", f"{code}/interest", {"has_conflict": False}).json or {})["has_conflict"] is False
    own = demand.send("POST", code, marks(version, 4, 2)).json or {}
    assert own["own"]["marks"][0]["mark"] == 4 and own["scores"] == [] and own["joint_mean"] is None
    assert demand.send("POST", code, marks(version, 4)).status_code == 422
    assert demand.send("POST", f"{scenario}/reveal").status_code == 409
    assert second.send("POST", code, marks(version, 2, 2)).status_code == 200
    assert (second.get(scenario).json or {})["applications"][0]["scores"] == []
    opened = (demand.send("POST", f"{scenario}/reveal").json or {})["applications"][0]
    assert opened["is_revealed"] and len(opened["scores"]) == 2 and opened["joint_mean"] is not None
    assert second.send("POST", code, marks(version, 3, 2)).status_code == 422  # a revision says why
    assert second.send("POST", code, marks(version, 3, 2, reason="听取了意见")).status_code == 200
    assert supplier.get(scenario).status_code == 403
    assert supplier.send("POST", code, marks(version, 5, 5)).status_code == 403
    assert administrator.get(scenario).status_code == 200


def test_who_has_a_conflict_does_not_score(hall: World, demand: Program) -> None:
    application = hall.application()
    hall.session.commit()
    code = f"/applications/{application.code}/judging"
    assert demand.send("POST", f"{code}/interest", {"has_conflict": True}).status_code == 422
    sent = demand.send("POST", f"{code}/interest", {"has_conflict": True, "reason": "亲属"})
    assert (sent.json or {})["has_conflict"] is True
    assert demand.send("POST", code, marks(0, 1, 1, 1, 1)).status_code in (403, 422)
