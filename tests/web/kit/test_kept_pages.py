"""Kept pages are those that would be built, for nobody but those whom they are for."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scenario_hall.app import create_app
from scenario_hall.applications.service import act_on_application
from scenario_hall.config import ROOT, Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.web.kit.kept_pages import (
    LARGEST,
    MOST_BYTES,
    OF_THE_INDEX,
    OF_THE_LOG,
    KeptPage,
    KeptPages,
    Stamp,
)
from tests.web.access_table import TABLE
from tests.world import World

# What differs from one answer to the next, kept or not.
OF_ONE_ANSWER = frozenset({"X-Request-Id", "Date", "ETag", "Content-Length"})

# How long the search took.
TOOK = re.compile(rb"[0-9.,]+ ?(?:ms|\xe6\xaf\xab\xe7\xa7\x92)")


def served(app: Flask) -> int:
    kept: KeptPages = app.extensions["hall_kept_pages"]
    return kept.served


def alike(answer: TestResponse) -> tuple[object, ...]:
    headers = sorted((name, value) for name, value in answer.headers if name not in OF_ONE_ANSWER)
    return answer.status_code, headers, TOOK.sub(b"", answer.data)


def addresses(app: Flask, places: dict[str, str]) -> list[str]:
    """Every address of the table of access whose page is kept."""
    adapter = app.url_map.bind("hall.test")
    paths = [path.format(**places) for path in TABLE]
    return [path for path in paths if adapter.match(path.partition("?")[0])[0] in OF_THE_LOG | OF_THE_INDEX]


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_every_public_page_is_built_once_and_the_second_is_as_the_first(
    app: Flask, visitor: FlaskClient, places: dict[str, str], follow: Callable[[], None], encoding: str
) -> None:
    follow()
    headers = {"Accept-Encoding": encoding}
    of_files = ("format=", "stage=first")
    with clock.at(now()):
        for path in addresses(app, places):
            before, first = served(app), visitor.get(path, headers=headers)
            if first.status_code != 200:
                continue
            second = visitor.get(path, headers=headers)
            assert alike(second) == alike(first), path
            if not any(part in path for part in of_files):
                assert served(app) == before + 1, path
                unchanged = visitor.get(path, headers={**headers, "If-None-Match": first.headers["ETag"]})
                assert unchanged.status_code == 304 and not unchanged.data, path


def test_the_tables_name_views_that_there_are_and_every_page_that_all_see(
    app: Flask, visitor: FlaskClient, places: dict[str, str]
) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= OF_THE_LOG | OF_THE_INDEX
    adapter = app.url_map.bind("hall.test")
    # Forms, which begin a session, what a program asks for, and the pages of the log and of open data, which tell of
    # more than its entries.
    other = (
        r"/(login|register|password|log|api|open-data|bookmarks|live|healthz|readyz|metrics|search/suggestions"
        r"|\.well-known|did\.json|feed)"
    )
    for path in (path.format(**places) for path in TABLE):
        if re.match(other, path) or "." in path or "format=" in path or "/credential" in path or "/status" in path:
            continue
        if visitor.get(path).status_code == 200:
            assert adapter.match(path.partition("?")[0])[0] in OF_THE_LOG | OF_THE_INDEX, path


def test_language_colours_and_address_have_pages_of_their_own(app: Flask, follow: Callable[[], None]) -> None:
    follow()
    pages = set()
    for locale in ("zh_Hans", "zh_Hant", "en", "pt"):
        for theme in ("auto", "light", "dark"):
            client = app.test_client()
            client.set_cookie("locale", locale)
            client.set_cookie("theme", theme)
            pages |= {client.get(path).data for path in ("/", "/search?q=a", "/search?q=b") for _ in range(2)}
    assert len(pages) == 4 * 3 * 3
    by_header = {app.test_client().get("/", headers={"Accept-Language": tag}).data for tag in ("zh-HK", "en", "pt")}
    assert len(by_header) == 3


def test_whoever_may_be_somebody_is_given_no_kept_page_and_leaves_none(
    app: Flask, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> None:
    person = as_person("port@port.example")
    for path in addresses(app, places):
        before = served(app)
        person.get(path), person.get(path)
        assert served(app) == before, path
        assert b'action="/logout"' not in visitor.get(path).data, path
    assert 'action="/logout"' in person.get("/").text
    stranger = app.test_client()
    stranger.set_cookie("something", "1")
    before = served(app)
    stranger.get("/"), stranger.get("/")
    assert served(app) == before


def test_a_page_reads_no_cookie_but_those_that_it_is_kept_by() -> None:
    """A view that is kept and looked at another cookie would show one visitor's page to another."""
    read = {
        (path.name, name)
        for path in (ROOT / "scenario_hall" / "web").rglob("*.py")
        for name in re.findall(r"\bcookie\((\w+)\)", path.read_text("utf-8"))
    }
    assert {name for _, name in read} == {"LOCALE", "THEME", "DEVICE", "KEPT_FORM"}
    # Forms that come back and devices that logged in: neither's pages are kept.
    assert {path for path, name in read if name not in ("LOCALE", "THEME")} == {"given_back.py", "devices.py"}
    assert not [
        path for path in Path(ROOT / "templates").rglob("*.html") if "request.cookies" in path.read_text("utf-8")
    ]


