"""The migration finds in the log what the services have kept since: who acted for whom, and who left."""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.config import ROOT
from scenario_hall.core.policy import Role
from scenario_hall.log.acts import PartyAct
from scenario_hall.organizations.facts import OrganizationFact
from scenario_hall.organizations.members import add_member, members_of, remove_member, request_membership
from scenario_hall.organizations.models import FormerMembership
from scenario_hall.outcomes.plan.amendments import decide_amendment, propose_amendment
from scenario_hall.schema import migrate
from tests.organizations.test_facts import restate
from tests.world import World


@pytest.fixture
def migration() -> ModuleType:
    (path,) = (ROOT / "migrations" / "versions").glob("*_four_eyes.py")
    spec = importlib.util.spec_from_file_location("four_eyes_migration", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def history(world: World) -> None:
    """A case played to its approval with an amendment; somebody who left, and somebody who was never let in."""
    signed = world.signed()
    amendment = propose_amendment(
        world.supplier,
        session=world.session,
        outcome=signed,
        version=None,
        reason="改期",
        place="5号泊位",
        starts_on=signed.starts_on,
        ends_on=signed.ends_on,
        metrics=signed.metric_lines,
        terms=signed.plan_terms,
    )
    decide_amendment(world.demand, session=world.session, amendment=amendment, action="agree", version=None)
    world.approved()
    left, declined = world.person("left@port.example"), world.person("declined@port.example")
    add_member(world.session, account=left, organization=world.port, role=Role.EDITOR)
    request_membership(world.actor(declined), session=world.session, organization=world.port)
    for account in (left, declined):
        own = next(row for row, who in members_of(world.session, world.port) if who.pk == account.pk)
        remove_member(world.demand, session=world.session, organization=world.port, membership_id=own.id or 0)
    restate(world, legal_person="王某", owners=("某集团",))


def kept(session: Session) -> tuple[set[Any], list[Any], set[Any]]:
    """Acts, memberships that ended, and what each organisation states now."""
    facts = session.exec(select(OrganizationFact).where(col(OrganizationFact.superseded_at).is_(None)))
    left = session.exec(select(FormerMembership).order_by(col(FormerMembership.id)))
    acts = session.exec(select(PartyAct))
    return (
        {(row.account_id, row.case_key, row.organization_id) for row in acts},
        [(row.account_id, row.organization_id, row.role) for row in left],
        {(row.organization_id, row.field, str(row.value)) for row in facts},
    )


def test_the_migration_finds_in_the_log_what_the_services_have_kept(world: World, migration: ModuleType) -> None:
    history(world)
    before = kept(world.session)
    assert all(before)
    world.session.commit()
    engine = world.session.get_bind()
    assert isinstance(engine, Engine)
    migrate(engine, command.downgrade, migration.down_revision)
    migrate(engine, command.upgrade, "head")
    world.session.expire_all()
    assert kept(world.session) == before
    first = world.session.exec(select(PartyAct.first_at).order_by(col(PartyAct.id))).all()
    assert list(first) == sorted(first)
