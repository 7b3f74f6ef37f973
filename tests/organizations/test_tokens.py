"""Tokens of programs: what each is worth, how it ends, and that four eyes see all of its person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied, Invalid, NotFound
from scenario_hall.core.policy import SYSTEM, Actor, Role, can
from scenario_hall.log.chain import Event
from scenario_hall.organizations import accounts, members
from scenario_hall.organizations.models import Account, Organization, Side
from scenario_hall.organizations.tokens import (
    KEPT_AFTER_END,
    PREFIX,
    ApiToken,
    Scope,
    find_token,
    make_token,
    prune_tokens,
    revoke_token,
    through_token,
    tokens_of,
)
from tests.world import World


def made(world: World, person: Account | None = None, **changes: Any) -> tuple[ApiToken, str]:
    person = person or world.port_person
    asked: dict[str, Any] = {
        "name": "city platform",
        "scopes": [Scope.READ, Scope.WRITE],
        "organization_id": world.port.pk if person is world.port_person else None,
        "days": 30,
        "longest": 90,
    }
    return make_token(world.actor(person), session=world.session, account=person, **(asked | changes))


def works(world: World, text: str) -> bool:
    return find_token(world.session, text, address="203.0.113.9") is not None


def acting(world: World, person: Account, token: ApiToken) -> Actor:
    return through_token(world.actor(person), token)


def test_a_token_opens_its_account_and_only_its_hash_is_kept(world: World) -> None:
    token, text = made(world)
    assert text.startswith(PREFIX) and len(text) == len(PREFIX) + 43
    found = find_token(world.session, text, address="203.0.113.9")
    assert found is not None and found[1].pk == world.port_person.pk
    assert (found[0].used_address, found[0].used_at is not None) == ("203.0.113.9", True)
    kept = json.dumps(ApiToken.model_dump(token), default=str)
    assert text not in kept and text.removeprefix(PREFIX) not in kept
    for wrong in ("", PREFIX, text[:-1], text + "x", text.removeprefix(PREFIX), "\ud800", PREFIX + "\ud800"):
        assert not works(world, wrong)


def test_what_is_told_in_the_log_names_neither_the_token_nor_its_program(world: World) -> None:
    token, text = made(world)
    revoke_token(world.demand, session=world.session, account=world.port_person, token_id=token.pk)
    revoke_token(world.demand, session=world.session, account=world.port_person, token_id=token.pk)
    told = list(world.session.exec(select(Event).where(col(Event.kind).startswith("account.token_"))))
    assert [each.kind for each in told] == ["account.token_made", "account.token_revoked"]
    assert told[0].fields == {
        "token": token.pk,
        "scopes": ["read", "write"],
        "until": token.expires_at.isoformat(),
        "organization": world.port.pk,
    }
    assert all(text not in each.data and "city platform" not in each.data for each in told)


@pytest.mark.parametrize("way", ["expired", "revoked", "closed", "reset", "left"])
def test_a_token_ends(world: World, way: str) -> None:
    token, text = made(world)
    person = world.port_person
    moment = now()
    match way:
        case "expired":
            moment += timedelta(days=30)
        case "revoked":
            revoke_token(world.demand, session=world.session, account=person, token_id=token.pk)
        case "closed":
            accounts.set_active(world.admin, session=world.session, account=person, is_active=False, reason="x")
            accounts.set_active(world.admin, session=world.session, account=person, is_active=True, reason="x")
        case "reset":
            generation = person.session_generation
            accounts.reset_password(
                world.session, account_id=person.pk, session_generation=generation, password="another long one"
            )
        case "left":
            second = world.person("second@port.example")
            members.add_member(world.session, account=second, organization=world.port, role=Role.OWNER)
            mine = next(each for each, who in members.members_of(world.session, world.port) if who.pk == person.pk)
            members.remove_member(
                world.actor(second), session=world.session, organization=world.port, membership_id=mine.id or 0
            )
    with clock.at(moment):
        assert not works(world, text)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": [Scope.REVIEW]}, "scopes"),
        ({"scopes": [Scope.READ, Scope.CERTIFY]}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 91}, "days"),
        ({"organization_id": 999_999}, "organization"),
    ],
)
def test_a_token_that_nobody_may_have_is_not_made(small_world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        made(small_world, **changes)
    assert set(refused.value.fields) == {field}
    assert tokens_of(small_world.session, small_world.port_person.pk) == []


def test_nobody_makes_or_revokes_another_s(small_world: World) -> None:
    world = small_world
    token, text = made(world)
    with pytest.raises(Denied):
        make_token(
            world.supplier,
            session=world.session,
            account=world.port_person,
            name="x",
            scopes=[Scope.READ],
            organization_id=None,
            days=1,
            longest=1,
        )
    with pytest.raises(Denied):
        revoke_token(world.supplier, session=world.session, account=world.port_person, token_id=token.pk)
    with pytest.raises(NotFound):
        revoke_token(world.supplier, session=world.session, account=world.maker_person, token_id=token.pk)
    assert works(world, text)
    revoke_token(SYSTEM, session=world.session, account=world.port_person, token_id=token.pk)
    assert not works(world, text)


def in_two(world: World) -> Organization:
    """The port's person also belongs to a supplier."""
    other = world.organization(world.person("own@two.example"), Side.SUPPLY, "第二单位")
    members.add_member(world.session, account=world.port_person, organization=other, role=Role.EDITOR)
    return other


