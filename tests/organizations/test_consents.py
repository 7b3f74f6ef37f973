"""Consents are given to one wording, taken back as easily, stand in the log as marks and end with the account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from scenario_hall.core import clock
from scenario_hall.core.errors import Denied, NotFound, WrongState
from scenario_hall.log.chain import Event, events_after
from scenario_hall.organizations import consents
from scenario_hall.organizations.consents import (
    CONTACT_TO,
    PURPOSES,
    Consent,
    consents_of,
    is_name_passed,
    may_pass_address,
    set_consent,
    those_shown,
)
from scenario_hall.organizations.facts import decide_facts
from scenario_hall.organizations.models import Organization
from scenario_hall.privacy.erasure import close_account
from scenario_hall.taxonomy.jurisdictions import Jurisdiction, crossed
from tests.organizations.test_facts import restate
from tests.world import World

MAINLAND, HONG_KONG, MACAO = (CONTACT_TO[each].key for each in Jurisdiction)
KINDS = ["account.consent_given", "account.consent_withdrawn"]


def say(hall: World, purpose: str, is_given: bool = True, version: int | None = 1) -> None:
    set_consent(
        hall.demand,
        session=hall.session,
        account=hall.port_person,
        purpose=purpose,
        version=version,
        is_given=is_given,
    )


def said(hall: World) -> list[Event]:
    return events_after(hall.session, 0, kinds=KINDS)


def given(hall: World) -> list[str]:
    return [each.purpose.key for each in consents_of(hall.session, hall.port_person) if each.is_given]


def move(hall: World, organization: Organization, region: str) -> None:
    organization.region = region
    hall.session.add(organization)
    hall.session.commit()


def test_it_is_given_and_taken_back_and_given_again_with_its_days(world: World) -> None:
    days = [datetime(2026, month, 3, 4, 0, tzinfo=UTC) for month in (1, 2, 3)]
    assert given(world) == []
    for day, is_given in zip(days, (True, False, True), strict=True):
        with clock.at(day):
            say(world, HONG_KONG, is_given, 1 if is_given else None)
            say(world, HONG_KONG, is_given, 1 if is_given else None)  # again: nothing more is said
        (row,) = world.session.exec(select(Consent)).all()
        assert (row.given_at, row.withdrawn_at) == ((day, None) if is_given else (days[0], day))
        assert given(world) == ([HONG_KONG] if is_given else [])
    assert [each.kind for each in said(world)] == [KINDS[0], KINDS[1], KINDS[0]]
    assert {str(each.fields) for each in said(world)} == {str({"purpose": HONG_KONG, "wording": 1})}
    assert all(each.actor_id == each.subject_id == world.port_person.pk for each in said(world))
    say(world, MACAO, is_given=False)  # never given: nothing to take back
    assert len(said(world)) == 3


def test_nobody_says_it_for_another_nor_to_what_was_not_shown(small_world: World) -> None:
    hall = small_world
    for actor in (hall.supplier, hall.admin):
        with pytest.raises(Denied):
            set_consent(actor, session=hall.session, account=hall.port_person, purpose=MACAO, version=1, is_given=True)
    with pytest.raises(NotFound):
        say(hall, "everything")
    for version in (None, 0, 2):
        with pytest.raises(WrongState):
            say(hall, MACAO, version=version)
    assert given(hall) == [] and said(hall) == []


def test_a_consent_to_an_older_wording_no_longer_counts(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = small_world
    say(hall, MACAO)
    monkeypatch.setitem(consents.PURPOSES, MACAO, replace(PURPOSES[MACAO], version=2))
    assert given(hall) == []
    move(hall, hall.maker, "820000")
    assert is_name_passed(hall.session, hall.port_person.pk, own=hall.port, other=hall.maker) is False
    say(hall, MACAO, version=2)
    assert given(hall) == [MACAO] and [each.fields["wording"] for each in said(hall)] == [1, 2]


@pytest.mark.parametrize(("own", "other"), [("440300", "810000"), ("810000", "820000"), ("820000", "441900")])
def test_only_the_consent_to_the_other_s_jurisdiction_passes_a_name(small_world: World, own: str, other: str) -> None:
    hall, person = small_world, small_world.port_person
    move(hall, hall.port, own)
    move(hall, hall.maker, other)
    asked = {"810000": HONG_KONG, "820000": MACAO, "441900": MAINLAND}[other]
    for purpose in sorted(set(PURPOSES) - {asked}):
        say(hall, purpose)
    assert is_name_passed(hall.session, person.pk, own=hall.port, other=hall.maker) is False
    say(hall, asked)
    assert is_name_passed(hall.session, person.pk, own=hall.port, other=hall.maker) is True
    say(hall, asked, is_given=False)
    assert is_name_passed(hall.session, person.pk, own=hall.port, other=hall.maker) is False
    move(hall, hall.maker, own)
    assert is_name_passed(hall.session, person.pk, own=hall.port, other=hall.maker) is None


@pytest.mark.parametrize("who", ["own", "other"])
@pytest.mark.parametrize(("before", "after"), [("440300", "810000"), ("810000", "440300"), ("820000", "810000")])
def test_while_a_new_region_waits_both_places_ask_for_their_consents(
    small_world: World, who: str, before: str, after: str
) -> None:
    hall, person = small_world, small_world.port_person
    moving = hall.port if who == "own" else hall.maker
    for organization in (hall.port, hall.maker):  # both on the mainland until now
        if organization is moving and before != "440300":
            restate(hall, organization, region=before)
            decide_facts(hall.admin, session=hall.session, organization=organization, version=None, is_confirmed=True)

    def passed() -> bool | None:
        found = is_name_passed(hall.session, person.pk, own=hall.port, other=hall.maker)
        shown = those_shown(hall.session, {person.pk}, own=hall.port, other=hall.maker)
        address = may_pass_address(hall.session, person.email, own=hall.port, other=hall.maker)
        assert bool(shown) == address == (found is not False)
        return found

    restate(hall, moving, region=after)
    assert passed() is False
    asked = {crossed(*pair) for pair in ((before, "440300"), (after, "440300"))}
    if who == "other":
        asked = {crossed("440300", place) for place in (before, after)}
    needed = [CONTACT_TO[place].key for place in frozenset().union(*asked)]
    for purpose in needed:
        assert passed() is False
        say(hall, purpose)
    assert passed() is True
    # Refused, it counts no more; confirmed, it alone counts.
    decide_facts(
        hall.admin, session=hall.session, organization=moving, version=None, is_confirmed=False, reason="无证明"
    )
    assert passed() is (None if before == "440300" else True)


def test_to_somebody_who_may_sit_anywhere_all_other_jurisdictions_are_asked_for(small_world: World) -> None:
    hall, ids = small_world, {small_world.port_person.pk}
    say(hall, HONG_KONG)
    assert those_shown(hall.session, ids, own=hall.port, other=None) == frozenset()
    say(hall, MACAO)
    assert those_shown(hall.session, ids, own=hall.port, other=None) == ids


def test_an_address_crosses_only_as_the_consent_of_whose_it_is(small_world: World) -> None:
    hall = small_world

    def passes(email: str) -> bool:
        return may_pass_address(hall.session, email, own=hall.port, other=hall.maker)

    assert passes("nobody@port.example")  # one jurisdiction
    move(hall, hall.maker, "810000")
    for purpose in PURPOSES:
        say(hall, purpose)
    hall.person("unconfirmed@port.example", is_confirmed=False)
    assert passes("Port@PORT.example")
    for email in ("nobody@port.example", "unconfirmed@port.example", "maker@maker.example"):
        assert not passes(email)


def test_closing_the_account_ends_them_and_says_so(world: World, tmp_path: Path) -> None:
    say(world, HONG_KONG)
    say(world, MACAO)
    say(world, MACAO, is_given=False)
    close_account(world.demand, session=world.session, account=world.port_person, outbox=tmp_path)
    assert world.session.exec(select(Consent)).all() == []
    told = [(each.kind, each.fields["purpose"]) for each in said(world)]
    assert told[2:] == [(KINDS[1], MACAO), (KINDS[1], HONG_KONG)]
