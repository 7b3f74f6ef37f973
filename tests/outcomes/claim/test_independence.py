"""Nobody becomes independent by editing a form, or by leaving."""

from __future__ import annotations

import pytest

from scenario_hall.core.errors import Invalid, WrongState
from scenario_hall.core.policy import Role
from scenario_hall.organizations.facts import decide_facts
from scenario_hall.organizations.members import add_member, members_of, remove_member
from scenario_hall.outcomes.claim.claim import claim_first
from scenario_hall.outcomes.claim.independence import LinkKind, links_between
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from tests.organizations.test_facts import restate
from tests.world import World

LINKED = {
    "legal_person": ("王某", LinkKind.SAME_LEGAL_PERSON),
    "owners": (("某集团",), LinkKind.SHARED_OWNER),
    "address": ("科技路1号", LinkKind.SAME_ADDRESS),
    "website": ("https://group.example/", LinkKind.SAME_WEBSITE),
}


def confirm(world: World) -> None:
    for organization in (world.port, world.maker):
        if organization.facts_changed_at is not None:
            decide_facts(world.admin, session=world.session, organization=organization, version=None, is_confirmed=True)


def claim(world: World, outcome: Outcome) -> Outcome:
    world.evidence(outcome, "acceptance", "contract", "invoice", "trial_report", "novelty_search", "bank_receipt")
    return claim_first(
        world.supplier,
        session=world.session,
        outcome=outcome,
        version=None,
        scope=Scope.CITY,
        declarations={"earlier_sales": "无", "equity_link": "无", "why_first": "首次"},
    )


@pytest.mark.parametrize("field", sorted(LINKED))
@pytest.mark.parametrize("is_verified", [True, False])
def test_what_either_side_ever_stated_counts(small_world: World, field: str, is_verified: bool) -> None:
    world, (value, kind) = small_world, LINKED[field]
    outcome = world.confirmed(kind=OutcomeKind.FIRST_USE)
    assert links_between(world.session, outcome) == []
    restate(world, world.port, **{field: value})
    if is_verified:
        confirm(world)
    restate(world, world.port, **{field: () if field == "owners" else ""})
    restate(world, world.maker, **{field: value})
    assert [link.kind for link in links_between(world.session, outcome)] == [kind]


def test_people_who_left_one_side_belonged_to_both(small_world: World) -> None:
    world = small_world
    outcome, shared = world.confirmed(), world.person("shared@x.example")
    for organization in (world.port, world.maker):
        add_member(world.session, account=shared, organization=organization, role=Role.VIEWER)
    own = next(row for row, account in members_of(world.session, world.port) if account.pk == shared.pk)
    remove_member(world.actor(shared), session=world.session, organization=world.port, membership_id=own.id or 0)
    assert [link.kind for link in links_between(world.session, outcome)] == [LinkKind.SHARED_PEOPLE]


def test_owners_emptied_before_the_claim_of_a_first_use_still_stand_against_it(world: World) -> None:
    outcome = world.confirmed(kind=OutcomeKind.FIRST_USE)
    restate(world, world.port, owners=("某集团",))
    restate(world, world.maker, owners=("某集团",))
    restate(world, world.maker, owners=())
    confirm(world)
    with pytest.raises(Invalid, match="same owner"):
        claim(world, outcome)


def test_no_first_use_is_claimed_while_a_side_waits_for_verification(small_world: World) -> None:
    outcome = small_world.confirmed(kind=OutcomeKind.FIRST_USE)
    restate(small_world, small_world.port, address="别处1号")
    with pytest.raises(WrongState, match="湾澜港务"):
        claim(small_world, outcome)


def test_a_first_trial_does_not_turn_on_it(small_world: World) -> None:
    restate(small_world, small_world.port, address="别处1号")
    assert small_world.approved().state == "approved"


def test_no_first_use_is_approved_on_facts_that_changed_after_its_claim(small_world: World) -> None:
    world, outcome = small_world, small_world.on_notice()
    outcome.kind = OutcomeKind.FIRST_USE
    world.session.commit()
    restate(world, world.port, legal_person="王某")
    with pytest.raises(WrongState, match="administrator verifies them first"):
        approve_first(world.admin, session=world.session, outcome=outcome, version=None)
    restate(world, world.maker, legal_person="王某")
    confirm(world)
    with pytest.raises(WrongState, match="legal representative"):
        approve_first(world.admin, session=world.session, outcome=outcome, version=None)
