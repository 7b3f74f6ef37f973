"""The button on pages and cards, the list, and the desk; without a script, and not for visitors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.web.page_forms import PageForm, forms_of
from tests.world import World

EN = {"Accept-Language": "en"}


def buttons(client: FlaskClient, page: str) -> list[PageForm]:
    return [each for each in forms_of(client.get(page, headers=EN).text) if each.action == "/bookmarks"]


@pytest.mark.parametrize("kind", ["scenario", "product", "organization"])
def test_a_record_is_marked_on_its_page_and_found_in_the_list_and_on_the_desk(
    hall: World, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], kind: str
) -> None:
    record = {"scenario": hall.released_scenario, "product": hall.listed_product, "organization": lambda: hall.port}[
        kind
    ]()
    page = f"/organizations/{record.pk}" if kind == "organization" else f"/{kind}s/{record.public_code}"
    client = as_person("maker@maker.example")
    (form,) = buttons(client, page)
    assert client.post(form.action, data=form.sent).location == page
    assert 'aria-pressed="true"' in client.get(page).text
    for where in ("/bookmarks", "/desk"):
        assert f'href="{page}"' in client.get(where).text
    (form,) = buttons(client, "/bookmarks")
    assert client.post(form.action, data=form.sent).location == "/bookmarks"
    assert "Nothing is bookmarked yet" in client.get("/bookmarks", headers=EN).text
    assert buttons(visitor, page) == []


def test_cards_have_the_button_and_lead_back_to_where_they_stood(
    hall: World, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], follow: Callable[[], None]
) -> None:
    hall.released_scenario()
    hall.listed_product()
    follow()
    hall.person("other@x.example")
    client = as_person("other@x.example")
    for page in ("/scenarios/?region=440300", "/products/"):
        (form,) = buttons(client, page)
        assert client.post(form.action, data=form.sent).location == page
        assert buttons(visitor, page) == []


def test_nobody_is_led_to_another_site(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client, page = as_person("maker@maker.example"), f"/organizations/{hall.port.pk}"
    (form,) = buttons(client, page)
    answer = client.post(form.action, data={**form.sent, "back": "https://evil.example/"})
    assert answer.location == "/bookmarks"
