"""What speaks against a claim: earlier trials in the scope, products like it, declarations, links."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.policy import Role
from scenario_hall.log.readers import catch_up
from scenario_hall.matching.reader import MatchReader
from scenario_hall.organizations.facts import decide_facts
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes.claim.prior_art import PriorArt, PriorArtKind, prior_art_report
from scenario_hall.outcomes.claim.prior_art_reader import PriorArtReader
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.service import amend_product, delist_product
from tests.organizations.test_facts import restate
from tests.world import World


def known(world: World, engine: Engine, outcome: Outcome) -> list[PriorArt]:
    world.session.commit()  # what the reader writes is seen by what begins after it
    catch_up(engine, PriorArtReader(MatchReader()))
    return list(prior_art_report(world.session, outcome).found)


def kinds(world: World, engine: Engine, outcome: Outcome) -> list[PriorArtKind]:
    return [each.kind for each in known(world, engine, outcome)]


def test_nothing_known_is_an_empty_report(world: World, engine: Engine) -> None:
    claim = world.claimed()
    assert prior_art_report(world.session, claim).checked_at is None
    assert kinds(world, engine, claim) == []
    assert prior_art_report(world.session, claim).checked_at is not None


def test_a_claim_that_is_decided_already_is_compared_all_the_same(world: World, engine: Engine) -> None:
    claim = world.approved()
    assert known(world, engine, claim) == []
    assert prior_art_report(world.session, claim).checked_at is not None


def test_an_earlier_trial_of_the_same_product_and_one_like_it_are_named(world: World, engine: Engine) -> None:
    earlier = world.approved()
    similar = world.claimed()
    assert kinds(world, engine, similar) == [PriorArtKind.SIMILAR_PRODUCT]
    again = world.signed(world.accepted(product=earlier.product))
    again.scope = "city"
    first = known(world, engine, again)[0]
    assert (first.kind, first.outcome) == (PriorArtKind.SAME_PRODUCT, earlier)


def test_a_product_like_it_that_was_listed_before_is_named_with_the_day(world: World, engine: Engine) -> None:
    claim = world.claimed()
    with clock.at(now() - timedelta(days=40)):
        older = world.listed_product()
    newer = world.listed_product()
    (conflict,) = known(world, engine, claim)
    assert (conflict.kind, conflict.product) == (PriorArtKind.LISTED_EARLIER, older)
    assert conflict.since is not None and claim.starts_on is not None and conflict.since < claim.starts_on
    assert newer.pk != older.pk


def test_a_changed_product_is_held_against_the_open_claims(world: World, engine: Engine) -> None:
    reader = PriorArtReader(MatchReader())
    with clock.at(now() - timedelta(days=40)):
        other = world.listed_product(
            title="石油管道内检测器", summary="漏磁检测", domains=["advanced-manufacturing"], tags=[]
        )
    claim = world.claimed()
    catch_up(engine, reader)
    assert prior_art_report(world.session, claim).found == ()
    same = {name: getattr(claim.product, name) for name in ("title", "summary", "domains", "tags")}
    amend_product(world.supplier, session=world.session, product=other, version=None, content=same, reason="改型")
    world.accepted_change(other)
    catch_up(engine, reader)
    assert [each.product for each in prior_art_report(world.session, claim).found] == [other]


def test_a_supplier_that_says_it_moves_still_counts_where_it_was(world: World, engine: Engine) -> None:
    with clock.at(now() - timedelta(days=40)):
        older = world.listed_product()
    claim = world.claimed()
    restate(world, world.maker, region="310000")
    assert [each.product for each in known(world, engine, claim)] == [older]
    decide_facts(world.admin, session=world.session, organization=world.maker, version=None, is_confirmed=True)
    assert known(world, engine, claim) == []


def test_a_product_that_is_no_more_offered_still_counts(world: World, engine: Engine) -> None:
    with clock.at(now() - timedelta(days=40)):
        older = world.listed_product()
    delist_product(world.supplier, session=world.session, product=older, version=None, reason="换代")
    claim = world.claimed()
    assert [each.product for each in known(world, engine, claim)] == [older]


def test_another_city_does_not_count_for_a_first_in_the_city(world: World, engine: Engine) -> None:
    elsewhere = world.approved(world.accepted(world.released_scenario(region="440400")))
    claim = world.claimed()
    assert kinds(world, engine, claim) == []
    claim.scope = Scope.PROVINCE
    assert [each.outcome for each in known(world, engine, claim)] == [elsewhere]


def test_what_was_declared_and_who_belongs_to_both_sides(world: World, engine: Engine) -> None:
    claim = world.claimed()
    claim.declarations = {**claim.declarations, "earlier_sales": "2025年在上海售出2套"}
    world.session.add(claim)
    world.session.commit()
    add_member(world.session, account=world.maker_person, organization=world.port, role=Role.VIEWER)
    assert kinds(world, engine, claim) == [PriorArtKind.DECLARED, PriorArtKind.SHARED_PEOPLE]


def test_earlier_uses_on_the_product_s_own_page_count_as_declared(world: World, engine: Engine) -> None:
    product = world.listed_product(earlier_uses="2024年在珠海港试用一个月")
    claim = world.claimed(world.accepted(product=product))
    assert [(each.kind, each.text) for each in known(world, engine, claim)] == [
        (PriorArtKind.DECLARED, "2024年在珠海港试用一个月")
    ]
