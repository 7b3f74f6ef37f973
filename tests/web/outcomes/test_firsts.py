"""The register of firsts: each figure is its list, and what is on public notice stands beside it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.world import World


@pytest.fixture
def register(hall: World) -> World:
    hall.approved()
    hall.approved(hall.accepted(hall.released_scenario(), hall.listed_product()))
    return hall


def rows_of(page: str) -> set[str]:
    return set(re.findall(r'href="/certificates/(C-[\d-]+)"', page))


def test_each_scope_s_figure_is_the_length_of_its_list(register: World, visitor: FlaskClient) -> None:
    page = visitor.get("/outcomes").text
    bars = re.findall(
        r'<a href="([^"]*scope=\w+[^"]*)">[^<]*</a>.*?<span class="bar-value">(\d+)</span>', page, re.DOTALL
    )
    assert len(bars) == 5 and any(int(count) for _, count in bars)
    for address, count in bars:
        assert len(rows_of(visitor.get(address.replace("&amp;", "&")).text)) == int(count), address


def test_what_is_on_notice_is_in_its_tab_with_the_day_of_its_end_and_not_in_the_register(
    register: World, visitor: FlaskClient
) -> None:
    noticed = register.claimed(register.accepted(register.released_scenario(), register.listed_product()))
    for reviewer in register.reviewers[:2]:
        register.advised(noticed, reviewer)
    tab = visitor.get("/outcomes?show=notice").text
    assert set(re.findall(r"/outcomes/(T-[\d-]+)", tab)) == {noticed.code}
    register.session.refresh(noticed)
    assert noticed.notice_until is not None
    assert f'datetime="{noticed.notice_until.isoformat()}"' in tab
    assert noticed.code not in visitor.get("/outcomes").text
    assert '<span class="badge-count">1</span>' in visitor.get("/outcomes").text


def test_without_a_claim_the_tab_says_so(register: World, visitor: FlaskClient) -> None:
    page = visitor.get("/outcomes?show=notice").text
    assert 'class="empty"' in page and '<span class="badge-count">0</span>' in page
