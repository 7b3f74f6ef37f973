"""What becomes of an endpoint whose receiver fails: tried again, given up for the next, turned off; nothing lost."""

from __future__ import annotations

from datetime import timedelta
from ssl import SSLSocket

from sqlmodel import Session, col, select

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.log.readers import catch_up
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.models import StoredLetter
from scenario_hall.webhooks.asking import send_again, send_test
from scenario_hall.webhooks.models import OFF_AFTER, PAUSES
from scenario_hall.webhooks.service import pause_endpoint
from tests.webhooks.conftest import Hooks, ids_since
from tests.webhooks.receiver import Got, Receiver, answering, giving_back


def test_a_receiver_that_was_down_for_a_day_has_everything_once_and_in_order(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.made()
    begin = hooks.row(key).position
    receiver.behaviour = answering(503)
    start = now()
    for hour in range(24):
        with clock.at(start + timedelta(hours=hour)):
            if hour % 3 == 0:
                hooks.world.draft_scenario()
            hooks.send()
    tried = {got.headers["webhook-id"] for got in receiver.got}
    assert len(tried) == 1  # the first waits, and the others behind it
    receiver.got.clear()
    receiver.behaviour = giving_back
    with clock.at(start + timedelta(hours=48)):
        hooks.send()
    assert receiver.events() == ids_since(hooks, begin, "scenario.")
    assert len(receiver.events()) == 8
    assert receiver.got[0].headers["webhook-id"] in tried
    assert hooks.row(key).failing_since is None


def test_the_pauses_are_the_standards_and_reach_over_three_days(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.made()
    receiver.behaviour = answering(500)
    hooks.world.draft_scenario()
    start = now()
    tried = []
    moment = start
    while moment < start + timedelta(hours=76):
        with clock.at(moment):
            if hooks.send():
                tried.append(moment - start)
        moment = max(hooks.row(key).next_try_at, moment + timedelta(milliseconds=1))
        if hooks.deliveries(key)[-1].state == "failed":
            break
    assert len(tried) == len(PAUSES) + 1 == 10
    assert timedelta(hours=75) <= tried[-1] <= timedelta(hours=76)
    assert hooks.deliveries(key)[-1].attempts == 10


def test_how_long_a_receiver_asks_to_wait_is_waited(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.made()
    receiver.behaviour = answering(429, Retry_After="3600")
    hooks.world.draft_scenario()
    hooks.send()
    assert now() + timedelta(minutes=59) < hooks.row(key).next_try_at <= now() + timedelta(minutes=60)


def test_after_five_days_it_is_off_its_people_have_a_letter_and_nothing_is_lost(
    hooks: Hooks, receiver: Receiver
) -> None:
    key, _ = hooks.made()
    begin = hooks.row(key).position
    receiver.behaviour = answering(500)
    start, moment = now(), now()
    with clock.at(start):
        hooks.world.draft_scenario()
        hooks.world.draft_scenario()
    while hooks.row(key).state == "on":
        with clock.at(moment):
            hooks.send()
        moment = max(hooks.row(key).next_try_at, moment + timedelta(milliseconds=1))
        assert moment < start + timedelta(days=6)
    assert moment - start >= OFF_AFTER
    with clock.at(moment):
        assert letters(hooks) == ["port@port.example"]
        receiver.got.clear()
        assert hooks.send() == 0
        hooks.world.draft_scenario()
        assert hooks.send() == 0
        receiver.behaviour = giving_back
        pause_endpoint(
            hooks.world.demand, session=hooks.world.session, endpoint=hooks.mine(key), version=None, is_paused=False
        )
        hooks.send()
    assert receiver.events() == ids_since(hooks, begin, "scenario.")
    assert len(receiver.events()) == 3


def letters(hooks: Hooks) -> list[str]:
    """Who was written to about a webhook."""
    hooks.world.session.commit()
    catch_up(hooks.engine, MailReader(hooks.settings))
    with Session(hooks.engine) as session:
        rows = session.exec(select(StoredLetter).where(col(StoredLetter.text).contains("/webhooks/")))
        return [row.to for row in rows]


def test_a_receiver_that_is_gone_is_off_at_once(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.made()
    receiver.behaviour = answering(410)
    hooks.world.draft_scenario()
    assert hooks.send() == 1
    assert hooks.row(key).state == "off"
    assert letters(hooks) == ["port@port.example"]


def test_one_entry_that_a_receiver_cannot_take_is_given_up_and_the_others_go_on(
    hooks: Hooks, receiver: Receiver
) -> None:
    key, _ = hooks.made()
    begin = hooks.row(key).position
    hooks.world.draft_scenario()
    hooks.world.draft_scenario()
    bad, good = ids_since(hooks, begin, "scenario.")

    def picky(connection: SSLSocket, got: Got) -> None:
        answering(500 if got.json["data"]["id"] == bad else 200)(connection, got)

    receiver.behaviour = picky
    start, moment = now(), now()
    while hooks.row(key).position < good:
        with clock.at(moment):
            hooks.send()
        moment = max(hooks.row(key).next_try_at, moment + timedelta(milliseconds=1))
        assert moment < start + timedelta(hours=80)
    states = {each.event_id: each.state for each in hooks.deliveries(key) if each.event_id}
    assert states == {bad: "failed", good: "taken"}
    assert hooks.row(key).state == "on"
    with clock.at(moment):
        receiver.behaviour = giving_back
        row = next(each for each in hooks.deliveries(key) if each.event_id == bad)
        send_again(hooks.world.session, hooks.mine(key), row.id or 0)
        hooks.send()
    assert hooks.deliveries(key)[1].state == "taken"


def test_a_pause_does_not_count_as_days_without_an_answer(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.made()
    begin, world = hooks.row(key).position, hooks.world
    receiver.behaviour = answering(500)
    world.draft_scenario()
    hooks.send()
    pause_endpoint(world.demand, session=world.session, endpoint=hooks.mine(key), version=None, is_paused=True)
    with clock.at(now() + timedelta(days=6)):
        pause_endpoint(world.demand, session=world.session, endpoint=hooks.mine(key), version=None, is_paused=False)
        hooks.send()
        assert hooks.row(key).state == "on"
        receiver.behaviour = giving_back
        receiver.got.clear()
        send_test(world.session, hooks.mine(key))
        hooks.send()
    assert receiver.events() == ids_since(hooks, begin, "scenario.")
