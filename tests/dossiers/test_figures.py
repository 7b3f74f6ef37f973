"""The hall's figures count what its pages show: each record looked at by itself gives the same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlmodel import select

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.dossiers.figures import hall_figures
from scenario_hall.organizations.models import Side
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.products.models import Product
from scenario_hall.products.service import delist_product
from scenario_hall.scenarios.models import Scenario
from tests.world import World


def test_open_scenarios_and_listed_products_are_counted_as_each_says_of_itself(world: World) -> None:
    session = world.session
    assert hall_figures(session).products == 0
    world.released_scenario()
    world.released_scenario(region="810000", domains=["low-altitude", "marine"])
    world.released_scenario(region="810000", domains=["marine", "low-altitude"], deadline=now() + timedelta(days=2))
    world.released_scenario(region="820000", domains=["marine"], deadline=now() + timedelta(hours=1))
    world.draft_scenario()
    for _ in range(3):
        product = world.listed_product()
    world.submitted_product()
    delist_product(world.supplier, session=session, product=product, version=None, reason="x")
    with clock.at(now() + timedelta(hours=2)):  # one deadline is over, and the clock has not said so yet
        figures = hall_figures(session)
        still_open = [each for each in session.exec(select(Scenario)) if each.is_public() and each.is_open()]
        listed = [each for each in session.exec(select(Product)) if each.is_public() and each.is_open()]
    assert (figures.scenarios, figures.products) == (len(still_open), len(listed)) == (3, 2)
    regions = Counter(each.region for each in still_open)
    assert figures.regions == {**dict.fromkeys(figures.regions, 0), **regions}
    assert figures.domains == Counter(slug for each in still_open for slug in dict.fromkeys(each.domains))
    assert list(figures.domains.values()) == sorted(figures.domains.values(), reverse=True)
    for organization in (world.port, world.maker):
        act_on_organization(world.admin, session=session, organization=organization, action="suspend", reason="x")
    assert world.port.side == Side.DEMAND
    figures = hall_figures(session)
    assert (figures.scenarios, figures.products, figures.domains) == (0, 0, {})
