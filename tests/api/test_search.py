"""A search is one thing, whoever asks it: the page, the API and what is saved are read by one declaration."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenario_hall.alerts.asked import FIRST_DAY, LAST_DAY, AskedSearch
from scenario_hall.api.requests import read_query
from scenario_hall.api.search import SearchAsked
from scenario_hall.api.values import Query
from scenario_hall.core import clock
from scenario_hall.search.engine.index import Sort
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.web.public.search_address import asked_from_address, query_from_address

MOMENT = datetime(2026, 11, 28, 4, tzinfo=UTC)
SLUGS = st.lists(st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True), max_size=3, unique=True)
DAYS = st.one_of(st.integers(1, 3650), st.integers(1, 100).map(lambda days: days + 0.5))
SUMS = st.one_of(st.integers(0, 10**9), st.just(0.5))
SEARCHES: dict[str, st.SearchStrategy[Any]] = {
    "q": st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zs")), max_size=20),
    "kind": st.sampled_from(("scenario", "product")),
    "domain": SLUGS,
    "region": st.lists(st.sampled_from([each.code for each in REGIONS]), max_size=3, unique=True),
    "tag": SLUGS,
    "status": SLUGS,
    "budget_min": SUMS,
    "budget_max": SUMS,
    "readiness": st.integers(1, 9),
    "deadline": DAYS,
    "since": DAYS,
}


def test_the_api_asks_by_the_members_of_a_saved_search() -> None:
    own = {"sort", "cursor", "limit"} | set(Query.model_fields)
    assert set(SearchAsked.model_fields) == set(AskedSearch.model_fields) | own
    assert set(AskedSearch.model_fields) == set(SEARCHES) | {"closed", "deadline_by"}


@given(asked=st.fixed_dictionaries({}, optional=SEARCHES), closed=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_page_and_api_read_the_same_address_alike(app: Flask, asked: dict[str, Any], closed: bool) -> None:
    address = urlencode(asked, doseq=True)
    with clock.at(MOMENT):
        with app.test_request_context(f"/api/v1/search?{address}{'&closed=true' * closed}"):
            api = read_query(SearchAsked)
            by_api = api.query()
        with app.test_request_context(f"/search?{address}{'&closed=1' * closed}"):
            page = asked_from_address()
            by_page = query_from_address()
    saved = AskedSearch.model_validate({name: getattr(api, name) for name in AskedSearch.model_fields})
    assert page == saved and page.told() == saved.told()
    assert (by_page.sort, by_api.sort) == (by_api.sort, Sort.RELEVANCE if by_api.text.strip() else Sort.NEWEST)
    for name in ("text", "kind", "domains", "regions", "states", "tags", "budget_min", "budget_max", "readiness_min"):
        assert getattr(by_page, name) == getattr(by_api, name), name
    for name in ("deadline_before", "posted_since", "include_closed"):
        assert getattr(by_page, name) == getattr(by_api, name), name


@given(day=st.dates(FIRST_DAY, LAST_DAY))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_a_day_is_asked_for_by_its_date(app: Flask, day: date) -> None:
    with app.test_request_context(f"/api/v1/search?deadline_by={day}"):
        by_api = read_query(SearchAsked).query()
    with app.test_request_context(f"/search?deadline={day}"):
        assert query_from_address().deadline_before == by_api.deadline_before
