"""Judging as the owner's people use it, and what a supplier sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from scenario_hall.applications.judging import service as judging
from scenario_hall.applications.judging.models import Mark
from scenario_hall.applications.models import Application
from scenario_hall.core.policy import Role
from scenario_hall.organizations.members import add_member
from tests.web.conftest import token
from tests.world import World

ENGLISH = {"Accept-Language": "en"}


def evaluator(hall: World) -> str:
    person = hall.person("viewer@port.example", "Second Evaluator")
    add_member(hall.session, account=person, organization=hall.port, role=Role.VIEWER)
    return person.email


def scored(hall: World, application: Application, comment: str) -> None:
    judging.declare_interest(hall.demand, session=hall.session, application=application, has_conflict=False)
    judging.score_application(
        hall.demand,
        session=hall.session,
        application=application,
        version=None,
        marks=[Mark(mark=4, comment=comment)] * 5,
    )


def post_score(client: FlaskClient, application: Application, **more: str) -> str:
    path = f"/applications/{application.code}/judging"
    data = {"csrf_token": token(client, path), "version": "1", "marks-0-comment": "夜间样张清晰", **more}
    data |= {f"marks-{place}-mark": "2" for place in range(5)}
    return client.post(path, data=data, headers=ENGLISH, follow_redirects=True).text


def test_two_evaluators_score_alone_and_then_together(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    application = hall.application()
    path = f"/applications/{application.code}/judging"
    page = f"/scenarios/{application.scenario.code}/judging"
    scored(hall, application, "自动机场换电可靠")
    viewer, editor = as_person(evaluator(hall)), as_person("port@port.example")
    assert "自动机场换电可靠" not in viewer.get(path).text
    assert "Open the joint round" not in editor.get(page, headers=ENGLISH).text
    viewer.post(f"{path}/interest", data={"csrf_token": token(viewer, path), "conflict": "0"})
    assert "Your score has been recorded." in post_score(viewer, application)
    told = editor.get(page, headers=ENGLISH).text
    assert "Open the joint round" in told and "Maturity" in told
    editor.post(f"{page}/reveal", data={"csrf_token": token(editor, page)})
    assert re.search(r">\s*3\.00\s*<", viewer.get(page, headers=ENGLISH).text)
    assert "自动机场换电可靠" in viewer.get(path).text
    assert "Explain why you are revising your score." in post_score(viewer, application)
    assert "Your score has been recorded." in post_score(viewer, application, reason="看过实测数据")


def test_a_criterion_without_a_mark_keeps_what_was_typed(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    application, client = hall.application(), as_person("port@port.example")
    judging.declare_interest(hall.demand, session=hall.session, application=application, has_conflict=False)
    path = f"/applications/{application.code}/judging"
    data = {"csrf_token": token(client, path), "version": "0", "marks-0-mark": "4", "marks-0-comment": "已写的意见"}
    data |= {f"marks-{place}-mark": "" for place in range(1, 5)}
    answer = client.post(path, data=data, headers=ENGLISH)
    assert answer.status_code == 200
    assert "Give every criterion a mark" in answer.text and "已写的意见" in answer.text


def test_the_table_shows_answers_verdicts_and_what_is_lacking(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    scenario = hall.released_scenario()
    first = hall.application(scenario, hall.listed_product(price_min=400_000, price_max=500_000))
    hall.application(scenario, hall.listed_product(title="系留气球巡检平台", specifications=[]))
    page = as_person("port@port.example").get(f"/scenarios/{scenario.code}/judging", headers=ENGLISH).text
    assert "系留气球巡检平台" in page and "500,000" in page
    assert "verdict-met" in page and "verdict-unknown" in page
    assert f"{first.code}</span> missing: 2" in page


def test_the_table_as_a_file_holds_no_mark_before_the_joint_round(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    application = hall.application()
    page = f"/scenarios/{application.scenario.code}/judging"
    path = f"/applications/{application.code}/judging"
    scored(hall, application, "自动机场换电可靠")
    viewer, editor = as_person(evaluator(hall)), as_person("port@port.example")
    (row,) = viewer.get(f"{page}?format=json").get_json()["rows"]
    assert (row["code"], row["own_score"]) == (application.code, "")
    assert not [name for name in row if "mean" in name]
    assert editor.get(f"{page}?format=json").get_json()["rows"][0]["own_score"] == "4 · 4 · 4 · 4 · 4"
    viewer.post(f"{path}/interest", data={"csrf_token": token(viewer, path), "conflict": "0"})
    post_score(viewer, application)
    editor.post(f"{page}/reveal", data={"csrf_token": token(editor, page)})
    (row,) = viewer.get(f"{page}?format=json").get_json()["rows"]
    assert (row["mean_1"], row["joint_mean"], row["own_score"]) == (3.0, 3.0, "2 · 2 · 2 · 2 · 2")
    assert "自动机场换电可靠" not in str(row)  # comments stand on the page of one application
    assert as_person("maker@maker.example").get(f"{page}?format=json").status_code == 403


def test_editors_change_names_and_weights_of_the_criteria(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    scenario, client = hall.released_scenario(), as_person("port@port.example")
    path = f"/scenarios/{scenario.code}/judging/criteria"
    assert "成熟度" in client.get(path).text
    data = {
        "csrf_token": token(client, path),
        "version": "0",
        "criteria-0-name": "成熟度",
        "criteria-0-weight": "1",
        "criteria-1-name": "抗风能力",
        "criteria-1-weight": "5",
        "criteria-2-name": "",
        "criteria-2-weight": "3",
    }
    assert client.post(path, data=data).status_code == 302
    hall.session.rollback()
    stored = judging.judging_of(hall.session, scenario).criterion_lines
    assert [(each.key or each.name, each.weight) for each in stored] == [("maturity", 1), ("抗风能力", 5)]


def test_the_supplier_sees_nothing_of_the_judging(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    application = hall.application()
    scored(hall, application, "不给供应方看的意见")
    path = f"/applications/{application.code}"
    owner, supplier = as_person("port@port.example"), as_person("maker@maker.example")
    assert "Scored by an evaluator" in owner.get(path, headers=ENGLISH).text
    seen = supplier.get(path, headers=ENGLISH).text
    assert "不给供应方看的意见" not in seen and "evaluator" not in seen.lower() and "judging" not in seen.lower()
    assert supplier.get(f"{path}/judging").status_code == 403


def test_a_scenario_with_undecided_applications_offers_the_decisions_instead_of_closing(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    application, client = hall.application(), as_person("port@port.example")
    path = f"/scenarios/{application.scenario.code}"
    told = client.get(path, headers=ENGLISH).text
    assert "Before closing" in told and f'action="{path}/close"' not in told
    answer = client.post(f"{path}/close", data={"csrf_token": token(client, path), "reason": "已选定"}, headers=ENGLISH)
    assert answer.status_code == 409 and application.code in answer.text
