"""The live feed: resumable by the log's own ids, public lines only."""

from __future__ import annotations

import json
from itertools import islice

from flask import Flask

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
    assert f'<span class="quiet">{line["what"]}</span>' in page
    assert "没有脚本也能看到" in page
    assert f'href="/scenarios/{scenario.code}"' in page
