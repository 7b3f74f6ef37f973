"""What machines are told: figures that are those of the database, and “not ready” in words that a machine reads."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from scenario_hall.app import create_app
from scenario_hall.config import Settings, SettingsError, load_settings
from scenario_hall.core.db import make_engine, transaction
from scenario_hall.core.keys import KeyRing
from scenario_hall.core.logs import JsonLines
from scenario_hall.core.slow import tell_slow_queries
from scenario_hall.log.chain import last_id
from scenario_hall.log.checkpoints import make_checkpoint, origin_of
from scenario_hall.notices.models import StoredLetter
from scenario_hall.organizations.models import Account
from scenario_hall.worker.metrics import Metric, exposition, metrics_of
from scenario_hall.worker.readers import make_readers
from tests.world import World

TOKEN = "8c1f2a9be0d34c55a7e1"
# One line of the text form: a name, labels, a number. https://prometheus.io/docs/instrumenting/exposition_formats/
SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (-?[0-9.e+]+)')


def read(told: str) -> dict[tuple[str, str], float]:
    """The samples of a text; every other line is a comment about the sample that follows."""
    assert told.endswith("\n")
    found: dict[tuple[str, str], float] = {}
    declared: set[str] = set()
    for line in told.splitlines():
        if line.startswith("# "):
            declared.add(line.split()[2])
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample is not None and sample[1] in declared, line
        assert (sample[1], sample[2] or "") not in found, line
        found[sample[1], sample[2] or ""] = float(sample[3])
    return found


def test_the_figures_are_those_of_the_database(
    visitor: FlaskClient, hall: World, hall_settings: Settings, follow: Callable[[], None]
) -> None:
    before = read(visitor.get("/metrics").text)
    assert before["hall_reader_lag_events", 'reader="search"'] > 0
    assert ("hall_seconds_since", 'what="checkpoint"') not in before
    hall.approved()
    hall.person("unconfirmed@x.example", is_confirmed=False)
    ring, origin = KeyRing(hall_settings.signing_keys), origin_of(hall_settings.base_url)
    make_checkpoint(hall.session, ring, origin=origin, file=hall_settings.checkpoints)
    hall.session.commit()
    follow()
    answer = visitor.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    after = read(answer.text)
    assert after["hall_log_entries", ""] == last_id(hall.session) > before["hall_log_entries", ""]
    people = len(hall.session.exec(select(Account)).all())
    assert after["hall_accounts", 'which="all"'] == people == after["hall_accounts", 'which="confirmed"'] + 1
    assert after["hall_certificates", 'status="valid"'] == 1 and after["hall_certificates", 'status="revoked"'] == 0
    assert all(value == 0 for (name, _), value in after.items() if name.startswith("hall_reader_lag"))
    letters = len(hall.session.exec(select(StoredLetter)).all())
    assert sum(value for (name, _), value in after.items() if name == "hall_letters") == letters > 0
    assert 0 <= after["hall_seconds_since", 'what="checkpoint"'] < 600


def test_both_databases_answer_every_question(world: World, tmp_path: Path, engine: Engine) -> None:
    from tests.conftest import settings_in

    world.released_scenario()
    readers = make_readers(settings_in(tmp_path, engine.url.render_as_string(hide_password=False)))
    names = {metric.name for metric in metrics_of(world.session, readers)}
    assert {"hall_letters", "hall_imports", "hall_reader_lag_events", "hall_accounts", "hall_certificates"} <= names


def test_no_label_breaks_a_line() -> None:
    odd = 'a"b\\c\nd'
    (line,) = exposition([Metric("x", "Told.", [({"label": odd}, 1)])]).splitlines()[2:]
    assert SAMPLE.fullmatch(line) and json.loads('"' + line.split('"', 1)[1].rsplit('"', 1)[0] + '"') == odd


@pytest.mark.parametrize(
    "token,sender,headers,status",
    [
        ("", "127.0.0.1", {}, 200),
        ("", "::1", {}, 200),
        ("", "203.0.113.7", {}, 404),
        ("", "10.0.0.7", {}, 404),
        ("", "127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, 404),
        ("", "127.0.0.1", {"Forwarded": "for=203.0.113.7"}, 404),
        (TOKEN, "127.0.0.1", {}, 404),
        (TOKEN, "203.0.113.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
        (TOKEN, "203.0.113.7", {"Authorization": f"Bearer {TOKEN}x"}, 404),
        (TOKEN, "203.0.113.7", {"Authorization": f"Bearer {TOKEN[:-1]}"}, 404),
        (TOKEN, "203.0.113.7", {"Authorization": "Bearer "}, 404),
        (TOKEN, "203.0.113.7", {"Authorization": "Bearer ÿ"}, 404),
    ],
)
def test_figures_are_for_who_has_the_token_or_sits_on_the_machine(
    hall: World, hall_settings: Settings, token: str, sender: str, headers: dict[str, str], status: int
) -> None:
    client = create_app(replace(hall_settings, metrics_token=token)).test_client()
    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": sender}).status_code == status


def test_settings_that_protect_nothing_are_refused() -> None:
    secret = {"HALL_SECRET_KEY": "6f1d0c9be2a84537d1f09a3c5e7b8240", "HALL_MEANING": "off"}
    for wrong in ({"HALL_METRICS_TOKEN": "short"}, {"HALL_METRICS_TOKEN": "é" * 20}, {"HALL_SLOW_SECONDS": "fast"}):
        with pytest.raises(SettingsError, match=next(iter(wrong))):
            load_settings({**secret, **wrong})
    assert load_settings({**secret, "HALL_SLOW_SECONDS": "0.5"}).slow_seconds == 0.5


def unprepared(settings: Settings) -> str:
    return f"sqlite:///{settings.data_dir / 'new.sqlite'}"


def half_prepared(settings: Settings) -> str:
    """At the newest schema by its own word, but a table is gone."""
    engine = make_engine(settings.database_url)
    with Session(engine) as session, transaction(session):
        session.execute(text("DROP TABLE log_head"))
    engine.dispose()
    return settings.database_url


@pytest.mark.parametrize("break_it", [unprepared, half_prepared])
def test_a_hall_that_cannot_serve_says_so_in_json(hall_settings: Settings, break_it: Callable[[Settings], str]) -> None:
    client = create_app(replace(hall_settings, database_url=break_it(hall_settings))).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.mimetype == "application/json"
    assert answer.headers["Retry-After"] == "10"
    assert answer.json is not None and answer.json["status"] == "not ready" and answer.json["reason"]
    assert client.get("/healthz").status_code == 200


class Keeping(logging.Handler):
    """What the log's form makes of each record at the moment at which it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(JsonLines().format(record)))


