"""Versions, repeated requests, lists that go on, forms of answers, and what is refused: each as the document says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from scenario_hall.api import serving
from scenario_hall.api.scenarios import EXAMPLE as SCENARIO
from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.log.chain import Event, last_id
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.organizations.tokens import Scope
from scenario_hall.scenarios.models import Scenario
from tests.api.conftest import Document, Program
from tests.web.conftest import token as form_token
from tests.world import PASSWORD, World


def new(hall: World) -> dict[str, object]:
    return {"organization": hall.port.pk, "content": SCENARIO}


def lines(hall: World) -> int:
    """How many lines the log has now."""
    hall.session.rollback()
    return last_id(hall.session)


def test_a_change_says_which_version_it_saw(hall: World, demand: Program) -> None:
    made = demand.send("POST", "/scenarios", new(hall))
    path, tag = f"/scenarios/{(made.json or {})['code']}", made.headers["ETag"]
    change = {"content": {"title": "新题目"}}
    assert demand.send("PATCH", path, change).status_code == 428
    changed = demand.send("PATCH", path, change, If_Match=tag)
    assert changed.status_code == 200 and (changed.json or {})["content"]["title"] == "新题目"
    stale = demand.send("PATCH", path, {"content": {"title": "别的"}}, If_Match=tag)
    assert stale.status_code == 412
    assert (stale.json or {})["versions"] == {"sent": 1, "current": 2}
    assert (demand.get(path).json or {})["content"]["title"] == "新题目"
    for wrong in ('"nothing"', "2", '"2', '"1", "2"', 'W/"x.y"'):
        assert demand.send("PATCH", path, change, If_Match=wrong).status_code == 412
    for present in ('W/"2"', '"3"', "*", '"5.0"'):
        assert demand.send("PATCH", path, change, If_Match=present).status_code == 200


def test_what_has_not_changed_is_not_sent_again(hall: World, anybody: Program, demand: Program) -> None:
    code = hall.released_scenario().code
    hall.session.commit()
    for path in (
        f"/scenarios/{code}",
        "/scenarios",
        f"/scenarios/{code}?fields=title,content&lang=pt"[:0] or "/taxonomy",
    ):
        tag = anybody.get(path).headers["ETag"]
        assert anybody.get(path, If_None_Match=tag).status_code == 304
    public, own = (each.get(f"/scenarios/{code}").headers["ETag"] for each in (anybody, demand))
    assert public != own  # one sees the contact, the other does not
    assert demand.get(f"/scenarios/{code}", If_None_Match=public).status_code == 200


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_versions_hold_however_the_answer_was_compressed(hall: World, demand: Program, coding: str) -> None:
    path = f"/scenarios/{hall.draft_scenario(situation='人工登高检查。' * 200).code}"
    hall.session.commit()
    sent = {"Authorization": f"Bearer {demand.token}", "Accept-Encoding": coding}
    answer = demand.client.get(f"/api/v1{path}", headers=sent)
    assert answer.headers.get("Content-Encoding", "identity") == coding
    tag = answer.headers["ETag"]
    assert demand.client.get(f"/api/v1{path}", headers={**sent, "If-None-Match": tag}).status_code == 304
    assert demand.send("PATCH", path, {"content": {"title": "新题目"}}, If_Match=tag).status_code == 200
    assert demand.send("PATCH", path, {"content": {"title": "新题目"}}, If_Match=tag).status_code == 412


def test_a_request_that_comes_twice_is_done_once(hall: World, demand: Program) -> None:
    first = demand.send("POST", "/scenarios", new(hall), Idempotency_Key="a-1")
    before = lines(hall)
    again = demand.send("POST", "/scenarios", new(hall), Idempotency_Key="a-1")
    assert (again.status_code, again.data, again.headers["ETag"], again.headers["Location"]) == (
        201,
        first.data,
        first.headers["ETag"],
        first.headers["Location"],
    )
    assert "Idempotency-Replayed" in again.headers and "Idempotency-Replayed" not in first.headers
    assert lines(hall) == before
    other = demand.send("POST", "/scenarios", {**new(hall), "content": {"title": "另一个"}}, Idempotency_Key="a-1")
    assert other.status_code == 422 and "another request" in (other.json or {})["detail"]
    assert demand.send("POST", "/scenarios", new(hall), Idempotency_Key="a-2").json != first.json
    for wrong in ("", " ", "x" * 256, "ключ"):
        sent = {"Idempotency_Key": wrong.encode().decode("latin-1")}
        assert demand.send("POST", "/scenarios", new(hall), **sent).status_code == 400


def test_keys_of_two_programs_are_two(hall: World, demand: Program, program: Callable[..., Program]) -> None:
    first = demand.send("POST", "/scenarios", new(hall), Idempotency_Key="same").json
    second = program(hall.port_person).send("POST", "/scenarios", new(hall), Idempotency_Key="same").json
    assert (first or {})["code"] != (second or {})["code"]


def test_what_was_refused_may_be_sent_again_with_its_key(hall: World, demand: Program) -> None:
    wrong = {"organization": hall.port.pk, "content": {**SCENARIO, "title": "a\nb"}}
    assert demand.send("POST", "/scenarios", wrong, Idempotency_Key="k").status_code == 422
    assert demand.send("POST", "/scenarios", new(hall), Idempotency_Key="k").status_code == 201


def test_event_and_kept_answer_are_in_one_transaction(
    hall: World, demand: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever dies between the change and the answer has done neither."""
    before = lines(hall)

    def dies(*_arguments: object) -> None:
        raise RuntimeError("the answer cannot be written")

    with monkeypatch.context() as patched:
        patched.setattr(serving, "_told", dies)
        answer = demand.client.post(
            "/api/v1/scenarios",
            json=new(hall),
            headers={"Authorization": f"Bearer {demand.token}", "Idempotency-Key": "k"},
        )
        assert answer.status_code == 500 and answer.mimetype == "application/problem+json"
    assert lines(hall) == before
    done = demand.send("POST", "/scenarios", new(hall), Idempotency_Key="k")
    assert done.status_code == 201 and "Idempotency-Replayed" not in done.headers


