"""Invitations: good once, for a time, for one address; by who may, and not too many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scenario_hall.applications.inviting import invite_supplier
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied, Invalid, NotFound, TooMany, WrongState
from scenario_hall.core.policy import Role
from scenario_hall.log.chain import events_after
from scenario_hall.organizations.invitations import (
    GOOD_FOR,
    KEPT_FOR,
    Invitation,
    accept_invitation,
    act_on_invitation,
    find_invitation,
    invite_colleague,
    open_invitations,
    prune_invitations,
)
from scenario_hall.organizations.members import request_membership
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.scenarios.service import end_scenario
from tests.world import World

EMAIL = "colleague@port.example"


def invited(hall: World, email: str = EMAIL, role: Role = Role.EDITOR) -> Invitation:
    return invite_colleague(
        hall.demand, session=hall.session, organization=hall.port, email=email, role=role, locale="en"
    )


def test_who_accepts_is_a_member_with_the_role_and_the_link_is_good_once(small_world: World) -> None:
    hall, row = small_world, invited(small_world)
    person = hall.person(EMAIL)
    accept_invitation(hall.session, person, row.pk, 1)
    assert hall.actor(person).memberships == {hall.port.pk: Role.EDITOR}
    assert open_invitations(hall.session, hall.port) == []
    with pytest.raises(NotFound):
        accept_invitation(hall.session, person, row.pk, 1)


def test_who_asked_to_join_before_is_let_in(small_world: World) -> None:
    hall, person = small_world, small_world.person(EMAIL)
    request_membership(hall.actor(person), session=hall.session, organization=hall.port)
    accept_invitation(hall.session, person, invited(hall, role=Role.VIEWER).pk, 1)
    assert hall.actor(person).memberships == {hall.port.pk: Role.VIEWER}


def test_nobody_else_can_use_the_link(small_world: World) -> None:
    row = invited(small_world)
    with pytest.raises(Denied):
        accept_invitation(small_world.session, small_world.maker_person, row.pk, 1)
    assert find_invitation(small_world.session, row.pk, 1).is_good


@pytest.mark.parametrize("why", ["expired", "revoked", "sent again", "suspended", "let go", "another number"])
def test_a_link_that_is_good_no_longer_opens_nothing(small_world: World, why: str) -> None:
    hall, row, number, moment = small_world, invited(small_world), 1, now()
    act = {"session": hall.session, "organization": hall.port, "invitation_id": row.pk}
    if why == "expired":
        moment = now() + GOOD_FOR + timedelta(seconds=1)
    elif why in ("revoked", "sent again"):
        act_on_invitation(hall.demand, action="revoke" if why == "revoked" else "resend", **act)  # type: ignore[arg-type]
    elif why == "suspended":
        act_on_organization(
            hall.admin, session=hall.session, organization=hall.port, action="suspend", version=None, reason="x"
        )
    elif why == "let go":
        with clock.at(now() + KEPT_FOR):
            assert prune_invitations(hall.session) == 1
        hall.session.refresh(row)
        assert row.email == ""
    else:
        number = 2
    with clock.at(moment), pytest.raises(NotFound):
        find_invitation(hall.session, row.pk, number)


def test_what_was_sent_again_is_good_anew(small_world: World) -> None:
    hall, row = small_world, invited(small_world)
    later = now() + GOOD_FOR + timedelta(days=1)
    with clock.at(later):
        act_on_invitation(
            hall.demand, session=hall.session, organization=hall.port, invitation_id=row.pk, action="resend"
        )
        assert find_invitation(hall.session, row.pk, 2).is_good
    assert [each.fields["number"] for each in events_after(hall.session, 0, kinds=["invitation.sent"])] == [1, 2]


def test_the_log_names_no_address(small_world: World) -> None:
    invited(small_world)
    lines = events_after(small_world.session, 0)
    assert not [line for line in lines if EMAIL in line.data]


def test_who_may_not_or_what_is_no_address_is_refused(small_world: World) -> None:
    hall = small_world
    for actor in (hall.supplier, hall.admin):
        with pytest.raises(Denied):
            invite_colleague(
                actor, session=hall.session, organization=hall.port, email=EMAIL, role=Role.OWNER, locale="en"
            )
    for email in ("not an address", hall.port_person.email):
        with pytest.raises(Invalid) as refused:
            invited(hall, email)
        assert set(refused.value.fields) == {"email"}


def test_the_answer_does_not_tell_whether_an_address_has_an_account(small_world: World) -> None:
    hall = small_world
    rows = [invited(hall, email) for email in (hall.maker_person.email, "nobody@x.example")]
    assert [(each.number, each.is_good, each.role) for each in rows] == [(1, True, "editor")] * 2


def test_there_are_limits_for_an_address_and_a_day(small_world: World) -> None:
    hall = small_world
    for _ in range(3):
        invited(hall)
    with pytest.raises(TooMany):
        invited(hall)
    for number in range(6):
        invited(hall, f"c{number}@x.example")
    with pytest.raises(TooMany):
        invited(hall, "one-more@x.example")
    with clock.at(now() + timedelta(days=1, seconds=1)):
        assert invited(hall, "one-more@x.example").is_good


def test_a_supplier_is_invited_to_an_open_scenario_and_joins_nothing(small_world: World) -> None:
    hall, scenario = small_world, small_world.released_scenario()
    row = invite_supplier(hall.demand, session=hall.session, scenario=scenario, email="new@x.example", locale="pt")
    person = hall.person("new@x.example")
    accept_invitation(hall.session, person, row.pk, 1)
    assert hall.actor(person).memberships == {}
    with pytest.raises(Denied):
        invite_supplier(hall.supplier, session=hall.session, scenario=scenario, email="b@x.example", locale="pt")
    end_scenario(
        hall.demand, session=hall.session, scenario=scenario, action="close", version=None, reason="已有供应方"
    )
    with pytest.raises(WrongState):
        invite_supplier(hall.demand, session=hall.session, scenario=scenario, email="c@x.example", locale="pt")
