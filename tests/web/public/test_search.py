"""The search page: every filter and facet is an address."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.world import World


def test_each_facet_is_a_link_whose_count_is_what_it_gives(
    hall: World, visitor: FlaskClient, follow: Callable[[], None]
) -> None:
    for number in range(3):
        hall.released_scenario(title=f"巡检场景{number}", region="440300" if number else "810000")
    hall.listed_product()
    follow()
    text = visitor.get("/search?q=巡检", headers={"Accept-Language": "en"}).text
    links = re.findall(
        r'<li>\s*<a href="([^"]+)"[^>]*rel="nofollow"[^>]*>\s*<span>(.*?)</span>\s*<span class="count">(\d+)</span>',
        text,
        re.S,
    )
    assert len(links) >= 8
    for url, label, count in links:
        page = visitor.get(unescape(url), headers={"Accept-Language": "en"}).text
        total = re.search(r"(\d+) found", page)
        assert total is not None and total[1] == count, (label, url)


@pytest.mark.parametrize("path", ["/search?q=巡检", "/scenarios/?q=巡检", "/products/", "/search?domain=low-altitude"])
def test_results_are_a_list_a_map_or_a_table_of_the_same(
    hall: World, visitor: FlaskClient, follow: Callable[[], None], path: str
) -> None:
    for number in range(3):
        hall.released_scenario(title=f"巡检场景{number}", region="440300" if number else "810000")
    hall.listed_product(title="岸桥巡检机")
    follow()
    english = {"Accept-Language": "en"}
    page = visitor.get(path, headers=english).text
    ways = {
        label: unescape(url)
        for url, label in re.findall(
            r'<a href="([^"]*)"[^>]*>\s*<span class="bi[^>]*></span> (List|Map|Table)</a>', page
        )
    }
    assert set(ways) == {"List", "Map", "Table"}
    as_list, as_map, as_table = (visitor.get(ways[name], headers=english).text for name in ("List", "Map", "Table"))
    total = re.search(r"(\d+) found", page)
    assert total is not None and int(total[1]) >= 1
    for shown, name in ((as_list, "List"), (as_map, "Map"), (as_table, "Table")):
        assert f"{total[0]}" in shown
        assert re.search(rf'aria-current="true">\s*<span class="bi[^>]*></span> {name}<', shown)
    codes = set(re.findall(r'<span class="code">([^<]+)</span>', as_list))
    assert set(re.findall(r'<span class="code">([^<]+)</span>', as_table)) == codes and len(codes) == int(total[1])
    tiles = re.findall(r'<li class="column[^>]*>\s*<a href="([^"]+)".*?<strong[^>]*>(\d+)</strong>', as_map, re.S)
    assert len(tiles) == 23
    for url, count in [tile for tile in tiles if tile[1] != "0"]:
        found = re.search(r"(\d+) found", visitor.get(unescape(url), headers=english).text)
        assert found is not None and found[1] == count, url
    assert not re.search(r'<th scope="row">\d+</th>', as_map)  # regions by their names


def test_a_page_without_results_says_what_to_do(hall: World, visitor: FlaskClient) -> None:
    text = visitor.get("/search?q=zzzz", headers={"Accept-Language": "en"}).text
    assert "Try fewer or other words" in text


def test_nonsense_in_the_address_is_left_out(hall: World, visitor: FlaskClient) -> None:
    path = "/search?page=-3&region=mars&sort=odd&budget_min=much&deadline=soon&since=x&readiness=&kind=car&status=free"
    assert visitor.get(path).status_code == 200


def test_an_empty_page_offers_what_the_pinyin_may_have_meant(hall: World, visitor: FlaskClient) -> None:
    text = visitor.get("/search?q=dkjj", headers={"Accept-Language": "zh-Hans"}).text
    assert re.search(r'<a href="[^"]*domain=low-altitude[^"]*">低空经济</a>', text)


def test_the_code_of_a_claim_on_notice_or_of_a_certificate_leads_to_it(
    visitor: FlaskClient, places: dict[str, str]
) -> None:
    for typed in (places["noticed"], f" {places['noticed'].lower()} "):
        assert visitor.get("/search", query_string={"q": typed}).location == f"/outcomes/{places['noticed']}"
    number = places["certificate"]
    assert visitor.get("/search", query_string={"q": number}).location == f"/certificates/{number}"


@pytest.mark.parametrize("name", ["running", "planned", "claimed", "confirmed"])
def test_the_code_of_a_record_that_is_not_public_finds_nothing(
    name: str, visitor: FlaskClient, places: dict[str, str]
) -> None:
    assert visitor.get("/search", query_string={"q": places[name]}).status_code == 200