def codes(program: Program, path: str) -> list[str]:
    answer = program.get(path).json or {}
    return [each["code"] for each in answer["items"]]


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_a_list_goes_on_where_it_stopped_whatever_comes_meanwhile(hall: World, demand: Program, order: str) -> None:
    made = [hall.draft_scenario().code for _ in range(5)]
    hall.session.commit()
    seen: list[str] = []
    path = f"/scenarios?limit=2&order={order}"
    while path and len(seen) < 5:
        page = demand.get(path).json or {}
        seen += [each["code"] for each in page["items"]]
        hall.draft_scenario()  # comes in between: before all in one order, behind all in the other
        hall.session.commit()
        path = f"/scenarios?limit=2&order={order}&cursor={page['next']}" if page["next"] else ""
    assert seen[:5] == (made if order == "oldest" else made[::-1])


@given(st.one_of(st.text(max_size=60), st.from_regex(r"\A[A-Za-z0-9_-]{0,80}\Z")))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cursor_that_nobody_gave_is_refused(anybody: Program, text: str) -> None:
    answer = anybody.client.get("/api/v1/scenarios", query_string={"cursor": text})
    assert answer.status_code in (400, 422) and answer.mimetype == "application/problem+json", text


def test_a_cursor_belongs_to_its_list_and_order(hall: World, anybody: Program) -> None:
    for _ in range(2):
        hall.released_scenario()
    hall.session.commit()
    cursor = (anybody.get("/scenarios?limit=1").json or {})["next"]
    assert anybody.get(f"/scenarios?limit=1&cursor={cursor}").status_code == 200
    assert anybody.get(f"/scenarios?order=oldest&cursor={cursor}").status_code == 422
    assert anybody.get(f"/products?cursor={cursor}").status_code == 422


