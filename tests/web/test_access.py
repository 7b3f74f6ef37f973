"""Role × route: every route, every kind of person, one table."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.access_table import LOGIN, POSTS, ROLES, STREAMS, TABLE, WITHOUT_TOKEN
from tests.web.conftest import EMAILS, token
from tests.world import World


def test_every_route_answers_each_person_as_the_table_says(
    app: Flask, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> None:
    clients = {"visitor": visitor, **{role: as_person(email) for role, email in EMAILS.items()}}
    wrong = []
    for path, expected in TABLE.items():
        for role, answer in zip(ROLES, expected, strict=True):
            got = clients[role].get(path.format(**places))
            seen = told(got)
            if seen != answer:
                wrong.append(f"{role} {path}: {seen}, not {answer}")
            if fault := kept_by_others(got, is_signed_in=role != "visitor"):
                wrong.append(f"{role} {path}: {fault}")
    assert wrong == []


def test_every_post_answers_each_person_as_the_table_says(
    app: Flask, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> None:
    clients = {"visitor": visitor, **{role: as_person(email) for role, email in EMAILS.items()}}
    tokens = {role: token(client, "/password/forgotten") for role, client in clients.items()}
    wrong = []
    for path, expected in POSTS.items():
        for role, answer in zip(ROLES, expected, strict=True):
            seen = told(clients[role].post(path.format(**places), data={"csrf_token": tokens[role]}))
            if seen != answer:
                wrong.append(f"{role} POST {path}: {seen}, not {answer}")
    assert wrong == []
    adapter = app.url_map.bind("hall.test")
    known = {adapter.match(path.format(**places), method="POST")[0] for path in POSTS}
    only_posts = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and "GET" not in (rule.methods or ())
    }
    assert only_posts <= known


# What says the same to everybody; all else is one person's page.
FOR_ALL = (
    "/static/",
    "/certificates/",
    "/.well-known/",
    "/did.json",
    "/log/checkpoint",
    "/api/v1/changes",
    "/share/",
    "/open-data/",
)


def kept_by_others(answer: TestResponse, *, is_signed_in: bool) -> str:
    """Why somebody else may get to see what this person asked for, by a cache on the way or in the browser."""
    says = answer.headers.get("Cache-Control", "")
    if answer.request.path.startswith(FOR_ALL) and answer.status_code == 200:
        return "" if says else "says nothing to caches"
    if "private" not in says and "no-store" not in says:
        return f"a cache on the way may keep it: {says}"
    if is_signed_in and "no-store" not in says and "max-age=30" not in says:
        return f"the browser keeps it: {says}"
    return "" if "Cookie" in answer.headers.get("Vary", "") else "does not say that it depends on cookies"


def told(answer: TestResponse) -> object:
    """The status, or LOGIN where the person is sent to log in."""
    if answer.status_code == 302 and "/login" in answer.location:
        return LOGIN
    return answer.status_code


def test_the_table_knows_every_route(app: Flask, places: dict[str, str]) -> None:
    adapter = app.url_map.bind("hall.test")
    known = {adapter.match(path.format(**places).partition("?")[0], method="GET")[0] for path in TABLE}
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    streams = {adapter.match(path, method="GET")[0] for path in STREAMS}
    assert routes - known - streams - {"static"} == set()


def test_no_post_without_the_forms_token(app: Flask, visitor: FlaskClient, places: dict[str, str]) -> None:
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint in WITHOUT_TOKEN:
            continue
        values = {name: 1 if f"int:{name}" in rule.rule else "x" for name in rule.arguments}
        path = app.url_map.bind("hall.test").build(rule.endpoint, values, method="POST")
        assert visitor.post(path).status_code in (400, 404), path


def test_what_is_not_public_is_nowhere_for_a_visitor(
    visitor: FlaskClient, hall: World, places: dict[str, str], follow: Callable[[], None]
) -> None:
    secret = hall.submitted_scenario(title="秘密草稿标题", situation="秘密草稿内容")
    hall.draft_product(title="秘密产品标题")
    follow()
    pages = [
        "/",
        "/search?q=秘密",
        "/search?closed=1",
        "/scenarios/",
        "/products/",
        "/outcomes",
        "/feed.atom",
        "/feed.json",
        "/api/v1/changes?words=true",
        "/search/suggestions?q=秘密",
        f"/scenarios/{places['open']}",
        f"/organizations/{places['port']}",
    ]
    for path in pages:
        text = visitor.get(path).text
        for word in ("秘密草稿", "秘密产品", secret.code, "secret-contact", "陈秘密", "未核验单位"):
            assert word not in text.replace('value="秘密"', ""), (path, word)
