"""Messages on the page of an application, and what is new on the desk."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.web.conftest import token
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
TEXT = "<b>现场</b>有电源吗？\n第二行"


def test_a_message_is_new_on_the_other_s_desk_and_page_until_it_was_opened(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    application = hall.application()
    page = f"/applications/{application.code}"
    maker, port = as_person("maker@maker.example"), as_person("port@port.example")
    form = next(each for each in forms_of(maker.get(page).text) if each.action.endswith("/messages"))
    assert maker.post(form.action, data={**form.sent, "text": TEXT}).location == f"{page}#messages"
    assert "new messages: 1" in port.get("/desk", headers=EN).text
    assert "new messages" not in maker.get("/desk", headers=EN).text
    shown = port.get(page, headers=EN).text
    assert "&lt;b&gt;现场&lt;/b&gt;有电源吗？\n第二行" in shown and 'class="is-new"' in shown
    assert 'class="is-new"' not in port.get(page, headers=EN).text
    assert "new messages" not in port.get("/desk", headers=EN).text
    admin = as_person("admin@hall.example").get(page, headers=EN).text
    assert "有电源吗" not in admin and 'id="messages"' not in admin


def test_what_is_refused_is_not_lost(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    application, maker = hall.application(), as_person("maker@maker.example")
    page = f"/applications/{application.code}"
    long = "很长的话" * 501
    answer = maker.post(f"{page}/messages", data={"csrf_token": token(maker, page), "text": long})
    assert answer.status_code == 422 and long in answer.text
