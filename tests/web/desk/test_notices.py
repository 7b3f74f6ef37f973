"""The page of notices and the bell that leads to it: what is new, on every page and while it is open."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from scenario_hall.notices.models import Notice
from tests.web.conftest import token
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
ABOUT = "/about"  # a page that shows nothing of its own


def bell(client: FlaskClient, page: str = ABOUT) -> str:
    """What stands beside the bell of a page; empty where it is hidden."""
    badge = client.get(page, headers=EN).text.split("data-notices", 1)[1].split("</span>", 1)[0]
    mark, _, text = badge.partition(">")
    assert ("hidden" in mark) == (text.strip() == "")
    return text.strip()


def test_a_notice_rings_on_every_page_and_leads_to_its_record(
    hall: World, as_person: Callable[[str], FlaskClient], visitor: FlaskClient, follow: Callable[[], None]
) -> None:
    client = as_person("port@port.example")
    follow()
    client.post("/notices/read", data={"csrf_token": token(client, "/notices/")})
    assert bell(client) == "" and "data-notices" not in visitor.get(ABOUT).text
    application = hall.application(hall.released_scenario())
    follow()
    assert bell(client) == bell(client, "/notices/") == "2"  # released, applied to
    page = client.get("/notices/", headers=EN).text
    assert page.count("A supplier has applied to your scenario") == 1 and "Your organisation is one of the two" in page
    database = hall.session
    database.rollback()
    (notice,) = database.exec(select(Notice).where(col(Notice.about) == application.code)).all()
    answer = client.get(f"/notices/{notice.pk}", headers={"Sec-Purpose": "prefetch"})
    assert answer.location == f"/applications/{application.code}" and bell(client) == "2"  # only looked ahead
    assert client.get(f"/notices/{notice.pk}").location == answer.location and bell(client) == "1"
    assert as_person("maker@maker.example").get(f"/notices/{notice.pk}").status_code == 404


def test_all_or_those_of_one_record_are_marked_as_read_and_what_came_meanwhile_is_not(
    hall: World, as_person: Callable[[str], FlaskClient], follow: Callable[[], None]
) -> None:
    first, second = hall.released_scenario(title="第一个"), hall.released_scenario(title="第二个")
    follow()
    client = as_person("port@port.example")
    whole, *each = (
        form for form in forms_of(client.get("/notices/?show=unread").text) if "/notices/read" in form.action
    )
    by_code = {form.sent["about"][0]: form for form in each}
    assert [code for code in by_code if code in (first.code, second.code)] == [second.code, first.code]
    one = by_code[first.code]
    answer = client.post(one.action, data=one.sent)
    assert answer.status_code == 302 and answer.location == "/notices/?show=unread"
    page = client.get("/notices/?show=unread", headers=EN).text
    assert second.title in page and first.title not in page
    assert first.title in client.get("/notices/").text
    hall.released_scenario(title="后来的")
    follow()
    client.post(whole.action, data=whole.sent)
    page = client.get("/notices/?show=unread", headers=EN).text
    assert "后来的" in page and second.title not in page and bell(client) == "1"


@pytest.mark.parametrize("query", ["?kind=claim", "?show=unread&kind=claim", "?page=9"])
def test_a_page_without_notices_says_so(
    hall: World, as_person: Callable[[str], FlaskClient], follow: Callable[[], None], query: str
) -> None:
    hall.released_scenario()
    follow()
    client = as_person("port@port.example")
    assert "Nothing here" in client.get(f"/notices/{query}", headers=EN).text or "page=9" in query
    assert client.get(f"/notices/{query}", headers=EN).status_code == 200
    hall.person("new@x.example")
    assert "Nothing yet" in as_person("new@x.example").get("/notices/", headers=EN).text


@pytest.mark.parametrize("query", ["kind=nothing", "show=" + "x" * 500, "page=0", "page=²", "kind=a&kind=b"])
def test_no_address_breaks_it(hall: World, as_person: Callable[[str], FlaskClient], query: str) -> None:
    assert as_person("port@port.example").get(f"/notices/?{query}").status_code == 200


def rings(app: Flask, client: FlaskClient, count: int) -> list[str]:
    """What the open feed of a logged-in person says of their notices, the first ``count`` times."""
    answer = client.get("/live", headers=EN)
    found = []
    for chunk in islice(answer.response, 200):
        text = chunk.decode() if isinstance(chunk, bytes) else chunk
        if text.startswith("event: notices"):
            found.append(json.loads(text.split("data: ", 1)[1])["count"])
        if len(found) == count:
            break
    answer.close()
    return found


def test_the_open_feed_rings_for_the_person_alone(
    hall: World, app: Flask, as_person: Callable[[str], FlaskClient], follow: Callable[[], None], database: Session
) -> None:
    hall.person("new@x.example")
    client, other = as_person("port@port.example"), as_person("new@x.example")
    hall.released_scenario()
    follow()
    mine = database.exec(select(Notice).where(col(Notice.account_id) == hall.port_person.pk)).all()
    assert rings(app, client, 1) == [str(len(mine))]
    lines = client.get("/live/lines").get_json()
    assert lines["notices"] == str(len(mine))
    assert app.test_client().get("/live/lines").get_json()["notices"] == ""
    assert mine and rings(app, other, 1) == [""]
    follower = app.extensions["hall_follower"]
    follower.join()
    try:
        assert follower.notice_of(hall.port_person.pk) == 0
        hall.released_scenario(title="又一个")
        follow()
        follower._step()
        database.rollback()
        newest = max(each.pk for each in database.exec(select(Notice)))
        assert follower.notice_of(hall.port_person.pk) == newest and follower.notice_of(hall.maker_person.pk) == 0
    finally:
        follower.leave()
