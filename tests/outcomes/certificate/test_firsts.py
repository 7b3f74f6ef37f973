"""The counter counts products, not papers, and a recount of the rows gives the same."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from scenario_hall.core import clock
from scenario_hall.core.clock import local_year, now
from scenario_hall.outcomes.certificate.firsts import Firsts, count_firsts, figures_of
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from tests.world import World


def approve(world: World, outcome: Outcome) -> Outcome:
    return approve_first(world.admin, session=world.session, outcome=outcome, version=None)


def test_two_scopes_of_one_product_count_once_and_a_revoked_first_not_at_all(world: World) -> None:
    product = world.listed_product()
    city = approve(world, world.on_notice(world.accepted(product=product), Scope.CITY))
    approve(world, world.on_notice(world.accepted(product=product), Scope.BAY_AREA))
    other = approve(world, world.on_notice(world.accepted(product=world.listed_product()), Scope.CITY))
    year = local_year(now())
    assert count_firsts(world.session, Firsts(year)) == 2
    assert count_firsts(world.session, Firsts(year, scope=Scope.BAY_AREA)) == 1
    assert count_firsts(world.session, Firsts(year, scope=Scope.CITY)) == 2
    figures = figures_of(world.session, year)
    assert figures.by_scope == {
        Scope.CITY: 2,
        Scope.BAY_AREA: 1,
        Scope.PROVINCE: 0,
        Scope.COUNTRY: 0,
        Scope.WORLD: 0,
    }
    assert figures.by_kind == {kind: 2 if kind is OutcomeKind.FIRST_TRIAL else 0 for kind in OutcomeKind}
    before = figures_of(world.session, year - 1)
    assert {before.total, *before.by_scope.values(), *before.by_kind.values()} == {0}
    revoke_outcome(world.admin, session=world.session, outcome=other, version=None, reason="材料有误")
    assert count_firsts(world.session, Firsts(year)) == 1
    assert count_firsts(world.session, Firsts(year - 1)) == 0
    rows = world.session.exec(select(Outcome)).all()
    assert figures_of(world.session, year).total == len({row.product_id for row in rows if row.state == "approved"})
    assert city.state == "approved"


def test_the_figures_say_when_and_by_which_rules(small_world: World) -> None:
    moment = now() + timedelta(days=1)
    with clock.at(moment):
        figures = figures_of(small_world.session, None)
    assert (figures.total, figures.as_of) == (0, moment)
    assert set(figures.by_kind) == set(OutcomeKind) and figures.rules_version
