"""The hall's first page, the wall, and the lists behind their figures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from scenario_hall.core import clock
from scenario_hall.log.chain import last_id
from scenario_hall.scenarios.service import end_scenario
from scenario_hall.web.public.home import PAGES_WITH_FIGURES
from tests.world import World

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def busy(hall: World, follow: Callable[[], None]) -> World:
    """A hall with something in each stage, and something that counts in none."""
    hall.approved(hall.accepted(hall.released_scenario(), hall.listed_product()))
    noticed = hall.claimed(hall.accepted(hall.released_scenario(region="810000"), hall.listed_product()))
    for reviewer in hall.reviewers[:2]:
        hall.advised(noticed, reviewer)
    hall.application(hall.released_scenario(region="820000", domains=["emergency", "low-altitude"]))
    hall.planned(hall.accepted(hall.released_scenario(), hall.listed_product()))
    closed = hall.released_scenario()
    end_scenario(hall.demand, session=hall.session, scenario=closed, action="close", version=None, reason="x")
    hall.draft_scenario()
    hall.submitted_scenario()
    follow()
    return hall


def figures_on(page: str) -> dict[str, int]:
    """Each number under its name; one that stands twice has to say the same."""
    found: dict[str, set[int]] = {}
    for name, value in re.findall(r'data-figure="([^"]+)">(\d+)<', page):
        found.setdefault(name, set()).add(int(value))
    assert all(len(values) == 1 for values in found.values()), found
    return {name: values.pop() for name, values in found.items()}


def links_on(page: str, pattern: str) -> list[str]:
    return re.findall(rf'href="({pattern})"', page)


def test_the_figures_of_the_funnel_are_the_lengths_of_their_lists(busy: World, visitor: FlaskClient) -> None:
    figures = figures_on(visitor.get("/").text)
    assert [figures[f"stage.{stage}"] for stage in ("released", "applied", "tried", "first")] == [5, 4, 2, 1]
    for stage in ("released", "applied", "tried"):
        page = visitor.get(f"/progress?stage={stage}").text
        rows = re.findall(r'<a class="grow" href="/scenarios/(S-[\d-]+)"', page)
        assert len(rows) == figures[f"stage.{stage}"], stage
        assert figures_of_tabs(page)[stage] == len(rows)
    register = visitor.get(visitor.get("/progress?stage=first").location).text
    assert len(set(re.findall(r'href="/certificates/(C-[\d-]+)"', register))) == figures["stage.first"]
    assert figures["approved"] == figures["stage.first"]


def figures_of_tabs(page: str) -> dict[str, int]:
    return {stage: int(count) for stage, count in re.findall(r"stage=(\w+)[^>]*>[^<]*<strong>(\d+)</strong>", page)}


def test_the_tiles_and_bars_are_the_lengths_of_their_lists(busy: World, visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    figures = figures_on(page)
    addresses = {
        **{
            f"region.{code}": f"/search?kind=scenario&region={code}"
            for code in ("440300", "810000", "820000", "440100")
        },
        **{f"domain.{slug}": f"/search?kind=scenario&domain={slug}" for slug in ("low-altitude", "emergency")},
        "scenarios": "/scenarios/",
        "products": "/products/",
    }
    for name, address in addresses.items():
        found = re.search(r'role="status">\s*(\d+) found', visitor.get(address, headers=ENGLISH).text)
        assert found is not None and int(found[1]) == figures[name], name
    assert sum(count for name, count in figures.items() if name.startswith("region.")) == figures["scenarios"]


def test_the_count_of_public_notices_opens_them(busy: World, visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    assert figures_on(page)["notices"] == 1
    (address,) = set(links_on(page, r"/outcomes\?show=notice"))
    assert len(set(re.findall(r'href="/outcomes/(T-[\d-]+)"', visitor.get(address).text))) == 1


def test_bars_are_as_long_as_their_figures_say(busy: World, visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    figures = figures_on(page)
    shares = {name: float(width) for width, name in re.findall(r'width="([\d.]+)%"[^>]*data-share="([^"]+)"', page)}
    assert {"stage.released", "stage.first", "domain.low-altitude"} <= shares.keys()
    for chart in ("stage", "domain"):
        largest = max(count for name, count in figures.items() if name.startswith(f"{chart}."))
        for name, share in shares.items():
            if name.startswith(f"{chart}."):
                assert share == pytest.approx(100 * figures[name] / largest, abs=0.05), name


def test_the_months_as_a_table_are_the_columns_and_their_sum_is_the_counter(busy: World, visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    table = re.findall(r'<th scope="row">(\d+)</th>\s*<td>(\d+)</td>', page.split('data-part="months"')[1])[:12]
    assert [int(month) for month, _ in table] == list(range(1, 13))
    assert sum(int(count) for _, count in table) == figures_on(page)["approved"]
    drawn = re.findall(r'<text class="chart-strong"[^>]*>(\d+)</text>', page)
    assert drawn == [count for _, count in table if count != "0"]


@pytest.mark.parametrize("address", PAGES_WITH_FIGURES)
def test_a_page_says_of_which_line_of_the_log_its_figures_are(address: str, busy: World, visitor: FlaskClient) -> None:
    page = visitor.get(address, headers=ENGLISH).text
    assert f"as of entry {last_id(busy.session)}, " in page


def test_the_wall_shows_what_the_hall_shows(busy: World, visitor: FlaskClient) -> None:
    hall, wall = figures_on(visitor.get("/").text), figures_on(visitor.get("/screen").text)
    assert wall.items() <= hall.items()
    assert {"approved", "target", "scenarios", "stage.tried", "region.440300"} <= wall.keys()
    assert "<svg" in visitor.get("/screen").text.split("wall-qr")[1]


def test_the_feed_stands_under_its_days_seven_lines_and_the_rest_on_request(hall: World, visitor: FlaskClient) -> None:
    for number in range(9):
        hall.released_scenario(title=f"第{number}项")
    page = visitor.get("/", headers=ENGLISH).text
    shown, _, more = page.split("data-live=")[1].partition('<details class="more">')
    assert shown.count("<li>") == 7 and more.split("</details>")[0].count("<li>") == 2
    assert ">Today</h3>" in shown


def test_the_feeds_for_readers_have_the_same_lines(busy: World, visitor: FlaskClient) -> None:
    """JSON Feed 1.1: what it requires of a feed and of an item, and what the Atom feed says."""
    answer = visitor.get("/feed.json", headers={"Accept-Language": "pt"})
    assert answer.mimetype == "application/feed+json" and answer.headers["Access-Control-Allow-Origin"] == "*"
    feed = json.loads(answer.text)
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"] == "Salão de Cenários"
    assert feed["feed_url"].endswith("/feed.json") and feed["language"] == "pt"
    atom = ElementTree.fromstring(visitor.get("/feed.atom", headers={"Accept-Language": "pt"}).text)  # noqa: S314
    space = {"a": "http://www.w3.org/2005/Atom"}
    entries = [
        (each.findtext("a:title", "", space), link.get("href"), each.findtext("a:updated", "", space))
        for each in atom.findall("a:entry", space)
        for link in each.findall("a:link", space)
    ]
    assert [(each["title"], each["url"], each["date_published"]) for each in feed["items"]] == entries != []
    assert all(each["content_text"] and each["authors"][0]["name"] for each in feed["items"])
    assert len({each["id"] for each in feed["items"]}) == len(feed["items"])
    for each in feed["items"]:
        assert visitor.get(urlsplit(each["url"]).path).status_code == 200


@pytest.mark.parametrize(
    "email,doors",
    [
        ("", ["/scenarios/new", "/products/new"]),
        ("port@port.example", ["/scenarios/new", "/scenarios/"]),
        ("maker@maker.example", ["/products/", "/products/new"]),
        ("admin@hall.example", ["/products/", "/scenarios/"]),
    ],
)
def test_no_door_leads_to_a_refusal(
    email: str, doors: list[str], hall: World, visitor: FlaskClient, as_person: Callable[[str], FlaskClient]
) -> None:
    client = as_person(email) if email else visitor
    page = client.get("/").text
    assert re.findall(r'<a class="door" href="([^"]+)"', page) == doors
    for address in doors:
        answer = client.get(address)
        assert answer.status_code == 200 or "/login" in answer.location


def test_a_year_without_anything_has_empty_lists(hall: World, visitor: FlaskClient) -> None:
    year = clock.local_year(clock.now()) - 1
    for stage in ("released", "applied", "tried"):
        page = visitor.get(f"/progress?stage={stage}&year={year}").text
        assert 'class="empty"' in page and 'class="grow"' not in page
