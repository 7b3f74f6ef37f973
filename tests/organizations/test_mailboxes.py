"""A shared mailbox gets letters once it was confirmed there, as long as it is the organisation's, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, TooMany, WrongState
from scenario_hall.core.policy import Actor, Role
from scenario_hall.log.chain import Event
from scenario_hall.log.readers import catch_up
from scenario_hall.notices import choices
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.models import StoredLetter
from scenario_hall.notices.tokens import MAILBOX, STOP_MAILBOX, read_token
from scenario_hall.organizations.accounts import request_password_reset
from scenario_hall.organizations.mailboxes import (
    BY_ORGANIZATION,
    GOOD_FOR,
    SharedMailbox,
    confirm_mailbox,
    confirmed_mailboxes,
    forget_mailboxes,
    mailbox_of,
    remove_mailbox,
    set_mailbox,
    stop_mailbox,
)
from scenario_hall.organizations.members import add_member
from scenario_hall.organizations.models import Side
from tests.world import World

BOX = "office@port.example"


@pytest.fixture
def written(small_world: World, sqlite_engine: Engine, hall_settings: Settings) -> Callable[[], list[StoredLetter]]:
    """The letters to the mailbox, after the reader came by."""

    def run() -> list[StoredLetter]:
        small_world.session.commit()
        catch_up(sqlite_engine, MailReader(hall_settings))
        small_world.session.rollback()
        query = select(StoredLetter).where(col(StoredLetter.to) == BOX).order_by(col(StoredLetter.id))
        return list(small_world.session.exec(query))

    return run


def enter(world: World, email: str = BOX, actor: Actor | None = None) -> SharedMailbox:
    return set_mailbox(actor or world.demand, session=world.session, organization=world.port, email=email, locale="en")


def test_it_gets_what_the_organisations_people_get_once_it_was_confirmed(
    small_world: World, written: Callable[[], list[StoredLetter]], hall_settings: Settings
) -> None:
    world, session = small_world, small_world.session
    enter(world, " Office@Port.example ")
    (first,) = written()
    assert first.kind == "mailbox_entered" and first.organization_id is None and first.unsubscribe == ""
    token = first.text.split("/organizations/mailbox/")[1].split()[0]
    organization, number = read_token(hall_settings.secret_key, MAILBOX, token)
    world.released_scenario()
    assert len(written()) == 1  # not confirmed yet
    confirm_mailbox(session, int(organization), int(number))
    confirm_mailbox(session, int(organization), int(number))
    scenario = world.released_scenario(title="确认之后")
    application = world.application(scenario)
    request_password_reset(session, email="port@port.example", address="1.2.3.4")
    _first, released, applied = written()
    assert (released.kind, applied.kind) == ("scenario_released", "application_submitted")
    assert f"/applications/{application.code}" in applied.text and applied.organization_id == world.port.pk
    assert "this is the organisation's shared mailbox" in applied.text and applied.account_id is None
    stop = applied.unsubscribe.removeprefix("/organizations/mailbox/stop/")
    assert read_token(hall_settings.secret_key, STOP_MAILBOX, stop) == [world.port.pk, number]
    stop_mailbox(session, world.port.pk, int(number) - 1)  # of a letter to one that was replaced
    world.released_scenario(title="还在")
    assert len(written()) == 4
    stop_mailbox(session, world.port.pk, int(number))
    world.released_scenario(title="停了")
    assert len(written()) == 4 and mailbox_of(session, world.port) is None
    kinds = [each.kind for each in session.exec(select(Event)) if "mailbox" in each.kind]
    assert kinds == [f"organization.mailbox_{what}" for what in ("set", "confirmed", "removed")]
    assert not any(BOX in each.data for each in session.exec(select(Event)))


def test_only_who_manages_members_enters_and_removes_it(small_world: World) -> None:
    world, session = small_world, small_world.session
    editor = world.person("editor@port.example")
    add_member(session, account=editor, organization=world.port, role=Role.EDITOR)
    for actor in (world.supplier, world.actor(editor), world.admin):
        with pytest.raises(Denied):
            enter(world, actor=actor)
        with pytest.raises(Denied):
            remove_mailbox(actor, session=session, organization=world.port)
    with pytest.raises(Invalid):
        enter(world, "no address")
    owner = world.person("n@n.example")
    unverified = world.organization(owner, Side.DEMAND, "未核验", is_verified=False)
    with pytest.raises((Denied, WrongState)):
        set_mailbox(world.actor(owner), session=session, organization=unverified, email=BOX, locale="en")
    for number in range(BY_ORGANIZATION.times):
        enter(world, f"box{number}@port.example")
    with pytest.raises(TooMany):
        enter(world)


def test_a_link_is_good_for_its_own_letter_and_two_weeks(small_world: World) -> None:
    world, session = small_world, small_world.session
    first = enter(world).number
    second = enter(world, "other@port.example").number
    with pytest.raises(NotFound):
        confirm_mailbox(session, world.port.pk, first)
    with clock.at(now() + GOOD_FOR + timedelta(minutes=1)), pytest.raises(NotFound):
        confirm_mailbox(session, world.port.pk, second)
    confirm_mailbox(session, world.port.pk, second)
    assert [each.email for each in confirmed_mailboxes(session, [world.port.pk])] == ["other@port.example"]
    enter(world)  # replaced: nothing goes anywhere until it is confirmed
    assert confirmed_mailboxes(session, [world.port.pk]) == []


def test_a_list_does_not_fill_it_and_a_members_own_address_gets_one_letter(
    small_world: World,
    written: Callable[[], list[StoredLetter]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choices, "MOST_AN_HOUR", 3)
    world, session = small_world, small_world.session
    enter(world)
    count = len(written())
    confirm_mailbox(session, world.port.pk, 1)
    for number in range(6):
        world.released_scenario(title=f"第{number}项")
    assert len(written()) == count + 3
    with clock.at(now() + timedelta(hours=1, minutes=1)):
        world.released_scenario(title="一小时后")
        assert len(written()) == count + 4
    confirm_mailbox(session, world.port.pk, enter(world, "port@port.example").number)
    with clock.at(now() + timedelta(hours=3)):
        world.released_scenario(title="自己的地址")
        written()
    last = select(Event.id).where(col(Event.kind) == "scenario.released").order_by(col(Event.id).desc()).limit(1)
    to = session.exec(select(StoredLetter.to).where(col(StoredLetter.event_id) == session.exec(last).one())).all()
    assert to == ["port@port.example"]


def test_it_goes_with_the_account_whose_address_it_is(small_world: World) -> None:
    session: Session = small_world.session
    enter(small_world)
    with transaction(session):
        forget_mailboxes(session, "else@port.example")
    assert mailbox_of(session, small_world.port) is not None
    with transaction(session):
        forget_mailboxes(session, BOX)
    assert mailbox_of(session, small_world.port) is None