def test_lists_come_as_lines_without_an_end_in_between(
    hall: World, demand: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "BATCH", 3)
    made = [hall.draft_scenario().code for _ in range(8)]
    hall.session.commit()
    answer = demand.get("/scenarios?order=oldest&fields=state", Accept="application/jsonl")
    assert answer.mimetype == "application/jsonl"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == [{"code": code, "state": "draft"} for code in made]


def test_members_and_language_are_chosen(hall: World, anybody: Program) -> None:
    code = hall.released_scenario().code
    hall.session.commit()
    named = {
        lang: (anybody.get(f"/scenarios/{code}?fields=state_name&lang={lang}").json or {})["state_name"]
        for lang in ("zh-Hans", "zh-Hant", "en", "pt")
    }
    assert named["en"] == "Open" and len(set(named.values())) >= 3
    assert set(anybody.get(f"/scenarios/{code}?fields=state_name").json or {}) == {"code", "state_name"}
    for wrong in ("fields=nothing", "fields=", "fields=code,", "lang=fr", "limit=0", "limit=1&limit=2", "what=1"):
        answer = anybody.get(f"/scenarios?{wrong}")
        assert answer.status_code == 422 and (answer.json or {})["faults"][0]["parameter"] == wrong.partition("=")[0]


def test_a_session_s_cookies_open_nothing(app: Flask, hall: World, document: Document) -> None:
    draft = hall.draft_scenario().code
    hall.session.commit()
    client: FlaskClient = app.test_client()
    sent = {"csrf_token": form_token(client, "/login"), "email": "port@port.example", "password": PASSWORD}
    assert client.post("/login", data=sent).status_code == 302
    assert client.get(f"/scenarios/{draft}").status_code == 200
    asked = Program(client, document)
    assert asked.get(f"/scenarios/{draft}").status_code == 404
    assert asked.get("/me").status_code == 401
    assert asked.send("POST", "/scenarios", new(hall)).status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer hall_x", "Basic eDp5", "hall_x", "Bearer \xff", ""])
def test_a_wrong_token_is_refused_even_where_none_is_needed(anybody: Program, header: str) -> None:
    answer = anybody.get("/scenarios", Authorization=header)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_token_without_reading_sees_what_everybody_sees(hall: World, program: Callable[..., Program]) -> None:
    draft, released = hall.draft_scenario().code, hall.released_scenario().code
    writing = program(hall.port_person, (Scope.WRITE,))
    assert writing.get(f"/scenarios/{draft}").status_code == 404
    told = writing.get(f"/scenarios/{released}").json or {}
    assert told["content"]["contact_email"] is None and told["actions"] == []


def test_a_suspended_organisation_reads_and_does_nothing(hall: World, demand: Program) -> None:
    draft = hall.draft_scenario().code
    act_on_organization(hall.admin, session=hall.session, organization=hall.port, action="suspend", reason="x")
    assert demand.get(f"/scenarios/{draft}").status_code == 200
    tag = demand.get(f"/scenarios/{draft}").headers["ETag"]
    assert demand.send("PATCH", f"/scenarios/{draft}", {"content": {"title": "x"}}, If_Match=tag).status_code == 403
    assert demand.send("POST", "/scenarios", new(hall)).status_code == 403


def test_how_often_is_told_and_bounded(hall: World, hall_settings: Settings, program: Callable[..., Program]) -> None:
    token = program(hall.port_person).token
    app = create_app(replace(hall_settings, api_rate=15))
    asked, other = Program(app.test_client(), Document(app), token), Program(app.test_client(), Document(app))
    left = [asked.get("/me").headers["RateLimit"] for _ in range(15)]
    assert left[0].startswith('"token";r=14;t=') and left[-1].startswith('"token";r=0;t=')
    over = asked.get("/me")
    assert over.status_code == 429 and 1 <= int(over.headers["Retry-After"]) <= 61
    assert over.headers["RateLimit-Policy"] == '"token";q=15;w=60'
    assert [other.get("/statistics").status_code for _ in range(4)] == [200, 200, 200, 429]  # by its address