STEPS: dict[str, Callable[[World, random.Random], object]] = {
    "release": lambda hall, _: hall.released_scenario(title="新场景"),
    "list": lambda hall, _: hall.listed_product(name="新产品"),
    "draft": lambda hall, _: hall.draft_scenario(title="还没有发布"),
    "apply": lambda hall, _: hall.application(),
    "accept": lambda hall, _: hall.accepted(),
    "decline": lambda hall, _: act_on_application(
        hall.demand, session=hall.session, application=hall.application(), action="decline", feedback="不合适"
    ),
    "try": lambda hall, _: hall.confirmed(),
    "notice": lambda hall, _: hall.on_notice(),
    "approve": lambda hall, _: hall.approved(),
    "suspend": lambda hall, _: act_on_organization(
        hall.admin, session=hall.session, organization=hall.maker, action="suspend", reason="核查"
    ),
}


@pytest.mark.parametrize("seed", range(3))
def test_after_any_history_a_kept_page_is_what_would_be_built(
    hall: World, hall_settings: Settings, places: dict[str, str], follow: Callable[[], None], seed: int
) -> None:
    chance = random.Random(seed)
    keeping = create_app(hall_settings).test_client()
    names = [*chance.sample(sorted(set(STEPS) - {"suspend"}), 4), "suspend"]
    with clock.at(now()):
        for name in names:
            STEPS[name](hall, chance)
            hall.session.commit()
            if chance.random() < 0.5:  # the index comes later than the log, in its own time
                follow()
            fresh = create_app(hall_settings).test_client()
            paths = ["/", "/screen", "/progress", "/outcomes", "/scenarios/", "/products/", "/search?q=新场景"]
            paths += [
                f"/scenarios/{places['open']}",
                f"/outcomes/{places['approved']}",
                f"/organizations/{places['port']}",
            ]
            for path in paths:
                built = fresh.get(path)
                assert alike(keeping.get(path)) == alike(built), (name, path)
                assert alike(keeping.get(path)) == alike(built), (name, path)


def test_who_looks_how_far_the_log_is_leaves_no_connection_open(app: Flask, hall: World) -> None:
    """Each connection to the web server is a thread of its own there, and there may be two thousand."""
    kept: KeptPages = app.extensions["hall_kept_pages"]
    asked, over = Barrier(20), Event()

    def look() -> None:
        kept.position()
        asked.wait()
        over.wait()

    def open_files() -> int:
        return sum(
            path.is_symlink() and "hall.sqlite" in str(path.readlink()) for path in Path("/proc/self/fd").iterdir()
        )

    kept.position()
    before = open_files()
    threads = [Thread(target=look) for _ in range(19)]
    for thread in threads:
        thread.start()
    asked.wait()
    try:
        assert open_files() <= before + app.extensions["hall_engine"].pool.size() * 3
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_however_many_pages_are_asked_for_they_take_a_bounded_room(app: Flask, hall: World) -> None:
    kept: KeptPages = app.extensions["hall_kept_pages"]
    stamp = Stamp(time=1, log=1)
    page = KeptPage(b"x" * LARGEST, (), stamp)
    count = 2 * MOST_BYTES // LARGEST
    for number in range(count):
        kept.keep((number,), page)
        kept.keep((number,), page)
    found = sum(kept.find((number,), stamp) is not None for number in range(count))
    assert 0 < found * LARGEST <= MOST_BYTES and found == len(kept)
    assert kept.find((count - 1,), stamp) is not None and kept.find((0,), stamp) is None


def test_a_page_is_kept_once_whatever_happens_and_not_beyond_its_time(app: Flask, hall: World) -> None:
    kept: KeptPages = app.extensions["hall_kept_pages"]
    for log in range(50):
        for number in range(10):
            kept.keep((number,), KeptPage(b"x", (), Stamp(time=1, log=log)))
    assert len(kept) == 10
    assert kept.find((0,), Stamp(1, 49)) is not None and kept.find((0,), Stamp(1, 48)) is None
    kept.keep((3,), KeptPage(b"x", (), Stamp(time=2, log=49)))
    assert len(kept) == 1


def test_as_long_as_people_come_the_hall_has_no_more_pages_than_addresses(app: Flask, hall: World) -> None:
    kept: KeptPages = app.extensions["hall_kept_pages"]
    for hour in range(20):
        with clock.at(now() + timedelta(hours=hour)):
            for path in ("/", "/outcomes", "/about", "/progress"):
                assert app.test_client().get(path).status_code == 200
    assert len(kept) == 4
