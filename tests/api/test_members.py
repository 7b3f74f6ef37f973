"""An organisation is registered, described and kept by its people's programs, as on its pages."""

from __future__ import annotations

from collections.abc import Callable

from scenario_hall.core.policy import Role
from scenario_hall.organizations.members import add_member
from tests.api.conftest import Program
from tests.world import World

NEW = {
    "name": "新港检测有限公司",
    "side": "supply",
    "registration_kind": "hk_br",
    "registration_number": "12345678",
    "region": "440300",
}


def test_an_organisation_is_registered_proved_and_described(
    hall: World, program: Callable[..., Program], administrator: Program, anybody: Program
) -> None:
    person = hall.person("new@new.example", "新人")
    mine = program(person)
    made = mine.send("POST", "/organizations", NEW, Idempotency_Key="one")
    again = mine.send("POST", "/organizations", NEW, Idempotency_Key="one")
    assert made.status_code == 201 and again.json == made.json
    number = (made.json or {})["id"]
    own, path = program(person, organization=number), f"/organizations/{number}"
    assert anybody.get(path).status_code == 404
    file = own.send("POST", f"{path}/files?name=br.pdf&role=registration_document", b"%PDF-1.7 a proof")
    assert file.status_code == 201
    assert administrator.get(f"/files/{(file.json or {})['id']}").data == b"%PDF-1.7 a proof"
    told = own.do(path, {"description": "检测无人机"}, method="PATCH")
    assert told["description"] == "检测无人机" and told["name"] == NEW["name"] and "edit" in told["actions"]
    assert own.send("PATCH", path, {"description": "x"}).status_code == 428
    assert own.send("PATCH", path, {"description": "x"}, If_Match='"1"').status_code == 412
    assert administrator.do(f"{path}/verify")["state"] == "verified"
    assert anybody.get(path).status_code == 200
    twin = mine.send("POST", "/organizations", {**NEW, "name": "另一家"})
    assert twin.status_code == 422 and twin.json["faults"][0]["pointer"] == "/registration_number"  # type: ignore[index]


def test_the_bounds_of_what_it_states_are_the_services_own(hall: World, demand: Program, supplier: Program) -> None:
    path = f"/organizations/{hall.port.pk}"
    tag = demand.get(path).headers["ETag"]
    wrong = demand.send("PATCH", path, {"website": "javascript:alert(1)"}, If_Match=tag)
    assert wrong.status_code == 422 and wrong.json["faults"][0]["pointer"] == "/website"  # type: ignore[index]
    assert demand.send("PATCH", path, {"state": "verified"}, If_Match=tag).status_code == 422
    assert supplier.send("PATCH", path, {"description": "x"}, If_Match=tag).status_code == 403


def test_members_ask_are_let_in_change_and_leave(
    hall: World, program: Callable[..., Program], demand: Program, supplier: Program, anybody: Program
) -> None:
    path, person = f"/organizations/{hall.port.pk}/members", hall.person("late@port.example", "后来")
    late = program(person)
    asked = late.send("POST", path)
    assert asked.status_code == 201 and (asked.json or {})["is_active"] is False
    assert late.send("POST", path).status_code == 409
    member = f"{path}/{(asked.json or {})['id']}"
    assert supplier.get(path).status_code == 403 and anybody.get(path).status_code == 401
    assert supplier.send("PUT", member, {"role": "owner"}).status_code == 403
    told = (demand.send("PUT", member, {"role": "viewer"}).json or {})["items"]
    assert [(each["name"], each["role"], each["is_active"]) for each in told][-1] == ("后来", "viewer", True)
    assert demand.send("PUT", member, {"role": "king"}).status_code == 422
    assert late.send("DELETE", member).status_code == 200
    assert demand.send("DELETE", member).status_code == 404
    own = (demand.get(path).json or {})["items"][0]["id"]
    assert demand.send("DELETE", f"{path}/{own}").status_code == 422  # one owner stays


def test_colleagues_and_suppliers_are_invited(hall: World, demand: Program, supplier: Program) -> None:
    path = f"/organizations/{hall.port.pk}/invitations"
    sent = demand.send("POST", path, {"email": "colleague@port.example", "role": "editor", "locale": "pt"})
    assert sent.status_code == 201 and (sent.json or {})["is_good"] is True
    code = hall.released_scenario().code
    hall.session.commit()
    guest = demand.send("POST", f"/scenarios/{code}/invitations", {"email": "sales@maker.example"})
    assert guest.status_code == 201 and (guest.json or {})["role"] == ""
    open_ones = (demand.get(path).json or {})["items"]
    assert {each["email"] for each in open_ones} == {"colleague@port.example", "sales@maker.example"}
    number = (sent.json or {})["id"]
    assert demand.send("POST", f"{path}/{number}/resend").status_code == 200
    assert demand.send("DELETE", f"{path}/{number}").status_code == 200
    assert demand.send("POST", f"{path}/{number}/resend").status_code == 409
    assert supplier.get(path).status_code == 403
    assert supplier.send("POST", path, {"email": "a@b.example"}).status_code == 403
    assert supplier.send("POST", f"/scenarios/{code}/invitations", {"email": "a@b.example"}).status_code == 403
    assert demand.send("POST", path, {"email": "no address"}).status_code == 422


def test_a_viewer_reads_and_changes_nothing(hall: World, program: Callable[..., Program]) -> None:
    person = hall.person("viewer@port.example", "看")
    add_member(hall.session, account=person, organization=hall.port, role=Role.VIEWER)
    viewer, path = program(person, organization=hall.port.pk), f"/organizations/{hall.port.pk}"
    assert viewer.get(f"{path}/members").status_code == 200
    assert viewer.get(f"{path}/invitations").status_code == 403
    tag = viewer.get(path).headers["ETag"]
    assert viewer.send("PATCH", path, {"description": "x"}, If_Match=tag).status_code == 403


def test_changed_facts_and_platforms_are_decided_by_administrators(
    hall: World, demand: Program, administrator: Program
) -> None:
    path = f"/organizations/{hall.port.pk}"
    changed = demand.do(
        path,
        {"legal_person": "李四", "is_pilot_platform": True, "pilot_capabilities": "栈桥", "pilot_capacity": 2},
        method="PATCH",
    )
    assert "check_facts" not in changed["actions"]
    assert {"check_facts", "recognise"} <= set((administrator.get(path).json or {})["actions"])
    assert demand.send("POST", f"{path}/recognise", {"is_recognised": True}, If_Match="*").status_code == 403
    refused = administrator.send("POST", f"{path}/check_facts", {"is_confirmed": False}, If_Match="*")
    assert refused.status_code == 422 and refused.json["faults"][0]["pointer"] == "/reason"  # type: ignore[index]
    assert "check_facts" not in administrator.do(f"{path}/check_facts", {"is_confirmed": True})["actions"]
    assert administrator.do(f"{path}/recognise", {"is_recognised": True})["is_pilot_platform"] is True
