"""What speaks against a claim: earlier trials in the scope, products like it, declarations, links."""

from __future__ import annotations

from scenario_hall.core.policy import Role
from scenario_hall.matching.novelty import ConflictKind, conflict_report
from scenario_hall.organizations.members import add_member
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags
from tests.world import World

TAXONOMY = Taxonomy(load_shipped_tags())


def kinds(world: World, outcome: object) -> list[ConflictKind]:
    return [each.kind for each in conflict_report(world.session, outcome, TAXONOMY)]  # type: ignore[arg-type]


def test_nothing_known_is_an_empty_report(world: World) -> None:
    assert kinds(world, world.claimed()) == []


def test_an_earlier_trial_of_the_same_product_and_one_like_it_are_named(world: World) -> None:
    earlier = world.approved()
    similar = world.claimed()
    assert kinds(world, similar) == [ConflictKind.SIMILAR_PRODUCT]
    again = world.signed(world.accepted(product=earlier.product))
    again.scope = "city"
    found = conflict_report(world.session, again, TAXONOMY)
    assert (found[0].kind, found[0].outcome) == (ConflictKind.SAME_PRODUCT, earlier)


def test_another_city_does_not_count_for_a_first_in_the_city(world: World) -> None:
    elsewhere = world.approved(world.accepted(world.released_scenario(region="440400")))
    claim = world.claimed()
    assert kinds(world, claim) == []
    claim.scope = "province"
    assert [each.outcome for each in conflict_report(world.session, claim, TAXONOMY)] == [elsewhere]


def test_what_was_declared_and_who_belongs_to_both_sides(world: World) -> None:
    claim = world.claimed()
    claim.declarations = {**claim.declarations, "earlier_sales": "2025年在上海售出2套"}
    world.session.add(claim)
    world.session.commit()
    add_member(world.session, account=world.maker_person, organization=world.port, role=Role.VIEWER)
    assert kinds(world, claim) == [ConflictKind.DECLARED, ConflictKind.SHARED_PEOPLE]
