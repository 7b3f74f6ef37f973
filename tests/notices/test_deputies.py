"""Who is away is stood in for: the deputy gets the letter, the one who is away finds it in the hall, nobody sees more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from scenario_hall.config import Settings
from scenario_hall.core.clock import local_today
from scenario_hall.core.errors import Invalid
from scenario_hall.core.policy import Role
from scenario_hall.log.readers import catch_up
from scenario_hall.notices.choices import Wishes, choose
from scenario_hall.notices.kinds import KINDS, KINDS_BY_NAME, Channel
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.models import Notice, StoredLetter
from scenario_hall.organizations.members import add_member
from scenario_hall.organizations.models import Account
from scenario_hall.reviewing.absences import absences, colleagues, come_back, go_away, stand_ins
from tests.world import World


@pytest.fixture
def colleague(small_world: World) -> Account:
    """An editor of the port, who wants nothing about applications."""
    person = small_world.person("editor@port.example", "Editor")
    add_member(small_world.session, account=person, organization=small_world.port, role=Role.EDITOR)
    choose(small_world.session, person.pk, {"application": Channel.OFF})
    return person


@pytest.fixture
def told(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> Callable[[str], tuple[set[str], set[int]]]:
    """Who has a letter and who has a notice of what was written last by that letter's name."""

    def run(name: str) -> tuple[set[str], set[int]]:
        session = small_world.session
        session.commit()
        catch_up(sqlite_engine, MailReader(hall_settings))
        session.rollback()
        newest = max(
            [
                *session.exec(select(StoredLetter.event_id).where(col(StoredLetter.kind) == name)),
                *session.exec(select(Notice.event_id).where(col(Notice.letter) == name)),
            ]
        )
        letters = select(StoredLetter.to).where(col(StoredLetter.kind) == name, col(StoredLetter.event_id) == newest)
        notices = select(Notice.account_id).where(col(Notice.letter) == name, col(Notice.event_id) == newest)
        return set(session.exec(letters)), set(session.exec(notices))

    return run


def test_the_deputy_gets_the_letter_and_who_is_away_finds_it_in_the_hall(
    small_world: World, colleague: Account, told: Callable[[str], tuple[set[str], set[int]]]
) -> None:
    world, mine, other = small_world, small_world.port_person, colleague
    scenario = world.released_scenario()
    world.application(scenario)
    assert told("application_submitted") == ({mine.email}, {mine.pk})
    go_away(world.demand, session=world.session, until=local_today() + timedelta(days=3), stand_in_id=other.pk)
    assert told("deputy_named")[0] == {other.email}
    world.application(scenario, world.listed_product(title="另一产品"))
    assert told("application_submitted") == ({other.email}, {mine.pk, other.pk})
    come_back(world.demand, session=world.session)
    world.application(scenario, world.listed_product(title="第三个产品"))
    assert told("application_submitted") == ({mine.email}, {mine.pk})


def test_for_every_kind_the_deputy_is_told_by_letter_and_what_must_come_comes_to_both(
    small_world: World, colleague: Account
) -> None:
    world, mine, other = small_world, small_world.port_person.pk, colleague.pk
    go_away(world.demand, session=world.session, until=local_today(), stand_in_id=other)
    for kind in KINDS:
        if kind.name == "account":
            continue
        found = Wishes(world.session, {mine, other}).channels([mine, other], kind.letters[0])
        away = Channel.HALL if Channel.HALL in kind.allowed else kind.default
        assert found == {mine: away, other: Channel.LETTER}, kind.name
        alone = Wishes(world.session, {mine}).channels([mine], kind.letters[0])
        assert alone == {mine: KINDS_BY_NAME[kind.name].default}, kind.name  # the deputy does not get this one


def test_a_deputy_is_a_colleague_who_is_there(small_world: World, colleague: Account) -> None:
    world, session = small_world, small_world.session
    viewer = world.person("viewer@port.example")
    add_member(session, account=viewer, organization=world.port, role=Role.VIEWER)
    assert [each.pk for each in colleagues(session, world.port_person.pk)] == [colleague.pk]
    for wrong in (viewer.pk, world.maker_person.pk, world.administrator.pk, world.port_person.pk, 9_999):
        with pytest.raises(Invalid):
            go_away(world.demand, session=session, until=local_today(), stand_in_id=wrong)
    go_away(world.demand, session=session, until=local_today(), stand_in_id=colleague.pk)
    assert stand_ins(session, world.actor(colleague)) == []  # away themselves
    assert absences(session) == {}  # no administrator's


def test_where_both_are_away_each_gets_their_own(small_world: World, colleague: Account) -> None:
    world, session = small_world, small_world.session
    go_away(world.demand, session=session, until=local_today(), stand_in_id=colleague.pk)
    go_away(world.actor(colleague), session=session, until=local_today(), stand_in_id=None)
    found = Wishes(session, {world.port_person.pk, colleague.pk}).channels(
        [world.port_person.pk, colleague.pk], "application_submitted"
    )
    assert found == {world.port_person.pk: Channel.LETTER, colleague.pk: Channel.OFF}
