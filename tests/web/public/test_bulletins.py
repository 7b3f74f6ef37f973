"""The bulletins as anybody sees them: the month that runs, those that are frozen, their files."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from scenario_hall.bulletins.months import Month
from scenario_hall.bulletins.service import publish_due
from scenario_hall.core import clock
from scenario_hall.outcomes.certificate.service import certificate_of, revoke_outcome
from tests.world import World

NOVEMBER, DECEMBER = Month(2031, 11), Month(2031, 12)


@pytest.fixture
def number(hall: World) -> str:
    """The number of a certificate of November, whose bulletin was frozen as December began; then it was revoked."""
    with clock.at(NOVEMBER.start + timedelta(days=3)):
        outcome = hall.approved()
    with clock.at(DECEMBER.start + timedelta(minutes=1)):
        publish_due(hall.session)
        revoke_outcome(hall.admin, session=hall.session, outcome=outcome, version=None, reason="数据有误")
    certificate = certificate_of(hall.session, outcome)
    assert certificate is not None
    return certificate.number


def cells(page: str, name: str) -> list[str]:
    """The cells of a figure's row."""
    row = re.search(rf'<th scope="row">{re.escape(name)}</th>(.*?)</tr>', page, re.S)
    assert row is not None, name
    return [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.S)]


def test_a_frozen_month_shows_what_was_so_and_what_was_revoked_since(visitor: FlaskClient, number: str) -> None:
    with clock.at(DECEMBER.start + timedelta(days=4)):
        page = visitor.get("/bulletins/2031-11?lang=en").text
    assert cells(page, "Certificates issued") == ["1", "—", "—", "1"]
    assert cells(page, "Certificates revoked") == ["0", "—", "—", "0"]
    assert "90.5 points behind" in page  # 1 % of the target, day 334 of 365: 91.5 % of the year
    assert f"/certificates/{number}" in page and "revoked since, on" in page
    assert "Frozen on December 1, 2031" in page


def test_the_running_month_is_compared_with_the_one_before(visitor: FlaskClient, number: str) -> None:
    with clock.at(DECEMBER.start + timedelta(days=4)):
        page = visitor.get("/bulletins/2031-12?lang=en").text
    assert "not frozen yet" in page
    assert cells(page, "Certificates issued") == ["0", "1", "−1", "1"]
    assert cells(page, "Certificates revoked") == ["1", "0", "+1", "1"]
    assert "revoked since" not in page


def test_the_list_has_the_months_and_each_leads_to_its_page(visitor: FlaskClient, number: str) -> None:
    with clock.at(DECEMBER.start + timedelta(days=4)):
        page = visitor.get("/bulletins/?lang=en").text
        months = re.findall(r'href="(/bulletins/[0-9-]+)"', page)
        assert months == ["/bulletins/2031-12", "/bulletins/2031-11"]
        assert [visitor.get(each).status_code for each in months] == [200, 200]
        rows = json.loads(visitor.get("/bulletins/?lang=en&format=json").data)["rows"]
    assert [(row["month"], row["firsts"], row["points"]) for row in rows] == [
        ("2031-12", 0, -92.9),  # day 339 of 365
        ("2031-11", 1, -90.5),
    ]


def test_a_figure_opens_the_list_of_its_month(visitor: FlaskClient, number: str) -> None:
    with clock.at(DECEMBER.start + timedelta(days=4)):
        page = visitor.get("/bulletins/2031-11?lang=en").text
        address = re.search(r'href="(/progress\?[^"]*stage=released[^"]*)">1</a>', page)
        assert address is not None
        listed = visitor.get(address[1].replace("&amp;", "&") + "&lang=en").text
        other = visitor.get("/progress?stage=released&year=2031&month=10&lang=en").text
    assert "November 2031" in listed and listed.count('class="sign sign-scenario"') == 1
    assert "sign-scenario" not in other


def test_the_feed_tells_of_the_month_that_ended(visitor: FlaskClient, number: str) -> None:
    with clock.at(DECEMBER.start + timedelta(days=4)):
        items = json.loads(visitor.get("/feed.json?lang=en").data)["items"]
    told = [item for item in items if item["url"].endswith("/bulletins/2031-11")]
    assert [item["title"] for item in told] == ["Monthly bulletin published: 2031-11"]


def test_programs_get_the_same(visitor: FlaskClient, number: str) -> None:
    with clock.at(DECEMBER.start + timedelta(days=4)):
        frozen = visitor.get("/api/v1/bulletins").get_json()["items"]
        running = visitor.get("/api/v1/bulletins/2031-12").get_json()
        assert visitor.get("/api/v1/bulletins/2031-13").status_code == 404
    assert [(each["month"], each["issued"], each["points"]) for each in frozen] == [("2031-11", [number], -90.5)]
    assert frozen[0]["frozen_at"] is not None
    assert (running["frozen_at"], running["revoked"], running["firsts"]) == (None, [number], 0)


@pytest.mark.parametrize("code", ["2031-10", "2032-01", "1999-12", "x", "2031-11-01"])
def test_a_month_without_figures_is_not_found(visitor: FlaskClient, number: str, code: str) -> None:
    with clock.at(DECEMBER.start + timedelta(days=4)):
        assert visitor.get(f"/bulletins/{code}").status_code == 404
