"""First trials and first uses: two sides, one neutral administrator, one first."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from scenario_hall.core.errors import AlreadyExists, Denied, HallError, NotFound
from scenario_hall.core.policy import SYSTEM, Actor, Role
from scenario_hall.organizations.accounts import set_administrator
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes import service
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import certificate_of, revoke_outcome
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from scenario_hall.outcomes.run.service import (
    confirm_results,
)
from tests.world import World


def at_once(engine: Engine, administrators: list[Actor], codes: list[str]) -> list[str]:
    """Two administrators press approve at the same moment; what each was told."""
    barrier, told = Barrier(2), []

    def approve(place: int) -> None:
        with Session(engine) as session:
            outcome = service.get_outcome(session, codes[place])
            barrier.wait()
            try:
                approve_first(administrators[place], session=session, outcome=outcome, version=None)
                told.append("approved")
            except HallError as error:
                told.append(type(error).__name__)

    threads = [Thread(target=approve, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_the_whole_way_ends_in_a_certificate(world: World) -> None:
    outcome = world.approved()
    certificate = certificate_of(world.session, outcome)
    assert certificate is not None and certificate.number.startswith("C-")
    assert certificate.content["metrics"][0]["verdict"] == "met"
    assert certificate.content["supplier"] == "禾翼航空"
    assert certificate.is_valid


def test_a_second_first_use_of_the_same_product_is_refused(world: World) -> None:
    product = world.listed_product()
    world.approved(world.accepted(product=product))
    with pytest.raises(AlreadyExists, match="only one first"):
        world.claimed(world.accepted(product=product))
    assert world.claimed(world.accepted(product=product), Scope.BAY_AREA).state == "claimed"
    assert world.planned(world.accepted(product=product), OutcomeKind.FIRST_USE).state == "planned"


def test_the_database_itself_holds_one_approved_first(world: World) -> None:
    product = world.listed_product()
    rows = [world.confirmed(world.accepted(product=product)) for _ in range(2)]
    for row in rows:
        row.state, row.scope = "approved", "city"
    world.session.add_all(rows)
    with pytest.raises(IntegrityError):
        world.session.commit()


def test_of_two_administrators_who_approve_at_once_exactly_one_wins(world: World, engine: Engine) -> None:
    product = world.listed_product()
    codes = [world.on_notice(world.accepted(product=product)).code for _ in range(2)]
    administrators = [world.admin, world.actor(world.make_administrator("second@hall.example"))]
    world.session.commit()
    told = at_once(engine, administrators, codes)
    assert sorted(told) == ["AlreadyExists", "approved"]
    with Session(engine) as session:
        assert len(session.exec(select(Outcome).where(col(Outcome.state) == "approved")).all()) == 1
        assert len(session.exec(select(Certificate)).all()) == 1


def test_two_pressing_approve_on_one_record_issue_one_certificate(world: World, engine: Engine) -> None:
    codes = [world.on_notice().code] * 2
    administrators = [world.admin, world.actor(world.make_administrator("second@hall.example"))]
    world.session.commit()
    told = at_once(engine, administrators, codes)
    assert sorted(told) == ["WrongState", "approved"]


def test_an_administrator_of_either_side_does_not_approve(world: World) -> None:
    outcome = world.on_notice()
    partial = world.make_administrator("partial@hall.example")
    add_member(world.session, account=partial, organization=world.maker, role=Role.VIEWER)
    with pytest.raises(Denied):
        approve_first(world.actor(partial), session=world.session, outcome=outcome, version=None)
    assert outcome.state == "on_notice"


def test_a_revoked_certificate_says_so_and_frees_the_first(world: World) -> None:
    product = world.listed_product()
    outcome = world.approved(world.accepted(product=product))
    revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason="佐证有误")
    certificate = certificate_of(world.session, outcome)
    assert certificate is not None and not certificate.is_valid and certificate.revocation_reason == "佐证有误"
    assert world.approved(world.accepted(product=product)).state == "approved"


def test_nothing_of_a_trial_is_public_before_its_approval(small_world: World) -> None:
    stranger = small_world.actor(small_world.person("stranger@x.example"))
    outcome = small_world.confirmed()
    with pytest.raises(NotFound):
        confirm_results(stranger, session=small_world.session, outcome=outcome)


def test_only_an_operator_or_administrator_names_administrators(small_world: World) -> None:
    with pytest.raises(Denied):
        set_administrator(
            small_world.demand, session=small_world.session, account=small_world.port_person, is_administrator=True
        )
    set_administrator(SYSTEM, session=small_world.session, account=small_world.port_person, is_administrator=True)
    assert small_world.demand.is_administrator
