"""Headers, redirects, uploads."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scenario_hall.organizations.models import Side
from scenario_hall.web.kit.security import POLICY
from tests.web.access_table import TABLE
from tests.web.conftest import token
from tests.world import World


def test_every_answer_has_a_strict_policy(visitor: FlaskClient, hall: World) -> None:
    for path in ("/", "/search", "/nothing", "/static/css/base.css"):
        headers = visitor.get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_has_inline_script_or_style(visitor: FlaskClient, hall: World) -> None:
    for path in ("/", "/search?q=x", "/scenarios/", "/login", "/register", "/about"):
        text = visitor.get(path).text
        assert "<style" not in text and " style=" not in text and " onclick=" not in text
        assert "<script>" not in text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_log_in_sends_nobody_away(visitor: FlaskClient, hall: World, target: str) -> None:
    answer = visitor.post(
        "/login",
        data={
            "csrf_token": token(visitor, "/login"),
            "email": "port@port.example",
            "password": "a long enough password",
            "next": target,
        },
    )
    assert answer.status_code == 302 and answer.location == "/desk"


def test_markup_in_a_title_is_text(visitor: FlaskClient, hall: World, follow: Callable[[], None]) -> None:
    scenario = hall.released_scenario(title="<script>alert(1)</script>脚本")
    follow()
    for path in ("/", f"/scenarios/{scenario.code}", "/search?q=脚本"):
        assert "<script>alert" not in visitor.get(path).text


def test_an_upload_is_typed_by_its_content(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client, draft = as_person("port@port.example"), hall.draft_scenario()
    path = f"/scenarios/{draft.code}/edit/site"

    def send(name: str, content: bytes) -> str:
        answer = client.post(
            path,
            data={"csrf_token": token(client, path), "attachments": (io.BytesIO(content), name), "go": "stay"},
            headers={"Accept-Language": "en"},
        )
        return answer.text if answer.status_code == 200 else client.get(path).text

    assert "is not a type of file" in send("harmless.pdf", b"MZ\x90\x00 not a pdf at all")
    assert "plan.pdf" in send("plan.pdf", b"%PDF-1.7 a small file")


def test_a_visitors_page_sets_no_cookie(visitor: FlaskClient, hall: World) -> None:
    assert "Set-Cookie" not in visitor.get("/").headers


def test_language_follows_the_browser_and_the_cookie(visitor: FlaskClient, hall: World) -> None:
    assert 'lang="en"' in visitor.get("/", headers={"Accept-Language": "en-GB"}).text
    assert 'lang="zh-Hant"' in visitor.get("/", headers={"Accept-Language": "zh-HK"}).text
    assert "應用場景" in visitor.get("/", headers={"Accept-Language": "zh-HK"}).text
    visitor.post("/preferences", data={"locale": "en", "next": "/"})
    assert 'lang="en"' in visitor.get("/", headers={"Accept-Language": "zh-CN"}).text


def test_an_uploaded_file_runs_in_a_sandbox_and_stays_with_whoever_may_see_it(
    visitor: FlaskClient, as_person: Callable[[str], FlaskClient], hall: World, places: dict[str, str]
) -> None:
    path = f"/files/{places['attachment']}"
    for client in (as_person("port@port.example"), visitor):
        answer = client.get(path)
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; sandbox" if answer.status_code == 200 else POLICY
        )
        assert "public" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"])
def test_a_form_that_names_where_to_return_sends_nobody_away(
    hall: World, as_person: Callable[[str], FlaskClient], target: str
) -> None:
    other = hall.organization(hall.person("o@o.example"), Side.BOTH, "未核验单位", is_verified=False)
    client, path = as_person("admin@hall.example"), f"/organizations/{other.pk}"
    answer = client.post(f"{path}/verify", data={"csrf_token": token(client, "/account"), "back": target})
    assert answer.status_code == 302 and answer.location == path


def test_every_answer_says_what_it_is_and_in_which_characters(visitor: FlaskClient, places: dict[str, str]) -> None:
    for path in TABLE:
        answer = visitor.get(path.format(**places))
        if answer.status_code == 200 and answer.data:
            kind = answer.headers["Content-Type"]
            assert "charset=utf-8" in kind or not (kind.startswith("text/") or kind.endswith("xml")), (path, kind)


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_no_address_answers_methods_that_tell_a_request_back(visitor: FlaskClient, hall: World, method: str) -> None:
    for path in ("/", "/login", "/search", "/api/v1/scenarios", "/static/css/base.css", "/static/", "/live"):
        answer = visitor.open(path, method=method, headers={"X-Secret": "told back"})
        assert answer.status_code in (404, 405) and "told back" not in answer.text, path


def test_no_folder_is_listed(visitor: FlaskClient, hall: World) -> None:
    assert {visitor.get(path).status_code for path in ("/static/", "/static/js/", "/static/../.git/config")} == {404}


def test_logging_out_empties_what_the_browser_kept(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client = as_person("port@port.example")
    answer = client.post("/logout", data={"csrf_token": token(client, "/account")})
    assert answer.headers["Clear-Site-Data"] == '"storage"'
