"""Webhooks on the pages: made with a secret that is shown once, looked after, turned on and off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from scenario_hall.config import Settings
from scenario_hall.webhooks.post import WebhookPost
from scenario_hall.webhooks.robots import HOSTS
from scenario_hall.webhooks.sending import Reach
from tests.web.conftest import token
from tests.webhooks.conftest import authority, reach
from tests.webhooks.receiver import HOST, Authority, Receiver, answering
from tests.world import World

__all__ = ["authority", "reach"]  # fixtures
LogIn = Callable[[str], FlaskClient]


@pytest.fixture
def receiver(authority: Authority) -> Iterator[Receiver]:
    made = Receiver(authority.server(HOST, *HOSTS["feishu"]))
    yield made
    made.close()


@pytest.fixture
def hall_settings(hall_settings: Settings, receiver: Receiver) -> Settings:
    return replace(hall_settings, webhook_ports=(443, receiver.port))


@pytest.fixture
def send(sqlite_engine: Engine, hall_settings: Settings, reach: Reach) -> Iterator[Callable[[], int]]:
    """What the worker does."""
    post = WebhookPost(sqlite_engine, hall_settings, reach)
    yield lambda: post.run_slice(10.0)
    post.close()


def press(client: FlaskClient, page: str, action: str, **data: str) -> str:
    """Send one of the page's forms and follow it; the page that it leads to."""
    answer = client.post(action, data={"csrf_token": token(client, page), **data}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_an_editor_makes_a_webhook_and_sees_what_was_sent(
    hall: World, as_person: LogIn, receiver: Receiver, send: Callable[[], int]
) -> None:
    client, place = as_person("port@port.example"), f"/organizations/{hall.port.pk}/webhooks"
    client.set_cookie("locale", "en")
    assert f'href="{place}"' in client.get(f"/organizations/{hall.port.pk}").text
    url = f"https://{HOST}:{receiver.port}/hook"
    shown = press(client, place, place, name="Our system", format="standard", url=url, reading="own")
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown)
    assert secret is not None
    assert "whsec_" not in client.get(place).text
    page = "/webhooks/1"
    assert "Waits for the answer to its challenge" in client.get(page).text
    assert send() == 1
    shown = client.get(page).text
    assert url in shown
    assert "Accepted by the receiver" in shown
    receiver.behaviour = answering(500, b"<b>broken</b>")
    press(client, page, f"{page}/test")
    send()
    shown = client.get(page).text
    assert "Answered with another status than 2xx" in shown
    assert "&lt;b&gt;broken&lt;/b&gt;" in shown
    hall.draft_scenario()
    hall.session.commit()
    send()
    assert "tried again" in client.get(page).text
    assert "Go on" in press(client, page, f"{page}/pause")
    assert "Pause" in press(client, page, f"{page}/resume")
    assert "whsec_" in press(client, page, f"{page}/secret")
    assert "in order" in press(client, page, f"{page}/replay", since="2026-01-01")
    assert "Our system" not in press(client, page, f"{page}/delete")


def test_a_group_is_told_after_its_code_was_entered(
    hall: World, as_person: LogIn, receiver: Receiver, send: Callable[[], int]
) -> None:
    client, place = as_person("port@port.example"), f"/organizations/{hall.port.pk}/webhooks"
    client.set_cookie("locale", "en")
    receiver.behaviour = answering(200, b'{"code": 0}')
    url = f"https://{HOSTS['feishu'][0]}:{receiver.port}/open-apis/bot/v2/hook/very-secret"
    shown = press(client, place, place, name="Group", format="feishu", url=url, reading="all", secret="SEC")
    assert "very-secret" not in shown
    send()
    code = re.search(r"\d{8}", receiver.got[0].json["content"]["text"])
    assert code is not None
    assert "not the code" in press(client, "/webhooks/1", "/webhooks/1/confirm", code="1")
    assert "The group is told from now on." in press(client, "/webhooks/1", "/webhooks/1/confirm", code=code[0])


def test_filters_are_changed_and_what_is_wrong_is_said_beside_its_field(
    hall: World, as_person: LogIn, receiver: Receiver
) -> None:
    client = as_person("admin@hall.example")
    client.set_cookie("locale", "en")
    wrong = press(client, "/admin/webhooks", "/admin/webhooks", name="x", format="standard", url="http://a.example/")
    assert "begins with https://" in wrong
    url = f"https://{HOST}:{receiver.port}/"
    press(client, "/admin/webhooks", "/admin/webhooks", name="The city", format="standard", url=url)
    shown = press(client, "/webhooks/1", "/webhooks/1", name="The city", kinds="scenario.released", version="1")
    assert "Saved." in shown
    assert re.search(r'<input[^>]*checked[^>]*value="scenario.released"', shown)
    other = as_person("port@port.example")
    assert other.get("/webhooks/1").status_code == 404
