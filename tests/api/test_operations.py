"""What is declared against what the hall's own tables say: every action of every lifecycle, and what each answer shows
to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from scenario_hall.api import applications, organizations, outcome_acts
from scenario_hall.api.declaring import Call, Operation, unique
from scenario_hall.api.document import SUBJECTS
from scenario_hall.api.operations import OPERATIONS
from scenario_hall.api.products import PRODUCTS
from scenario_hall.api.scenarios import SCENARIOS
from scenario_hall.api.values import Query, Told
from scenario_hall.applications.lifecycle import LIFECYCLE as APPLICATION
from scenario_hall.config import Settings
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.organizations.lifecycle import LIFECYCLE as ORGANIZATION
from scenario_hall.organizations.tokens import Scope
from scenario_hall.outcomes.lifecycle import LIFECYCLE as OUTCOME
from scenario_hall.products.lifecycle import LIFECYCLE as PRODUCT
from scenario_hall.scenarios.lifecycle import LIFECYCLE as SCENARIO
from scenario_hall.worker.loop import catch_up_all
from tests.api.conftest import Program
from tests.world import World

# Table, its actions here, and those that come about by another one; the clock's own is nobody's.
TABLES: dict[str, tuple[Lifecycle, Any, dict[str, str]]] = {
    "scenario": (SCENARIO, SCENARIOS.acts, {"expire": ""}),
    "product": (PRODUCT, PRODUCTS.acts, {}),
    "application": (APPLICATION, applications.ACTS, {}),
    "organization": (ORGANIZATION, organizations.ACTS, {}),
    "outcome": (OUTCOME, outcome_acts.ACTS, outcome_acts.BY_OTHERS),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_action_of_a_lifecycle_is_an_operation(name: str) -> None:
    lifecycle, acts, by_others = TABLES[name]
    assert set(lifecycle.actions) - set(by_others) <= set(acts)
    assert all(other in acts for other in by_others.values() if other)
    paths = {
        each.path.rpartition("/")[2] for each in OPERATIONS if each.name.endswith(f"_{name}") and each.is_versioned
    }
    assert set(acts) <= paths


def test_administrators_scopes_are_for_what_administrators_alone_do() -> None:
    by_name = {each.name: each.scopes for each in OPERATIONS}
    assert by_name["release_scenario"] == by_name["advise_outcome"] == by_name["verify_organization"] == (Scope.REVIEW,)
    assert by_name["approve_outcome"] == by_name["revoke_outcome"] == (Scope.CERTIFY,)
    assert by_name["withdraw_scenario"] == by_name["delist_product"] == (Scope.WRITE, Scope.REVIEW)
    assert by_name["submit_scenario"] == (Scope.WRITE,) and by_name["confirm_outcome"] == (Scope.TRIALS,)
    assert {each.subject for each in OPERATIONS} == set(SUBJECTS)


@pytest.mark.parametrize("name", ["scenario", "product"])
def test_every_link_leads_from_what_was_made_to_what_may_be_done(
    hall: World, demand: Program, supplier: Program, name: str
) -> None:
    kind, program, owner = {
        "scenario": (SCENARIOS, demand, hall.port.pk),
        "product": (PRODUCTS, supplier, hall.maker.pk),
    }[name]
    described = program.document.told["paths"][f"/api/v1/{kind.subject}"]["post"]["responses"]["201"]["links"]
    by_name = {each.name: each for each in OPERATIONS}
    assert {f"get_{name}", f"submit_{name}", f"edit_{name}", f"delete_{name}"} <= set(described)
    for link in described.values():
        made = program.send("POST", f"/{kind.subject}", {"organization": owner, "content": dict(kind.example)})
        operation, values = by_name[link["operationId"]], link["parameters"]
        assert values.pop("path.code") == "$response.body#/code"
        path = operation.path.replace("{code}", (made.json or {})["code"])
        sent = {"If_Match": made.headers["ETag"]} if values.pop("header.If-Match", "") else {}
        assert values == {} and bool(sent) == operation.is_versioned
        answer = program.send(operation.method, path, operation.example, **sent)
        # Not in this state, not for its author, lacking something: but found, and in the version that was made.
        assert answer.status_code in (200, 201, 403, 404, 409, 415, 422), (operation.name, answer.text)
        names_another = any(each in operation.name for each in ("revision", "question"))
        assert answer.status_code != 404 or names_another, (operation.name, answer.text)


def test_what_cannot_be_meant_is_not_declared() -> None:
    declared: dict[str, Any] = {"method": "GET", "path": "/x", "subject": "hall", "summary": "x", "answer": Told}

    def run(_call: Call) -> Told:
        return Told()

    one = Operation(name="a", run=run, **declared)
    with pytest.raises(ValueError, match="one name"):
        unique([one, Operation(name="a", run=run, **(declared | {"path": "/y"}))])
    with pytest.raises(ValueError, match="one address"):
        unique([one, Operation(name="b", run=run, **declared)])
    for wrong in ({}, {"method": "POST", "run": run}, {"run": run, "is_versioned": True}):
        with pytest.raises(ValueError, match="a:"):
            Operation(name="a", **(declared | wrong))
    assert Query.model_config["extra"] == "forbid"


def test_who_sees_a_contact_a_draft_and_an_application(
    hall: World, anybody: Program, demand: Program, supplier: Program, administrator: Program
) -> None:
    application = hall.application()
    scenario, draft = application.scenario.code, hall.draft_scenario().code
    hall.session.commit()
    seen = {
        name: (
            (each.get(f"/scenarios/{scenario}").json or {})["content"]["contact_email"] is not None,
            each.get(f"/scenarios/{draft}").status_code,
            each.get(f"/applications/{application.code}").status_code,
        )
        for name, each in (
            ("anybody", anybody),
            ("demand", demand),
            ("supplier", supplier),
            ("administrator", administrator),
        )
    }
    assert seen == {
        "anybody": (False, 404, 401),
        "demand": (True, 200, 200),
        "supplier": (False, 404, 200),
        "administrator": (True, 200, 200),
    }
    assert "secret-contact" not in anybody.get(f"/scenarios/{scenario}").text
    assert "secret-contact" not in anybody.get("/scenarios", Accept="application/jsonl").text


def test_the_list_shows_what_one_by_one_is_shown(
    hall: World, anybody: Program, demand: Program, supplier: Program, administrator: Program
) -> None:
    hall.application()
    hall.draft_scenario()
    hall.submitted_product()
    hall.confirmed(hall.accepted(hall.released_scenario(), hall.listed_product()))
    hall.session.commit()
    whole = {
        path: [each["code"] for each in (administrator.get(f"{path}?limit=100").json or {})["items"]]
        for path in ("/scenarios", "/products", "/applications", "/outcomes")
    }
    assert all(whole.values())
    for program in (anybody, demand, supplier):
        for path, codes in whole.items():
            listed = program.get(f"{path}?limit=100")
            if listed.status_code == 401:
                continue
            shown = {each["code"]: each for each in (listed.json or {})["items"]}
            for code in codes:
                alone = program.get(f"{path}/{code}")
                assert (alone.status_code == 200) == (code in shown), (path, code)
                assert alone.status_code != 200 or alone.json == shown[code]


def test_search_finds_counts_and_goes_on(app: Flask, hall: World, anybody: Program, hall_settings: Settings) -> None:
    made = {hall.released_scenario(title=f"无人机巡检第{number}段").code for number in range(5)}
    hall.listed_product()
    hall.session.commit()
    assert catch_up_all(app.extensions["hall_engine"], hall_settings)
    page: dict[str, Any] = anybody.get("/search?q=无人机&kind=scenario&limit=2").json or {}
    assert page["total"] == 5 and page["facets"]["domain"] == {"low-altitude": 5} and "⟦" in page["items"][0]["marked"]
    seen = [each["code"] for each in page["items"]]
    hall.released_scenario(title="无人机巡检新段")
    hall.session.commit()
    assert catch_up_all(app.extensions["hall_engine"], hall_settings)
    while page["next"]:
        page = anybody.get(f"/search?q=无人机&kind=scenario&limit=2&cursor={page['next']}").json or {}
        seen += [each["code"] for each in page["items"]]
    assert len(seen) == len(set(seen)) and set(seen) >= made
    assert anybody.get("/search?region=440300&budget_min=1&sort=budget&deadline=90").status_code == 200
    for wrong in (
        "region=999999",
        "sort=best",
        "cursor=x",
        "closed=yes",
        "readiness=10",
        "budget_min=1e5",
        "kind=outcome",
    ):
        assert anybody.get(f"/search?{wrong}").status_code == 422, wrong


def test_matches_come_with_their_reasons_to_whom_they_are_shown(
    app: Flask, hall: World, anybody: Program, demand: Program, supplier: Program, hall_settings: Settings
) -> None:
    scenario, product = hall.released_scenario().code, hall.listed_product().code
    hall.session.commit()
    assert catch_up_all(app.extensions["hall_engine"], hall_settings)
    found = demand.get(f"/scenarios/{scenario}/matches?top=3").json or {}
    assert [each["product"]["code"] for each in found["items"]] == [product]
    match = found["items"][0]
    assert match["qualifies"] and match["requirements"][0]["verdict"] == "met"
    assert match["requirements"][0]["stated"]["value"] == 45
    assert [
        each["scenario"]["code"] for each in (supplier.get(f"/products/{product}/matches").json or {})["items"]
    ] == [scenario]
    assert anybody.get(f"/scenarios/{scenario}/matches").status_code == 401
    assert demand.get(f"/products/{product}/matches").status_code == 403


def test_a_change_of_what_is_public_waits_and_is_accepted(hall: World, demand: Program, administrator: Program) -> None:
    path = f"/scenarios/{hall.released_scenario().code}"
    hall.session.commit()
    assert demand.do(f"{path}/amend", {"content": {"timetable": "2031"}, "reason": "x"})["revision"] == 2
    waiting = demand.do(f"{path}/amend", {"content": {"title": "新题目"}, "reason": "x"})["waiting"]
    assert waiting["fields"] == ["title"]
    wrong = administrator.send(
        "POST",
        f"{path}/accept_revision",
        {"version": waiting["version"] + 1},
        If_Match=administrator.get(path).headers["ETag"],
    )
    assert wrong.status_code == 412 and (wrong.json or {})["versions"] == {"sent": 2, "current": 1}
    accepted = administrator.do(f"{path}/accept_revision", {"version": waiting["version"]})
    assert (accepted["content"]["title"], accepted["waiting"], accepted["revision"]) == ("新题目", None, 3)


def test_files_are_brought_while_nobody_relies_on_them(hall: World, demand: Program, supplier: Program) -> None:
    path = f"/scenarios/{hall.draft_scenario().code}"
    hall.session.commit()
    pdf = b"%PDF-1.7 a map"
    kept = demand.send("POST", f"{path}/files?name=map.pdf&role=attachment", pdf, Idempotency_Key="f")
    again = demand.send("POST", f"{path}/files?name=map.pdf&role=attachment", pdf, Idempotency_Key="f")
    assert kept.status_code == 201 and kept.json == again.json
    assert [each["name"] for each in (demand.get(path).json or {})["files"]] == ["map.pdf"]
    other = demand.send("POST", f"{path}/files?name=map.pdf&role=attachment", pdf + b"2", Idempotency_Key="f")
    assert other.status_code == 422
    for name, role, status in (
        ("map.exe", "attachment", 201),  # the bytes say what it is
        ("map.pdf", "evidence", 404),
        ("a\nb.pdf", "attachment", 422),
    ):
        sent = demand.send("POST", f"{path}/files?name={name.replace(chr(10), '%0A')}&role={role}", pdf)
        assert sent.status_code == status, (name, sent.text)
    assert demand.send("POST", f"{path}/files?name=a.exe&role=attachment", b"MZ\x90").status_code == 422
    assert supplier.send("POST", f"{path}/files?name=map.pdf&role=attachment", pdf).status_code == 404
    number = (kept.json or {})["id"]
    assert demand.send("DELETE", f"{path}/files/{number}").status_code == 200
    assert demand.get(f"/files/{number}").status_code == 404


def test_a_draft_is_deleted(hall: World, demand: Program, administrator: Program) -> None:
    path = f"/scenarios/{hall.draft_scenario().code}"
    hall.session.commit()
    tag = demand.get(path).headers["ETag"]
    assert demand.send("DELETE", path, If_Match='"9"').status_code == 412
    assert administrator.send("DELETE", path, If_Match=tag).status_code == 403
    assert demand.send("DELETE", path, If_Match=tag).status_code == 200
    assert demand.get(path).status_code == 404


def test_names_come_in_each_language(hall: World, anybody: Program, program: Callable[..., Program]) -> None:
    told = {
        lang: {each["slug"]: each["name"] for each in (anybody.get(f"/taxonomy?lang={lang}").json or {})["tags"]}
        for lang in ("zh-Hans", "en")
    }
    assert told["zh-Hans"]["low-altitude"] != told["en"]["low-altitude"]
    mine = program(hall.port_person).get("/me").json or {}
    assert mine["organization"] == {"id": hall.port.pk, "name": "湾澜港务"} and mine["is_administrator"] is False
