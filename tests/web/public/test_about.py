"""How the hall works: a way for each role that can be followed, how long reviews took, whom to ask."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.scenarios.service import release_scenario
from tests.world import World


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_each_way_leads_on_and_each_tab_is_on_the_page(visitor: FlaskClient, hall: World) -> None:
    page = main_of(visitor.get("/about?lang=en").text)
    links = re.findall(r'href="([^"]+)"', page)
    tabs = [link for link in links if link.startswith("#")]
    assert tabs and all(f'id="{tab[1:]}"' in page for tab in tabs)
    assert {visitor.get(link).status_code for link in links if link.startswith("/")} <= {200, 302}


@pytest.mark.parametrize(("hours", "words"), [(50, "2.1 days"), (5, "less than a day")])
def test_how_long_a_review_takes_comes_from_the_log(visitor: FlaskClient, hall: World, hours: int, words: str) -> None:
    assert '<th scope="row">Scenarios</th>' not in visitor.get("/about?lang=en").text
    submitted = now()
    scenario = hall.submitted_scenario(deadline=submitted + timedelta(days=30))
    with clock.at(submitted + timedelta(hours=hours)):
        release_scenario(hall.admin, session=hall.session, scenario=scenario, version=None)
        page = main_of(visitor.get("/about?lang=en").text)
    row = re.search(r'<th scope="row">Scenarios</th>\s*<td[^>]*>([^<]*)</td>', page)
    assert row is not None and row[1].strip() == words


def test_the_address_for_questions_is_told_where_the_operator_gives_one(app: Flask, hall_settings: Settings) -> None:
    asking = create_app(replace(hall_settings, contact="ask@hall.example")).test_client()
    assert 'href="mailto:ask@hall.example"' in asking.get("/about").text
    assert "mailto:" not in app.test_client().get("/about").text
