"""Messages between the two sides of an application: who writes, who reads, what is new, and what the log does not say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scenario_hall.applications.messages import (
    ApplicationMessage,
    messages_of,
    note_read,
    send_message,
    unread_messages,
)
from scenario_hall.applications.models import Application
from scenario_hall.applications.service import act_on_application
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied, Invalid, NotFound, TooMany, WrongState
from scenario_hall.core.policy import Actor, Role
from scenario_hall.dossiers.application import application_dossier
from scenario_hall.log.chain import events_after
from scenario_hall.organizations.members import add_member
from tests.world import World

TEXT = "请问现场是否有380V电源？"


def write(hall: World, actor: Actor, application: Application, text: str = TEXT) -> ApplicationMessage:
    return send_message(actor, session=hall.session, application=application, text=text)


def test_what_one_side_writes_is_new_to_the_other_until_it_is_read(small_world: World) -> None:
    hall, application = small_world, small_world.application()
    write(hall, hall.supplier, application)
    assert unread_messages(hall.session, hall.demand, [application]) == {application.pk: 1}
    assert unread_messages(hall.session, hall.supplier, [application]) == {}
    shown = messages_of(hall.session, hall.demand, application)
    assert [(each.message.text, each.organization, each.is_new) for each in shown] == [(TEXT, hall.maker, True)]
    note_read(hall.session, hall.demand, application, shown)
    assert unread_messages(hall.session, hall.demand, [application]) == {}
    write(hall, hall.supplier, application, "第二条")
    assert [each.is_new for each in messages_of(hall.session, hall.demand, application)] == [False, True]
    assert [each.is_new for each in messages_of(hall.session, hall.supplier, application)] == [False, False]


def test_what_a_colleague_has_read_is_still_new_to_me(small_world: World) -> None:
    hall, application, colleague = small_world, small_world.application(), small_world.person("c@port.example")
    add_member(hall.session, account=colleague, organization=hall.port, role=Role.EDITOR)
    write(hall, hall.supplier, application)
    note_read(hall.session, hall.demand, application, messages_of(hall.session, hall.demand, application))
    assert unread_messages(hall.session, hall.actor(colleague), [application]) == {application.pk: 1}


def test_the_log_says_that_somebody_wrote_and_not_what(small_world: World) -> None:
    hall, application = small_world, small_world.application()
    write(hall, hall.demand, application)
    (line,) = events_after(hall.session, 0, kinds=["application.message"])
    assert line.fields == {"side": "demand"}
    assert not [each for each in events_after(hall.session, 0) if TEXT in each.data]


def test_who_judges_or_belongs_to_neither_side_does_not_write(small_world: World) -> None:
    hall, application, viewer = small_world, small_world.application(), small_world.person("v@port.example")
    add_member(hall.session, account=viewer, organization=hall.port, role=Role.VIEWER)
    for actor in (hall.actor(viewer), hall.admin):
        with pytest.raises(Denied):
            write(hall, actor, application)
    with pytest.raises(NotFound):
        write(hall, hall.actor(hall.person("x@x.example")), application)


def test_who_belongs_to_both_sides_writes_for_neither(small_world: World) -> None:
    hall, application, both = small_world, small_world.application(), small_world.person("both@x.example")
    for organization in (hall.port, hall.maker):
        add_member(hall.session, account=both, organization=organization, role=Role.EDITOR)
    with pytest.raises(WrongState):
        write(hall, hall.actor(both), application)


def test_who_wrote_for_one_side_is_on_that_side(small_world: World) -> None:
    hall, application, person = small_world, small_world.application(), small_world.person("p@port.example")
    add_member(hall.session, account=person, organization=hall.port, role=Role.EDITOR)
    write(hall, hall.actor(person), application)
    add_member(hall.session, account=person, organization=hall.maker, role=Role.EDITOR)
    assert write(hall, hall.actor(person), application, "又一条").party == "demand"


@pytest.mark.parametrize("text", ["", " \n ", "字" * 2001])
def test_an_empty_or_long_message_is_refused(small_world: World, text: str) -> None:
    with pytest.raises(Invalid):
        write(small_world, small_world.demand, small_world.application(), text)


def test_there_is_a_limit_for_a_day_and_none_is_written_when_it_is_over(small_world: World) -> None:
    hall, application = small_world, small_world.application()
    for number in range(30):
        write(hall, hall.supplier, application, f"{number}")
    with pytest.raises(TooMany):
        write(hall, hall.supplier, application)
    with clock.at(now() + timedelta(days=1, seconds=1)):
        write(hall, hall.supplier, application)
    act_on_application(hall.demand, session=hall.session, application=application, action="decline", feedback="不合适")
    with pytest.raises(WrongState):
        write(hall, hall.supplier, application)
    assert len(messages_of(hall.session, hall.supplier, application)) == 31


def test_administrators_read_only_while_a_claim_is_under_review(small_world: World) -> None:
    hall, application = small_world, small_world.accepted()
    write(hall, hall.supplier, application)

    def shown(actor: Actor) -> list[str] | None:
        found = application_dossier(hall.session, actor, application.code).messages
        return None if found is None else [each.message.text for each in found.shown]

    assert (shown(hall.admin), shown(hall.demand)) == (None, [TEXT])
    outcome = hall.claimed(application)
    first, second = hall.reviewers[:2]
    assert shown(first) == [TEXT]
    for reviewer in (first, second):
        hall.advised(outcome, reviewer)
    assert shown(hall.admin) == [TEXT]  # on public notice
