"""The scenario pages as people use them."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import event

from scenario_hall.scenarios.service import get_scenario, save_draft
from tests.web.conftest import token
from tests.world import World


def test_each_step_is_saved_as_a_draft_and_what_is_missing_is_named(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    client = as_person("port@port.example")
    answer = client.post(
        "/scenarios/new",
        data={
            "csrf_token": token(client, "/scenarios/new"),
            "title": "一个没有领域的题目",
            "situation": "",
            "wanted_result": "",
        },
    )
    assert answer.status_code == 302
    code = answer.location.split("/")[2]
    assert get_scenario(hall.session, code).state == "draft"
    preview = client.get(f"/scenarios/{code}/preview", headers={"Accept-Language": "en"}).text
    assert "Choose at least one domain." in preview and "disabled" in preview


def test_an_error_keeps_what_was_typed(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client, draft = as_person("port@port.example"), hall.draft_scenario()
    path = f"/scenarios/{draft.code}/edit/terms"
    answer = client.post(
        path,
        data={
            "csrf_token": token(client, path),
            "version": draft.version,
            "budget_min": "900",
            "budget_max": "80万起",
            "currency": "CNY",
            "contact_name": "新联系人",
        },
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 200
    assert "80万起" not in answer.text or "Please enter a whole number" in answer.text
    assert 'value="新联系人"' in answer.text
    assert "Please enter a whole number" in answer.text


def test_a_stale_edit_is_refused_with_both_versions_shown(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client, draft = as_person("port@port.example"), hall.draft_scenario()
    path = f"/scenarios/{draft.code}/edit/problem"
    form_token, seen = token(client, path), draft.version
    save_draft(hall.demand, session=hall.session, scenario=draft, version=None, content={"title": "同事改过的标题"})
    answer = client.post(
        path,
        data={"csrf_token": form_token, "version": seen, "title": "我写的标题", "situation": "x", "wanted_result": "y"},
    )
    assert answer.status_code == 200
    assert "同事改过的标题" in answer.text and "我写的标题" in answer.text
    hall.session.rollback()
    assert get_scenario(hall.session, draft.code).title == "同事改过的标题"
    # Seen both, the person decides: the page carries the newer version now.
    again = client.post(
        path,
        data={
            "csrf_token": form_token,
            "version": get_scenario(hall.session, draft.code).version,
            "title": "我写的标题",
            "situation": "x",
            "wanted_result": "y",
        },
    )
    assert again.status_code == 302


def test_the_public_page_has_no_contact_and_the_owners_has(
    hall: World, visitor: FlaskClient, as_person: Callable[[str], FlaskClient]
) -> None:
    scenario = hall.released_scenario()
    path = f"/scenarios/{scenario.code}"
    assert "secret-contact" not in visitor.get(path).text
    assert "secret-contact" in as_person("port@port.example").get(path).text


def test_the_number_of_queries_of_a_page_does_not_grow_with_the_list(
    hall: World, visitor: FlaskClient, follow: Callable[[], None], app: object
) -> None:
    engine = visitor.application.extensions["hall_engine"]
    visitor.set_cookie("own", "1")  # whoever has one is given no kept page
    counts = []

    def count_page() -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert visitor.get("/scenarios/").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    hall.released_scenario()
    follow()
    count_page()
    counts.append(count_page())
    for _ in range(6):
        hall.released_scenario()
    follow()
    counts.append(count_page())
    assert counts[1] == counts[0]
