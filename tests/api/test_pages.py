"""The page of the API tells what there is, and its requests can be pasted: each is sent here."""

from __future__ import annotations

import re
import shlex
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask

from scenario_hall.api.operations import OPERATIONS
from scenario_hall.api.problems import PROBLEMS
from tests.api.conftest import Program
from tests.world import World

EXAMPLE = re.compile(r'<code data-curl="(\w+)">(.*?)</code>', re.DOTALL)
# What a request of the right form may be answered when the record is another's or not in the right state.
FORM_IS_RIGHT = {200, 201, 403, 404, 409}


def examples(app: Flask) -> dict[str, str]:
    page = app.test_client().get("/api", headers={"Accept-Language": "en"}).text
    return {name: unescape(text) for name, text in EXAMPLE.findall(page)}


def pasted(program: Program, text: str) -> tuple[int, str]:
    """What the hall answers to a request as a shell would send it."""
    words = shlex.split(text.replace("$TOKEN", program.token))
    method, headers, data, address = "GET", {}, None, ""
    following = iter(words[1:])
    for word in following:
        match word:
            case "-X":
                method = next(following)
            case "-H":
                name, _, value = next(following).partition(": ")
                headers[name] = value
            case "--data":
                data = next(following).encode()
            case "--data-binary":
                assert next(following) == "@report.pdf"
                data = b"%PDF-1.7 a report"
            case _:
                address = word
    if not any("Authorization" in name for name in headers):
        program = Program(program.client, program.document)
    parts = urlsplit(address)
    sent = {**headers, "Idempotency-Key": text[:200].encode().hex()[:200]} if "Idempotency-Key" in headers else headers
    path = parts.path.removeprefix("/api/v1") + (f"?{parts.query}" if parts.query else "")
    answer = program.send(method, path, data, **{name.replace("-", "_"): value for name, value in sent.items()})
    return answer.status_code, answer.text


def test_every_operation_stands_there_with_a_request_that_can_be_pasted(
    app: Flask, hall: World, administrator: Program
) -> None:
    hall.application()
    hall.session.commit()
    told = examples(app)
    assert list(told) and set(told) == {each.name for each in OPERATIONS}
    for name, text in told.items():
        status, answer = pasted(administrator, text)
        is_rule = status == 422 and "#problem-rule" in answer
        assert status in FORM_IS_RIGHT or is_rule, (name, status, answer)
        if next(each for each in OPERATIONS if each.name == name).is_read and "{" not in name:
            assert status in (200, 404), (name, answer)


def test_every_type_of_problem_leads_to_its_line(app: Flask) -> None:
    page = app.test_client().get("/api").text
    for status, (slug, _title) in PROBLEMS.items():
        assert (f'id="problem-{slug}"' in page) == (status != 500)
    assert 'id="problem-rule"' in page


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en", "pt"])
def test_page_and_document_speak_each_language(app: Flask, lang: str) -> None:
    client = app.test_client()
    summaries = {
        each["summary"]
        for methods in (client.get(f"/api/v1/openapi.json?lang={lang}").json or {})["paths"].values()
        for each in methods.values()
    }
    is_chinese = any("\u4e00" <= character <= "\u9fff" for text in summaries for character in text)
    assert is_chinese == lang.startswith("zh")
    assert f'lang="{lang}"' in client.get(f"/api?lang={lang}").text
