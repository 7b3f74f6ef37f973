"""What the robots of WeCom, DingTalk and Feishu groups are sent, by the makers' own words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from scenario_hall.core.errors import Invalid
from scenario_hall.webhooks.models import Format
from scenario_hall.webhooks.robots import HOSTS, LONGEST_TEXT, robot_message, robot_took_it
from scenario_hall.webhooks.service import confirm_robot
from tests.webhooks.conftest import Hooks
from tests.webhooks.receiver import Authority, Receiver, answering

ROBOTS = [each for each in Format if each is not Format.STANDARD]


@pytest.fixture
def receiver(authority: Authority) -> Iterator[Receiver]:
    made = Receiver(authority.server(*(host for hosts in HOSTS.values() for host in hosts)))
    made.behaviour = answering(200, b'{"errcode": 0, "code": 0}')
    yield made
    made.close()


def text_in(body: bytes) -> str:
    found = json.loads(body)
    return str(found["content"]["text"] if "msg_type" in found else found["text"]["content"])


def test_feishu_signs_an_empty_text_with_moment_and_secret_as_the_key() -> None:
    url, body = robot_message(Format.FEISHU, "https://open.feishu.cn/x", "你好", secret="s3cret", timestamp=1599360473)
    assert url == "https://open.feishu.cn/x"
    expected = base64.b64encode(hmac.new(b"1599360473\ns3cret", digestmod=hashlib.sha256).digest()).decode()
    assert json.loads(body) == {
        "msg_type": "text",
        "content": {"text": "你好"},
        "timestamp": "1599360473",
        "sign": expected,
    }


def test_dingtalk_signs_milliseconds_and_secret_in_the_address() -> None:
    given = "https://oapi.dingtalk.com/robot/send?access_token=abc"
    url, body = robot_message(Format.DINGTALK, given, "你好", secret="SECx", timestamp=1599360473)
    query = parse_qs(urlsplit(url).query)
    expected = base64.b64encode(hmac.new(b"SECx", b"1599360473000\nSECx", hashlib.sha256).digest()).decode()
    assert query == {"access_token": ["abc"], "timestamp": ["1599360473000"], "sign": [expected]}
    assert json.loads(body) == {"msgtype": "text", "text": {"content": "你好"}}


@pytest.mark.parametrize("format_", ROBOTS)
def test_without_a_secret_nothing_is_signed_and_a_long_text_is_cut_at_a_whole_character(format_: Format) -> None:
    url, body = robot_message(format_, "https://x.example/?key=1", "场" * 5_000, secret="", timestamp=1)
    assert url == "https://x.example/?key=1"
    assert set(text_in(body)) == {"场"}
    assert len(text_in(body).encode()) <= LONGEST_TEXT
    assert "sign" not in json.loads(body)


@pytest.mark.parametrize(
    ("format_", "body", "took"),
    [
        (Format.WECOM, b'{"errcode":0,"errmsg":"ok"}', True),
        (Format.WECOM, b'{"errcode":45009,"errmsg":"api freq out of limit"}', False),
        (Format.DINGTALK, b'{"errcode":310000,"errmsg":"sign not match"}', False),
        (Format.FEISHU, b'{"code":0,"msg":"success","data":{}}', True),
        (Format.FEISHU, b'{"code":19024,"msg":"Key Words Not Found"}', False),
        (Format.FEISHU, b"<html>", False),
        (Format.WECOM, b"[]", False),
        (Format.DINGTALK, b"", False),
        (Format.DINGTALK, b"\xff\xfe", False),
    ],
)
def test_a_robot_answers_200_in_any_case_and_tells_in_the_body(format_: Format, body: bytes, took: bool) -> None:
    assert robot_took_it(format_, body) is took


@pytest.mark.parametrize("format_", ROBOTS)
def test_a_group_is_told_after_somebody_has_read_the_code_there(
    hooks: Hooks, receiver: Receiver, format_: Format
) -> None:
    world, host = hooks.world, HOSTS[format_][0]
    key, secret = hooks.make(url=f"https://{host}:{receiver.port}/robot?key=k", format_=format_, robot_secret="SECret")
    assert secret == ""
    world.draft_scenario()
    hooks.send()
    assert len(receiver.got) == 1
    code = hooks.row(key).challenge
    assert code in text_in(receiver.got[0].body)
    assert hooks.row(key).state == "new"
    with pytest.raises(Invalid):
        confirm_robot(world.demand, session=world.session, endpoint=hooks.mine(key), code="0")
    confirm_robot(world.demand, session=world.session, endpoint=hooks.mine(key), code=f" {code} ")
    hooks.send()
    assert len(receiver.got) == 2
    assert "港口岸桥无人机巡检" in text_in(receiver.got[1].body)
    assert "http://hall.test/scenarios/S-" in text_in(receiver.got[1].body)
    assert "SECret" not in receiver.got[1].path
    assert b"SECret" not in receiver.got[1].body


@pytest.mark.parametrize("format_", ROBOTS)
def test_a_robots_message_goes_to_its_maker_alone(hooks: Hooks, format_: Format) -> None:
    with pytest.raises(Invalid) as caught:
        hooks.make(format_=format_)
    assert set(caught.value.fields) == {"url"}