def test_pages_of_other_sites_read_what_is_public(hall: World, anybody: Program, demand: Program) -> None:
    code = hall.released_scenario().code
    hall.session.commit()
    assert anybody.get(f"/scenarios/{code}").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in demand.get(f"/scenarios/{code}").headers
    asked = anybody.client.options("/api/v1/scenarios")
    assert asked.status_code == 204 and asked.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Authorization" not in asked.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b'"\\ud800"', "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        (b'{"organization": 1, "content": {"title": "a\\u0000b"}}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"null", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"{}", "application/json", 422),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b"once=1&csrf_token=x", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b" " * (1024 * 1024 + 1), "application/json", 413),
    ],
)
def test_a_body_that_is_none_is_said_to_be_none(demand: Program, sent: bytes, kind: str, status: int) -> None:
    answer = demand.send("POST", "/scenarios", sent, Content_Type=kind)
    assert answer.status_code == status, answer.text


def test_faults_point_at_their_places(hall: World, demand: Program) -> None:
    content = {**SCENARIO, "budget_min": "1", "requirements": [{"metric": "x", "comparison": "more"}], "nothing": 1}
    wrong = demand.send("POST", "/scenarios", {"organization": hall.port.pk, "content": content}).json or {}
    assert wrong["type"] == "/api#problem-invalid"
    assert {each["pointer"] for each in wrong["faults"]} == {
        "/content/budget_min",
        "/content/requirements/0/comparison",
        "/content/nothing",
    }
    # What a service refuses says where, too, and is told apart.
    content = {**SCENARIO, "title": "see www.example.org", "domains": ["no-such-tag"]}
    ruled = demand.send("POST", "/scenarios", {"organization": hall.port.pk, "content": content}).json or {}
    assert ruled["type"] == "/api#problem-rule" and {each["pointer"] for each in ruled["faults"]} == {
        "/content/domains"
    }
    content = {**SCENARIO, "title": "see www.example.org", "budget_min": 900_000, "budget_max": 1}
    ruled = demand.send("POST", "/scenarios", {"organization": hall.port.pk, "content": content}).json or {}
    assert {each["pointer"] for each in ruled["faults"]} >= {"/content/title"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/", 404),
        ("GET", "//scenarios", 404),
        ("GET", "/scenarios/", 404),
        ("GET", "/scenarios/S-1\n", 404),
        ("GET", "/scenarios/%00", 400),
        ("PUT", "/scenarios", 405),
        ("BREW", "/scenarios", 405),
        ("BREW", "/nothing", 404),
        ("DELETE", "/scenarios/S-2026-000001/files/x", 401),
    ],
)
def test_no_address_answers_with_a_page(anybody: Program, method: str, path: str, status: int) -> None:
    answer = anybody.client.open(f"/api/v1{path}", method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    if status == 405:
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_form_of_answer_that_there_is_not_is_refused(anybody: Program) -> None:
    assert anybody.get("/scenarios", Accept="text/html").status_code == 406
    assert anybody.get("/statistics", Accept="application/jsonl").status_code == 406
    for good in ("*/*", "application/*", "text/html, application/json;q=0.1"):
        assert anybody.get("/scenarios", Accept=good).status_code == 200


def test_an_error_of_ours_is_a_problem_that_tells_nothing_of_the_inside(
    hall: World, anybody: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.released_scenario()
    hall.session.commit()

    def breaks(*_arguments: object, **_more: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr(Scenario, "public_content", breaks)
    answer = anybody.client.get("/api/v1/scenarios")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "inside" not in answer.text and answer.headers["X-Request-Id"] in (answer.json or {})["instance"]


def test_while_nothing_can_be_counted_the_hall_says_to_come_again(anybody: Program, hall_settings: Settings) -> None:
    (hall_settings.data_dir / "api-rates.sqlite").mkdir()
    answer = anybody.get("/scenarios")
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


def test_the_log_says_who_did_it(hall: World, demand: Program) -> None:
    demand.send("POST", "/scenarios", new(hall))
    hall.session.rollback()
    event = hall.session.exec(select(Event).order_by(col(Event.id).desc())).first()
    assert event is not None and (event.kind, event.actor_id) == ("scenario.drafted", hall.port_person.pk)
