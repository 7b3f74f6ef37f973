"""An old database gets each organisation's region and number of trials as facts, verified where it was; nothing waits."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine
from sqlmodel import col, select

from scenario_hall.core.db import transaction
from scenario_hall.organizations.facts import (
    CHECKED_STATES,
    OrganizationFact,
    changed_facts,
    confirm_current,
    keep_facts,
    values_that_count,
)
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.schema import migrate
from tests.organizations.test_facts import restate
from tests.world import World

Row = tuple[str, object, bool]


def facts_of(world: World, organization: Organization) -> list[Row]:
    query = select(OrganizationFact).where(
        col(OrganizationFact.organization_id) == organization.pk,
        col(OrganizationFact.field).in_(["region", "pilot_capacity"]),
        col(OrganizationFact.superseded_at).is_(None),
    )
    rows = world.session.exec(query.order_by(col(OrganizationFact.field).desc()))
    return [(row.field, row.value, row.confirmed_at is not None) for row in rows]


def move(world: World, *targets: str) -> None:
    engine = world.session.get_bind()
    assert isinstance(engine, Engine)
    world.session.commit()
    for target in targets:
        migrate(engine, command.upgrade if target == "head" else command.downgrade, target)
    world.session.expire_all()


def state(world: World, organization: Organization, **stated: object) -> None:
    """What its form would, before it was verified."""
    with transaction(world.session):
        for name, value in stated.items():
            setattr(organization, name, value)
        keep_facts(world.session, None, organization)


def test_what_each_states_is_a_fact_confirmed_where_it_was_verified(world: World) -> None:
    new = world.organization(world.person("new@new.example"), Side.SUPPLY, "新单位", is_verified=False)
    placeless = world.organization(world.person("far@far.example"), Side.SUPPLY, "无地区", is_verified=False)
    state(world, placeless, region="")
    state(world, placeless, pilot_capacity=3)
    suspended = world.organization(world.person("out@out.example"), Side.SUPPLY, "暂停单位")
    act_on_organization(world.admin, session=world.session, organization=suspended, action="suspend", reason="停")
    move(world, "0040")
    world.maker.region = "810000"  # as it could be changed unseen then
    world.session.add(world.maker)
    move(world, "head")
    assert facts_of(world, world.port) == [("region", "440300", True)]
    assert facts_of(world, world.maker) == [("region", "810000", True)]
    assert facts_of(world, suspended) == [("region", "440300", True)]
    assert facts_of(world, new) == [("region", "440300", False)]
    assert facts_of(world, placeless) == [("pilot_capacity", 3, False)]
    for each in world.session.exec(select(Organization)):
        assert each.facts_changed_at is None
        assert each.state not in CHECKED_STATES or changed_facts(world.session, each) == []
        assert values_that_count(world.session, each, "region") == (each.region,)
    restate(world, world.maker, region="440300")
    assert [(each.before, each.after) for each in changed_facts(world.session, world.maker)] == [("810000", "440300")]


def test_taken_back_it_leaves_waiting_only_what_the_older_hall_can_decide(world: World) -> None:
    restate(world, region="810000")
    restate(world, world.maker, region="810000", legal_person="王某", website="https://else.example")
    move(world, "0040")
    assert world.port.facts_changed_at is None and world.maker.facts_changed_at is not None
    move(world, "head")
    assert [each.field for each in changed_facts(world.session, world.maker)] == ["legal_person"]
    confirm_current(world.session, world.admin, world.maker)
    assert world.maker.facts_changed_at is None
