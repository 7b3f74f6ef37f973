"""A search is saved from the page of its results, a record from its own; the list, changes, and letters stopped."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from scenario_hall.alerts.models import AlertHit, Rhythm, SavedSearch
from scenario_hall.alerts.service import forget_alerts, stop_letters
from scenario_hall.config import Settings
from scenario_hall.core.db import transaction
from scenario_hall.notices.tokens import CONFIRM_EMAIL, STOP_LETTERS, make_token
from tests.web.conftest import token
from tests.web.page_forms import PageForm, forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
SEARCH = "/search?q=无人机&region=440300&region=440100&domain=low-altitude&budget_max=900000&deadline=90&closed=1"


def link_to_save(client: FlaskClient, page: str, label: str) -> str:
    found = re.search(
        rf'href="(/searches/new[^"]*)"[^>]*>(?:(?!</a>).)*{label}', client.get(page, headers=EN).text, re.S
    )
    assert found is not None, page
    return found[1].replace("&amp;", "&")


def form_at(client: FlaskClient, page: str) -> PageForm:
    return next(
        each
        for each in forms_of(client.get(page, headers=EN).text)
        if each.action.split("?")[0] == page.split("?", maxsplit=1)[0]
    )


def save(client: FlaskClient, page: str, **sent: str) -> None:
    answer = client.post(page, data={**form_at(client, page).sent, **sent}, headers=EN)
    assert answer.status_code == 302, answer.text


def test_the_search_of_a_page_is_saved_as_it_was_asked(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session, follow: Callable[[], None]
) -> None:
    client = as_person("maker@maker.example")
    link = link_to_save(client, SEARCH, "Save this search")
    told = client.get(link, headers=EN).text.split("<main")[1].split("</dl>")[0]
    assert "low-altitude economy" in told and "Shenzhen" in told and "90" in told  # in words
    save(client, link, name="Drones", rhythm="weekly")
    (saved,) = database.exec(select(SavedSearch)).all()
    assert (saved.name, saved.rhythm) == ("Drones", Rhythm.WEEKLY)
    assert saved.asked == {
        "q": "无人机",
        "region": ["440300", "440100"],
        "domain": ["low-altitude"],
        "budget_max": 900_000.0,
        "deadline": 90.0,
        "closed": True,
    }
    record = hall.released_scenario()
    hall.session.commit()
    follow()
    page = client.get(f"/searches/{saved.pk}", headers=EN).text
    assert f"/scenarios/{record.code}" in page and "Words found: 无人机" in page
    assert "found: 1" in client.get("/searches/", headers=EN).text
    shown = re.search(r'href="(/search\?[^"]*)"', page)
    assert shown is not None and link_to_save(client, shown[1].replace("&amp;", "&"), "Save this search") == link


def test_a_record_and_what_matches_it_are_followed_from_their_pages(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session, follow: Callable[[], None]
) -> None:
    scenario, product = hall.released_scenario(), hall.listed_product()
    hall.session.commit()
    follow()
    demand, supplier = as_person("port@port.example"), as_person("maker@maker.example")
    for client, page, label in (
        (demand, f"/scenarios/{scenario.code}", "Tell me of new products for it"),
        (supplier, f"/scenarios/{scenario.code}", "Tell me of changes"),
        (supplier, f"/products/{product.code}", "Tell me of new scenarios for it"),
        (supplier, f"/products/{product.code}", "Tell me of changes"),
        (supplier, f"/organizations/{hall.port.pk}", "Tell me what it brings into the hall"),
    ):
        save(client, link_to_save(client, page, label))
    rows = [(row.watch, row.subject_kind, row.name) for row in database.exec(select(SavedSearch))]
    assert rows == [
        ("products", "scenario", scenario.title),
        ("record", "scenario", scenario.title),
        ("scenarios", "product", product.title),
        ("record", "product", product.title),
        ("organization", "organization", "湾澜港务"),
    ]
    for path in (f"/searches/new?watch=products&of={scenario.pk}", "/searches/new?watch=record&of=999"):
        assert supplier.get(path).status_code in (403, 404)
    assert supplier.get("/searches/new?watch=nothing").status_code == 404


def test_it_is_renamed_paused_and_deleted_by_its_owner_alone(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client, other = as_person("maker@maker.example"), as_person("port@port.example")
    save(client, "/searches/new?q=无人机")
    (saved,) = database.exec(select(SavedSearch)).all()
    page = f"/searches/{saved.pk}"
    form = form_at(client, page)
    sent = {**form.sent, "name": "Other", "rhythm": "none", "is_paused": "y"}
    theirs = {"csrf_token": token(other, "/searches/new?q=x"), "name": "Other", "rhythm": "none"}
    assert other.get(page).status_code == other.post(page, data=theirs).status_code == 404
    assert other.post(f"{page}/delete", data=theirs).status_code == 404
    assert client.post(page, data=sent).status_code == 302
    database.rollback()
    assert (saved.name, saved.rhythm, saved.is_paused, saved.version) == ("Other", "none", True, 2)
    stale = client.post(page, data={**form_at(client, page).sent, "version": "1", "name": "Stale"})
    assert stale.status_code == 409 or "Stale" not in client.get("/searches/").text
    assert client.post(f"{page}/delete", data=form_at(client, page).sent).status_code == 302
    database.rollback()
    assert database.exec(select(SavedSearch)).all() == []


def test_what_asks_for_nothing_or_is_saved_already_is_refused_in_words(
    hall: World, as_person: Callable[[str], FlaskClient], visitor: FlaskClient
) -> None:
    client = as_person("maker@maker.example")
    assert "/searches/new" not in client.get("/search").text.split("<main")[1]
    answer = client.post("/searches/new", data=form_at(client, "/searches/new").sent | {"name": "x"}, headers=EN)
    assert answer.status_code in (200, 422) and "this would tell of everything" in answer.text
    save(client, "/searches/new?q=drone")
    sent = form_at(client, "/searches/new?q=drone").sent
    again = client.post("/searches/new?q=drone", data=sent, headers=EN)
    assert again.status_code in (200, 409) and "You have saved this already" in again.text
    assert "/login" in visitor.get("/searches/new?q=drone").location


def test_letters_stop_by_a_post_that_knows_nothing_but_its_token(
    hall: World,
    as_person: Callable[[str], FlaskClient],
    visitor: FlaskClient,
    database: Session,
    hall_settings: Settings,
) -> None:
    client = as_person("maker@maker.example")
    save(client, "/searches/new?q=无人机", rhythm="daily")
    save(client, "/searches/new?q=机器人", rhythm="weekly")
    first, second = database.exec(select(SavedSearch).order_by(SavedSearch.id)).all()  # type: ignore[arg-type]

    def rhythms() -> list[str]:
        database.rollback()
        return [first.rhythm, second.rhythm]

    key, account = hall_settings.secret_key, first.account_id
    one, every = (f"/searches/stop/{make_token(key, STOP_LETTERS, account, each)}" for each in (first.pk, 0))
    assert visitor.get(one).status_code == 200 and visitor.head(one).status_code == 200
    assert rhythms() == ["daily", "weekly"]  # who only looks at the link stops nothing
    click = {"List-Unsubscribe": "One-Click"}
    assert visitor.post(one, data=click).status_code == 200 and rhythms() == ["none", "weekly"]
    assert visitor.post(every, data=click).status_code == 200 and rhythms() == ["none", "none"]
    assert visitor.post(every).status_code == 200  # twice is once
    assert stop_letters(database, account_id=account, search_id=None) == 0
    (form,) = [each for each in forms_of(visitor.get(one).text) if "/searches/stop/" in each.action]
    assert visitor.post(form.action, data=form.sent).status_code == 200
    for wrong in ("x", make_token("another" * 8, STOP_LETTERS, account, 0), make_token(key, CONFIRM_EMAIL, account, 0)):
        assert visitor.post(f"/searches/stop/{wrong}").status_code == 404


@pytest.mark.parametrize("address", ["deadline=9999-12-31", "deadline=0001-01-01", "since=1e99",
                                     "readiness=99", "q=" + "x" * 900, "status=" + "y" * 900, "deadline=2026-12-31"])  # fmt: skip
def test_no_address_breaks_the_page_that_saves_it(
    hall: World, as_person: Callable[[str], FlaskClient], address: str
) -> None:
    client = as_person("maker@maker.example")
    assert client.get(f"/search?{address}").status_code == 200
    assert client.get(f"/searches/new?{address}").status_code == 200


def test_a_closed_account_takes_its_searches_along(hall: World, database: Session) -> None:
    database.add(SavedSearch(account_id=hall.maker_person.pk, name="x", watch="search", rhythm="daily"))
    database.commit()
    (search,) = database.exec(select(SavedSearch)).all()
    database.add(
        AlertHit(search_id=search.pk, account_id=search.account_id, record_kind="scenario", record_id=1, event_id=1)
    )
    database.commit()
    with transaction(database):
        forget_alerts(database, hall.maker_person.pk)
    assert database.exec(select(SavedSearch)).all() == database.exec(select(AlertHit)).all() == []
