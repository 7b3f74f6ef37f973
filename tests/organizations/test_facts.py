"""What an organisation states about itself is dated, verified anew when it changes, and never forgotten."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest
from sqlmodel import col, select

from scenario_hall.config import ROOT
from scenario_hall.core.errors import Denied, Invalid, StaleEdit, WrongState
from scenario_hall.core.policy import can
from scenario_hall.dossiers.review import review_queues
from scenario_hall.log.chain import Event
from scenario_hall.organizations.facts import (
    FACTS,
    VERIFIED_ANEW,
    OrganizationFact,
    changed_facts,
    decide_facts,
    values_that_count,
)
from scenario_hall.organizations.models import DETAIL_NAMES, Organization, Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.organizations.service import OrganizationDetails, _website, act_on_organization, update_organization
from tests.world import World

# Another value for each field that an owner may change once the organisation is verified.
OTHER = {
    "side": Side.BOTH,
    "legal_person": "王某",
    "owners": ("某集团",),
    "address": "别处1号",
    "website": "https://else.example",
    "region": "810000",
    "pilot_capacity": 4,
}
# Why no rule rests on a detail that nobody verifies anew.
NO_RULE = {
    "description": "shown and searched, compared with nothing",
    "tiers": "shown and exported, compared with nothing",
    "is_pilot_platform": "administrators recognise it; taking it back ends the recognition",
    "pilot_capabilities": "shown to who plans a trial, compared with nothing",
}


def details_of(organization: Organization) -> OrganizationDetails:
    names = OrganizationDetails.__dataclass_fields__
    own = {name: getattr(organization, name) for name in names}
    kinds = {"side": Side(organization.side), "registration_kind": RegistrationKind(organization.registration_kind)}
    return OrganizationDetails(**{**own, **kinds})


def restate(world: World, organization: Organization | None = None, **changes: object) -> Organization:
    organization = organization or world.port
    return update_organization(
        world.demand if organization is world.port else world.supplier,
        session=world.session,
        organization=organization,
        version=None,
        details=replace(details_of(organization), **changes),  # type: ignore[arg-type]
    )


def stated(world: World, field: str) -> list[OrganizationFact]:
    query = select(OrganizationFact).where(
        col(OrganizationFact.organization_id) == world.port.pk, col(OrganizationFact.field) == field
    )
    return list(world.session.exec(query.order_by(col(OrganizationFact.id))))


def test_each_fact_is_a_detail_with_a_name_and_either_frozen_or_tried_here() -> None:
    assert set(FACTS) <= set(DETAIL_NAMES)
    assert set(OTHER) | {"name", "registration_kind", "registration_number"} == set(FACTS)


def test_no_rule_rests_on_a_detail_that_is_no_fact() -> None:
    assert set(FACTS) | set(NO_RULE) == set(DETAIL_NAMES)
    compared = {
        name.attr
        for package in ("applications", "core", "matching", "organizations", "outcomes", "products", "scenarios")
        for path in (ROOT / "scenario_hall" / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare)
        for name in ast.walk(node)
        if isinstance(name, ast.Attribute)
    }
    assert "pilot_capacity" in compared  # it would be found
    # ``description`` is a tag's, too; ``is_pilot_platform`` is asked where a recognition is given or ends.
    assert compared & {"tiers", "pilot_capabilities"} == set()


def test_while_a_value_waits_it_counts_beside_the_confirmed_one(small_world: World) -> None:
    world = small_world

    def counted() -> tuple[object, ...]:
        return values_that_count(world.session, world.port, "region")

    assert counted() == ("440300",)
    restate(world, address="别处1号")  # another fact waits
    assert counted() == ("440300",)
    restate(world, region="820000")
    restate(world, region="810000")
    assert counted() == ("440300", "810000")
    decide_facts(world.admin, session=world.session, organization=world.port, version=None, is_confirmed=True)
    assert counted() == ("810000",)
    restate(world, region="440300")
    decide_facts(
        world.admin, session=world.session, organization=world.port, version=None, is_confirmed=False, reason="无证"
    )
    assert (world.port.region, counted()) == ("810000", ("810000",))


@pytest.mark.parametrize("field", sorted(OTHER))
def test_a_new_value_ends_the_old_one_and_the_log_names_the_field_alone(world: World, field: str) -> None:
    value = OTHER[field]
    restate(world, **{field: value})
    last = stated(world, field)[-1]
    assert last.value == (list(value) if isinstance(value, tuple) else value)
    assert (last.stated_by, last.superseded_at) == (world.port_person.pk, None)
    assert all(each.superseded_at is not None for each in stated(world, field)[:-1])
    event = world.session.exec(
        select(Event).where(col(Event.kind) == "organization.changed").order_by(col(Event.id).desc())
    ).first()
    assert event is not None
    assert event.fields == {"name": "湾澜港务", "fields": [field]}
    assert (world.port.facts_changed_at is not None) == (field in VERIFIED_ANEW)
    assert [each.field for each in changed_facts(world.session, world.port)] == (
        [field] if field in VERIFIED_ANEW else []
    )


def test_a_verified_organisation_works_on_while_its_changes_wait(small_world: World) -> None:
    restate(small_world, owners=("某集团",))
    assert small_world.port.state == "verified"
    assert small_world.port.is_public()
    assert small_world.released_scenario().state == "released"


def test_the_queue_has_what_waits_and_shows_old_and_new(small_world: World) -> None:
    restate(small_world, legal_person="李某")
    decide_facts(
        small_world.admin, session=small_world.session, organization=small_world.port, version=None, is_confirmed=True
    )
    assert review_queues(small_world.session, "facts").rows == []
    restate(small_world, legal_person="王某")
    assert [row.pk for row in review_queues(small_world.session, "facts").rows] == [small_world.port.pk]
    (changed,) = changed_facts(small_world.session, small_world.port)
    assert (changed.before, changed.after) == ("李某", "王某")


def test_confirmed_facts_wait_no_more(world: World) -> None:
    restate(world, owners=("某集团",), address="别处1号")
    decide_facts(world.admin, session=world.session, organization=world.port, version=None, is_confirmed=True)
    assert world.port.facts_changed_at is None
    assert stated(world, "owners")[-1].decided_by == world.administrator.pk
    with pytest.raises(WrongState):
        decide_facts(world.admin, session=world.session, organization=world.port, version=None, is_confirmed=True)


def test_refused_facts_give_way_to_those_verified_before_and_stay_on_record(world: World) -> None:
    restate(world, legal_person="李某")
    decide_facts(world.admin, session=world.session, organization=world.port, version=None, is_confirmed=True)
    restate(world, legal_person="王某", owners=("某集团",))
    with pytest.raises(Invalid, match="reason"):
        decide_facts(world.admin, session=world.session, organization=world.port, version=None, is_confirmed=False)
    decide_facts(
        world.admin,
        session=world.session,
        organization=world.port,
        version=None,
        is_confirmed=False,
        reason="与营业执照不符",
    )
    assert (world.port.legal_person, world.port.owners, world.port.facts_changed_at) == ("李某", [], None)
    assert world.port.state_reason == "与营业执照不符"
    assert [each.value for each in stated(world, "legal_person")] == ["李某", "王某", "李某"]
    assert stated(world, "owners")[0].refused_at is not None


def test_what_is_taken_back_by_its_owner_waits_no_more(small_world: World) -> None:
    restate(small_world, address="别处1号")
    restate(small_world, address="")
    assert small_world.port.facts_changed_at is None


def test_only_a_neutral_administrator_decides_and_not_on_what_was_stated_anew_meanwhile(small_world: World) -> None:
    world = small_world
    seen = restate(world, address="别处1号").version
    restate(world, address="别处2号")
    with pytest.raises(StaleEdit):
        decide_facts(world.admin, session=world.session, organization=world.port, version=seen, is_confirmed=True)
    with pytest.raises(Denied):
        decide_facts(world.demand, session=world.session, organization=world.port, version=None, is_confirmed=True)
    assert not can(world.demand, "check_facts", world.port)


def test_the_first_verification_covers_everything_stated_until_then(small_world: World) -> None:
    world, owner = small_world, small_world.person("new@new.example")
    made = world.organization(owner, Side.DEMAND, "新单位", is_verified=False)
    update_organization(
        world.actor(owner),
        session=world.session,
        organization=made,
        version=None,
        details=replace(details_of(made), legal_person="赵某"),
    )
    assert made.facts_changed_at is None
    act_on_organization(world.admin, session=world.session, organization=made, action="verify")
    assert changed_facts(world.session, made) == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("nanhu.example.com", "https://nanhu.example.com"),
        ("nanhu.example.com/about", "https://nanhu.example.com/about"),
        ("http://nanhu.example.com", "http://nanhu.example.com"),
        ("", ""),
    ],
)
def test_a_bare_name_of_a_website_is_completed(written: str, kept: str) -> None:
    assert _website(written) == kept


@pytest.mark.parametrize("written", ["javascript:alert(1)", "ftp://a.example", "我们的网站", "a b.c", "x@y.hk"])
def test_what_is_no_website_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        _website(written)