def test_a_token_speaks_for_its_organisation_alone(small_world: World) -> None:
    world = small_world
    other = in_two(world)
    draft = world.draft_scenario()
    for_port, for_other, for_none = (
        acting(world, world.port_person, made(world, organization_id=each)[0])
        for each in (world.port.pk, other.pk, None)
    )
    assert can(for_port, "edit", draft) and can(for_port, "view", draft)
    assert not can(for_other, "view", draft) and not can(for_none, "view", draft)
    assert not can(for_port, "draft", other) and can(for_other, "draft", other)
    assert (for_port.edits(world.port.pk), for_port.edits(other.pk)) == (True, False)


def test_four_eyes_see_the_organisations_for_which_a_token_does_not_speak(small_world: World) -> None:
    """Whoever belongs to both sides is no outsider and no neutral one by choosing a token of neither."""
    world = small_world
    noticed = world.on_notice()
    world.port_person.is_administrator = True
    world.session.add(world.port_person)
    world.session.commit()
    token, _ = made(world, organization_id=None, scopes=list(Scope))
    whole, through = world.actor(world.port_person), acting(world, world.port_person, token)
    assert through.is_administrator
    for action in ("object_publicly", "approve", "advise", "answer_objection"):
        assert not can(whole, action, noticed) and not can(through, action, noticed)
    assert can(world.admin, "approve", noticed)  # who has nothing to do with it


def test_only_a_scope_of_administrators_makes_one(small_world: World) -> None:
    world = small_world
    submitted = world.submitted_scenario()
    reading = acting(world, world.administrator, made(world, world.administrator)[0])
    reviewing = acting(world, world.administrator, made(world, world.administrator, scopes=[Scope.REVIEW])[0])
    assert not can(reading, "release", submitted) and can(reviewing, "release", submitted)
    plain = replace(world.admin, is_administrator=False)  # one who lacks the second factor that the hall asks for
    token, _ = made(world, world.administrator, scopes=[Scope.REVIEW])
    assert not can(through_token(plain, token), "release", submitted)


def test_tokens_are_kept_for_a_while_after_their_end(world: World) -> None:
    _, text = made(world, days=1)
    assert prune_tokens(world.session) == 0 and works(world, text)
    with clock.at(now() + timedelta(days=1) + KEPT_AFTER_END):
        assert prune_tokens(world.session) == 1
