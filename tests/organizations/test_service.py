"""Organisations: verification and what depends on it."""

from __future__ import annotations

import pytest

from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, NotFound
from scenario_hall.core.policy import Role, can, open_transitions
from scenario_hall.log.kinds.table import KINDS
from scenario_hall.organizations import lifecycle, members, service
from scenario_hall.organizations.models import Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.scenarios.service import submit_scenario
from tests.world import World


def details(number: str, name: str = "Twin") -> service.OrganizationDetails:
    return service.OrganizationDetails(
        name=name, side=Side.BOTH, registration_kind=RegistrationKind.HK_BR, registration_number=number
    )


def test_until_verified_an_organisation_drafts_and_nothing_of_it_is_public(small_world: World) -> None:
    small_world.port.state = "registered"
    small_world.session.commit()
    draft = small_world.draft_scenario()
    assert not small_world.port.is_public()
    with pytest.raises(Denied, match="not verified"):
        submit_scenario(small_world.demand, session=small_world.session, scenario=draft, version=None)


# What anybody with a confirmed account may do, whatever they belong to.
FOR_EVERYBODY = {"ask_question"}


def test_people_of_a_suspended_organisation_only_read(small_world: World) -> None:
    """Walked over every lifecycle: no transition is open to them, and what they may still do is to look."""
    world = small_world
    records = [
        world.released_scenario(),
        world.listed_product(),
        world.application(),
        world.signed(),
        world.confirmed(),
    ]
    before = [len(open_transitions(person, each)) for each in records for person in (world.supplier, world.demand)]
    assert any(before)
    for organization in (world.port, world.maker):
        act_on_organization(world.admin, session=world.session, organization=organization, action="suspend", reason="x")
    for record in [*records, world.port, world.maker]:
        for person in (world.supplier, world.demand):
            assert open_transitions(person, record) == []
            may = {name for name in record.permissions if can(person, name, record)}
            assert {name for name in may if not name.startswith("view")} <= FOR_EVERYBODY
    act_on_organization(world.admin, session=world.session, organization=world.maker, action="reinstate")
    assert "delist" in {each.action for each in open_transitions(world.supplier, records[1])}


def test_a_suspended_organisation_takes_its_records_out_of_sight_and_back(small_world: World) -> None:
    scenario = small_world.released_scenario()
    for action, is_public in (("suspend", False), ("reinstate", True)):
        service.act_on_organization(
            small_world.admin, session=small_world.session, organization=small_world.port, action=action, reason="x"
        )
        assert scenario.is_public() is is_public


def test_two_unproven_bodies_may_claim_one_number_but_only_one_is_verified(world: World) -> None:
    first, second = world.person("one@x.example"), world.person("two@x.example")
    claims = [
        service.create_organization(world.actor(person), session=world.session, details=details("55555555", name))
        for person, name in ((first, "One"), (second, "Two"))
    ]
    service.act_on_organization(world.admin, session=world.session, organization=claims[0], action="verify")
    with pytest.raises(AlreadyExists):
        service.act_on_organization(world.admin, session=world.session, organization=claims[1], action="verify")
    with pytest.raises(Invalid, match="verified with this number"):
        service.create_organization(world.actor(first), session=world.session, details=details("55555555", "Three"))


def test_a_verified_name_and_number_stay_as_they_were_checked(small_world: World) -> None:
    number = small_world.port.registration_number
    service.update_organization(
        small_world.demand,
        session=small_world.session,
        organization=small_world.port,
        version=None,
        details=details("66666666", "Somebody famous"),
    )
    assert (small_world.port.name, small_world.port.registration_number) == ("湾澜港务", number)


def test_only_owners_let_people_in_and_one_owner_stays(small_world: World) -> None:
    world, newcomer = small_world, small_world.person("new@port.example")
    asked = members.request_membership(world.actor(newcomer), session=world.session, organization=world.port)
    assert world.port.pk not in world.actor(newcomer).memberships
    with pytest.raises((Denied, NotFound)):
        members.accept_member(
            world.supplier, session=world.session, organization=world.port, membership_id=asked.id or 0, role=Role.OWNER
        )
    members.accept_member(
        world.demand, session=world.session, organization=world.port, membership_id=asked.id or 0, role=Role.VIEWER
    )
    assert world.actor(newcomer).memberships[world.port.pk] is Role.VIEWER
    own = members.members_of(world.session, world.port)[0][0]
    with pytest.raises(Invalid, match="at least one owner"):
        members.remove_member(world.demand, session=world.session, organization=world.port, membership_id=own.id or 0)


def test_a_viewer_cannot_draft(small_world: World) -> None:
    viewer = small_world.person("viewer@port.example")
    members.add_member(small_world.session, account=viewer, organization=small_world.port, role=Role.VIEWER)
    small_world.port_person = viewer
    with pytest.raises(Denied):
        small_world.draft_scenario()


def test_what_is_said_afterwards_speaks_of_a_letter_where_there_is_one() -> None:
    rows = {row.action: row for row in lifecycle.LIFECYCLE.transitions}
    assert set(lifecycle.DONE) == set(rows)
    said = {action: "notified by e-mail" in text for action, text in lifecycle.DONE.items()}
    assert said == {action: bool(KINDS[row.event].letters) for action, row in rows.items()}
