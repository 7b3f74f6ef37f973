"""The live feed: resumable by the log's own ids, public lines only."""

from __future__ import annotations

import json
from contextvars import copy_context
from datetime import timedelta
from itertools import islice
from typing import Any, cast

import pytest
from flask import Flask

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.dossiers.figures import hall_figures
from scenario_hall.log.chain import events_after, last_id
from scenario_hall.scenarios.service import end_scenario
from tests.world import World


def lines_of(app: Flask, after: int, count: int) -> list[dict[str, object]]:
    """The first ``count`` lines that an open feed gets."""
    answer = app.test_client().get(f"/live?after={after}", headers={"Accept-Language": "en"})
    assert answer.mimetype == "text/event-stream"
    found = []
    for chunk in islice(answer.response, 200):
        text = chunk.decode() if isinstance(chunk, bytes) else chunk
        if "event: line" in text:
            found.append(json.loads(text.split("data: ", 1)[1]))
        if len(found) == count:
            break
    answer.close()
    return found


def test_a_feed_goes_on_after_the_last_id_that_it_saw(hall: World, app: Flask) -> None:
    first = hall.released_scenario(title="第一个场景")
    seen = last_id(hall.session)
    second = hall.released_scenario(title="第二个场景")
    hall.draft_scenario(title="草稿不公开")
    (line,) = lines_of(app, seen, 1)
    assert line["title"] == "第二个场景" and line["url"] == f"/scenarios/{second.code}"
    released = [event.id for event in events_after(hall.session, seen) if event.kind == "scenario.released"]
    assert line["id"] == released[0]
    assert [each["title"] for each in lines_of(app, 0, 2)] == ["第一个场景", "第二个场景"]
    assert first.code


def test_what_is_private_is_no_line(hall: World, app: Flask) -> None:
    scenario = hall.released_scenario()
    seen = last_id(hall.session)
    hall.application(scenario)
    end_scenario(hall.demand, session=hall.session, scenario=scenario, action="close", version=None, reason="x")
    kinds = [line["kind"] for line in lines_of(app, seen, 2)]
    assert kinds == ["product.listed", "scenario.closed"]


def test_the_page_shows_the_same_lines_without_javascript(hall: World, app: Flask) -> None:
    scenario = hall.released_scenario(title="没有脚本也能看到")
    page = app.test_client().get("/", headers={"Accept-Language": "en"}).text
    (line,) = lines_of(app, 0, 1)
    assert f'<span class="feed-what">{line["what"]} · {line["note"]}</span>' in page
    assert "没有脚本也能看到" in page
    assert f'href="/scenarios/{scenario.code}"' in page


@pytest.fixture
def few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenario_hall.web.public.live.MOST_FEEDS_BY_ADDRESS", 2)
    monkeypatch.setattr("scenario_hall.web.public.live.MOST_FEEDS", 3)


class OpenFeed:
    """One visitor's feed, in a context of its own as each request of a server has."""

    def __init__(self, app: Flask, address: str) -> None:
        self.context = copy_context()
        self.answer = self.context.run(app.test_client().get, "/live", environ_overrides={"REMOTE_ADDR": address})

    def close(self) -> None:
        self.context.run(self.answer.close)


@pytest.mark.usefixtures("few_places")
def test_open_feeds_are_bounded_by_address_and_by_process_and_places_come_back(hall: World, app: Flask) -> None:
    feeds = [OpenFeed(app, f"203.0.113.{place}") for place in (1, 1, 1, 2, 3)]
    assert [feed.answer.status_code for feed in feeds] == [200, 200, 503, 200, 503]
    assert feeds[2].answer.headers["Retry-After"]
    feeds[0].close()
    again = OpenFeed(app, "203.0.113.1")
    assert again.answer.status_code == 200
    for feed in (*feeds[1:], again):
        feed.close()


def test_who_finds_no_place_asks_for_the_lines(hall: World, app: Flask) -> None:
    seen = last_id(hall.session)
    hall.released_scenario(title="没有位置也能看到")
    answer = app.test_client().get(f"/live/lines?after={seen}").get_json()
    assert [line["title"] for line in answer["lines"]] == ["没有位置也能看到"] and not answer["reload"]
    assert answer["after"] == last_id(hall.session)
    assert app.test_client().get(f"/live/lines?after={answer['after']}").get_json()["lines"] == []


