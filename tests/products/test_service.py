"""A product's way: draft, listing, versions, delisting."""

from __future__ import annotations

import pytest

from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.products import service
from tests.world import World


def test_a_listed_product_has_its_first_version(world: World) -> None:
    product = world.listed_product()
    (version,) = service.revisions_of(world.session, product)
    assert (product.state, version.number, version.content["readiness_level"]) == ("listed", 1, 8)


def test_a_new_version_leaves_the_old_one_as_it_was(world: World) -> None:
    product = world.listed_product()
    service.amend_product(
        world.supplier,
        session=world.session,
        product=product,
        version=None,
        content={"version_label": "V2", "summary": "新的摘要"},
        reason="新电池",
    )
    world.accepted_change(product)
    newest, first = service.revisions_of(world.session, product)
    assert (newest.label, newest.content["summary"]) == ("V2", "新的摘要")
    assert first.content["summary"] != "新的摘要"
    assert service.current_revision(world.session, product).number == 2


def test_a_submission_needs_the_statement_on_earlier_uses(small_world: World) -> None:
    draft = small_world.draft_product(earlier_uses="", readiness_level=None)
    with pytest.raises(Invalid) as caught:
        service.submit_product(small_world.supplier, session=small_world.session, product=draft, version=None)
    assert set(caught.value.fields) == {"earlier_uses", "readiness_level"}


@pytest.mark.parametrize(
    "content",
    [
        {"readiness_level": 10},
        {"specifications": [{"metric": ""}]},
        {"certificates": [{"name": "x", "expires": "soon"}]},
    ],
)
def test_what_is_malformed_is_refused(small_world: World, content: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        small_world.draft_product(**content)


def test_a_delisted_product_stays_findable_and_can_be_submitted_again(world: World) -> None:
    product = world.listed_product()
    service.delist_product(world.supplier, session=world.session, product=product, version=None, reason="停产")
    assert (product.state, product.is_public(), product.is_open()) == ("delisted", True, False)
    service.submit_product(world.supplier, session=world.session, product=product, version=None)
    assert product.state == "submitted"


def test_a_pure_demand_side_lists_no_product(small_world: World) -> None:
    with pytest.raises(Denied):
        service.create_product(small_world.demand, session=small_world.session, organization=small_world.port)