@pytest.fixture
def kept() -> Iterator[list[dict[str, str]]]:
    handler = Keeping()
    logging.getLogger("scenario_hall").addHandler(handler)
    yield handler.lines
    logging.getLogger("scenario_hall").removeHandler(handler)


def test_the_number_on_an_error_s_page_is_that_of_its_lines_in_the_log(
    app: Flask, hall: World, kept: list[dict[str, str]]
) -> None:
    logger = logging.getLogger("scenario_hall.test")

    @app.get("/falls/<int:status>")
    def falls(status: int) -> str:
        logger.warning("on the way")
        if status == 500:
            raise RuntimeError("no")
        abort(status)

    client = app.test_client()
    for status in (400, 403, 404, 413, 500):
        answer = client.get(f"/falls/{status}", headers={"Accept-Language": "en"})
        number = answer.headers["X-Request-Id"]
        assert answer.status_code == status and f"Request {number}" in answer.text
        mine = [line["logger"] for line in kept if line.get("request") == number]
        assert mine.count("scenario_hall.test") == 1
        assert len(mine) == 2 if status == 500 else len(mine) <= 2  # what was refused is told, too
    logger.warning("outside")
    assert "request" not in kept[-1]


def test_slow_requests_and_queries_are_told_without_what_people_sent(
    hall: World, hall_settings: Settings, kept: list[dict[str, str]]
) -> None:
    for seconds, is_told in ((0.0, False), (1e-9, True)):
        client = create_app(replace(hall_settings, slow_seconds=seconds)).test_client()
        client.get("/password/reset/a-secret-token?q=personal")
        client.get("/search?q=personal")
        told = [line["message"] for line in kept if line["message"].startswith("slow ")]
        assert bool(told) is is_told
    assert any(each.startswith("slow request") and "/password/reset/<token>" in each for each in told)
    assert any(each.startswith("slow query") and "SELECT" in each for each in told)
    assert not any("secret-token" in each or "personal" in each for each in told)
    assert all(line.get("request") for line in kept if line["message"].startswith("slow "))


def test_a_query_is_told_on_both_databases(engine: Engine, kept: list[dict[str, str]]) -> None:
    tell_slow_queries(engine, 1e-9)
    with Session(engine) as session:
        session.execute(text("SELECT 42 AS answer WHERE :secret = :secret"), {"secret": "personal"})
    told = [line["message"] for line in kept]
    assert any("SELECT 42" in each for each in told) and not any("personal" in each for each in told)