def test_after_a_long_gap_the_page_is_told_to_load_anew(
    hall: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenario_hall.web.public.live.KEPT", 2)
    for number in range(3):
        hall.released_scenario(title=f"第{number}项")
    feed = app.test_client().get("/live?after=0")
    chunks = [chunk if isinstance(chunk, str) else chunk.decode() for chunk in islice(feed.response, 2)]
    feed.close()
    assert "event: reload" in chunks[1]
    answer = app.test_client().get("/live/lines?after=0").get_json()
    assert (answer["lines"], answer["after"], answer["reload"]) == ([], last_id(hall.session), True)


@pytest.mark.parametrize("start", ["²", "-1", "9" * 30, "abc", ""])
def test_an_odd_position_begins_now(hall: World, app: Flask, start: str) -> None:
    feed = app.test_client().get("/live", headers={"Last-Event-ID": start})
    assert feed.status_code == 200
    feed.close()
    assert app.test_client().get("/live/lines", query_string={"after": start}).status_code == 200


def figures_of(app: Flask) -> dict[str, Any]:
    """The first message of figures that an open feed gets."""
    answer = app.test_client().get("/live")
    told = next(
        json.loads(chunk.split("data: ", 1)[1])
        for chunk in map(as_text, islice(answer.response, 20))
        if "event: figures" in chunk
    )
    answer.close()
    return cast("dict[str, Any]", told)


def as_text(chunk: str | bytes) -> str:
    return chunk if isinstance(chunk, str) else chunk.decode()


def test_an_open_feed_begins_with_the_figures_as_of_the_logs_last_line(hall: World, app: Flask) -> None:
    hall.released_scenario()
    told = figures_of(app)
    assert told["entry"] == last_id(hall.session)
    assert (told["numbers"]["scenarios"], told["numbers"]["region.440300"], told["heat"]["440300"]) == (1, 1, 1)


def test_what_happens_while_a_feed_is_open_changes_its_figures(hall: World, app: Flask) -> None:
    feed = app.test_client().get("/live")
    chunks = map(as_text, feed.response)
    assert any("event: figures" in chunk for chunk in islice(chunks, 5))
    hall.released_scenario()
    told = json.loads(next(chunk for chunk in chunks if "event: figures" in chunk).split("data: ", 1)[1])
    # Counted at most once a second, so a message may tell of the log between two lines.
    while told["numbers"]["scenarios"] == 0:
        told = json.loads(next(chunk for chunk in chunks if "event: figures" in chunk).split("data: ", 1)[1])
    feed.close()
    assert told["numbers"]["stage.released"] == 1


def test_a_claim_on_public_notice_is_a_line_that_leads_to_it(hall: World, app: Flask) -> None:
    noticed = hall.claimed(hall.accepted(hall.released_scenario(), hall.listed_product()))
    seen = last_id(hall.session)
    for reviewer in hall.reviewers[:2]:
        hall.advised(noticed, reviewer)
    (line,) = lines_of(app, seen, 1)
    assert (line["kind"], line["url"], line["sign"]) == ("outcome.on_notice", f"/outcomes/{noticed.code}", "trial")


def test_what_no_page_shows_wakes_no_feed_though_a_new_one_begins_as_of_the_logs_last_line(
    hall: World, app: Flask
) -> None:
    follower = app.extensions["hall_follower"]
    follower.position, follower.figures = last_id(hall.session), hall_figures(hall.session)
    known, woken = follower.figures, []
    follower.woken.notify_all = lambda: woken.append(follower.position)
    hall.draft_scenario()
    hall.person("new@new.example")
    with clock.at(now() + timedelta(seconds=2)):
        follower._step()
    assert (woken, follower.position, follower.figures.entry) == ([], last_id(hall.session), last_id(hall.session))
    hall.released_scenario()
    with clock.at(now() + timedelta(seconds=4)):
        follower._step()
    assert woken == [last_id(hall.session)]
    assert follower.figures.scenarios == known.scenarios + 1
    assert [line.kind for line in follower.lines] == ["scenario.released"]
