"""Each endpoint follows the log by itself: in order, once, whatever its receiver does."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from ssl import SSLSocket
from threading import Event as ThreadEvent
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import TooMany
from scenario_hall.log.chain import Event, last_id
from scenario_hall.log.failures import all_failures
from scenario_hall.organizations import service as organizations
from scenario_hall.webhooks import content
from scenario_hall.webhooks.asking import prune_deliveries, replay, send_challenge, send_test
from scenario_hall.webhooks.sending import Reach
from scenario_hall.webhooks.service import Wanted, change_endpoint, delete_endpoint, pause_endpoint
from tests.conftest import settings_in
from tests.webhooks.conftest import Hooks, ids_since
from tests.webhooks.receiver import Authority, Got, Receiver, answering, giving_back
from tests.world import World


def test_nothing_is_sent_before_the_receiver_has_given_its_challenge_back(hooks: Hooks, receiver: Receiver) -> None:
    receiver.behaviour = answering(200, b'{"challenge": "another"}')
    key, _ = hooks.make()
    hooks.world.draft_scenario()
    hooks.send()
    assert [got.json["type"] for got in receiver.got] == ["webhook.challenge"]
    assert (hooks.row(key).state, hooks.deliveries(key)[0].fault) == ("new", "challenge")
    receiver.behaviour = giving_back
    send_challenge(hooks.world.session, hooks.mine(key))
    hooks.send()
    assert hooks.row(key).state == "on"
    # What has happened since it was made comes now.
    assert receiver.events() == ids_since(hooks, 0, "scenario.drafted")


def test_a_host_that_has_agreed_to_nothing_gets_few_challenges_whoever_asks(hooks: Hooks) -> None:
    key, _ = hooks.make()
    for _number in range(29):
        send_challenge(hooks.world.session, hooks.mine(key))
    with pytest.raises(TooMany):
        send_challenge(hooks.world.session, hooks.mine(key))
    with pytest.raises(TooMany):
        hooks.make()
    delete_endpoint(hooks.world.demand, session=hooks.world.session, endpoint=hooks.mine(key))
    with pytest.raises(TooMany):
        hooks.make()


def test_the_challenge_may_be_given_back_bare_and_is_another_one_each_time(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.make()
    first = hooks.row(key).challenge
    send_challenge(hooks.world.session, hooks.mine(key))
    assert hooks.row(key).challenge not in ("", first)
    receiver.behaviour = lambda connection, got: answering(200, got.json["data"]["challenge"].encode())(connection, got)
    hooks.send()
    assert hooks.row(key).state == "on"
    assert [got.json["data"]["challenge"] for got in receiver.got] != [first]


def test_what_happens_arrives_in_order_with_the_id_of_its_entry(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.made()
    begin = hooks.row(key).position
    hooks.world.released_scenario()
    hooks.send()
    assert receiver.events() == ids_since(hooks, begin, "scenario.")
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert len(set(ids)) == len(ids)
    assert hooks.row(key).position == receiver.events()[-1]
    assert {each.state for each in hooks.deliveries(key)} == {"taken"}
    hooks.restarted()
    assert hooks.send() == 0


def test_a_receiver_that_sleeps_keeps_no_other_waiting(hooks: Hooks, receiver: Receiver, authority: Authority) -> None:
    other = Receiver(authority.server("quick.receiver.test"))
    hooks.with_reach(ports=frozenset({receiver.port, other.port}), seconds=3.0)
    sleeping, _ = hooks.made()
    quick, _ = hooks.make(url=f"https://quick.receiver.test:{other.port}/")
    hooks.send()
    other.got.clear()
    is_over = ThreadEvent()

    def sleep(_connection: SSLSocket, _got: Got) -> None:
        is_over.wait(5)

    receiver.behaviour = sleep
    begin = hooks.row(quick).position
    hooks.world.released_scenario()
    hooks.world.session.commit()
    started = time.monotonic()
    hooks.post.run_slice(0.5)
    while other.events() != ids_since(hooks, begin, "scenario."):
        assert time.monotonic() - started < 2.5
        hooks.post.run_slice(0.1)
    assert hooks.row(sleeping).position < begin
    is_over.set()
    hooks.post.close()
    other.close()


def test_how_long_it_was_waited_for_is_told_when_nothing_came_too(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.made()
    hooks.with_reach(seconds=0.3)
    is_over = ThreadEvent()

    def sleep(_connection: SSLSocket, _got: Got) -> None:
        is_over.wait(5)

    receiver.behaviour = sleep
    hooks.world.draft_scenario()
    hooks.send()
    is_over.set()
    last = hooks.deliveries(key)[-1]
    assert (last.fault, last.status) == ("timeout", None)
    assert 250 < (last.milliseconds or 0) < 3_000


def test_while_it_is_paused_or_its_organisation_suspended_nothing_is_sent_and_nothing_lost(
    hooks: Hooks, receiver: Receiver
) -> None:
    key, _ = hooks.made()
    begin, world = hooks.row(key).position, hooks.world
    pause_endpoint(world.demand, session=world.session, endpoint=hooks.mine(key), version=None, is_paused=True)
    world.draft_scenario()
    assert hooks.send() == 0
    pause_endpoint(world.demand, session=world.session, endpoint=hooks.mine(key), version=None, is_paused=False)
    organizations.act_on_organization(
        world.admin, session=world.session, organization=world.port, action="suspend", reason="x"
    )
    assert hooks.send() == 0
    organizations.act_on_organization(world.admin, session=world.session, organization=world.port, action="reinstate")
    hooks.send()
    assert receiver.events() == ids_since(hooks, begin, "scenario.", "organization.")


def test_a_test_is_sent_at_once_and_once_and_wakes_one_that_waits(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.made()
    receiver.behaviour = answering(500)
    hooks.world.draft_scenario()
    hooks.send()
    send_test(hooks.world.session, hooks.mine(key))
    hooks.send()
    assert [got.json["type"] for got in receiver.got] == ["scenario.drafted", "webhook.test"]
    assert hooks.deliveries(key)[-1].state == "failed"
    receiver.behaviour = giving_back
    receiver.got.clear()
    send_test(hooks.world.session, hooks.mine(key))
    hooks.send()
    assert [got.json["type"] for got in receiver.got] == ["webhook.test", "scenario.drafted"]


def test_everything_since_a_day_comes_again_in_order_with_the_same_ids(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.made()
    hooks.world.released_scenario()
    hooks.send()
    first = [(got.headers["webhook-id"], got.json["data"]) for got in receiver.got]
    receiver.got.clear()
    replay(hooks.world.session, hooks.mine(key), clock.local_today() - timedelta(days=1))
    hooks.send()
    again = [(got.headers["webhook-id"], got.json["data"]) for got in receiver.got]
    assert [each for each in again if each in first] == first
    receiver.got.clear()
    hooks.world.draft_scenario()
    replay(hooks.world.session, hooks.mine(key), None)
    assert hooks.send() == 0


def test_another_address_is_asked_its_challenge_before_anything_goes_there(hooks: Hooks, receiver: Receiver) -> None:
    key, _ = hooks.made()
    change_endpoint(
        hooks.world.demand,
        session=hooks.world.session,
        secret_key=hooks.settings.secret_key,
        ports=hooks.reach.ports,
        endpoint=hooks.mine(key),
        version=None,
        wanted=Wanted("Ours"),
        url=hooks.url + "&elsewhere",
    )
    hooks.world.draft_scenario()
    hooks.send()
    assert [got.json["type"] for got in receiver.got] == ["webhook.challenge", "scenario.drafted"]


def test_an_entry_that_the_hall_cannot_tell_stops_no_endpoint_and_is_tried_again(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _ = hooks.made()
    begin = hooks.row(key).position
    hooks.world.draft_scenario()
    hooks.world.draft_scenario()
    bad, good = ids_since(hooks, begin, "scenario.")
    title = content._title

    def breaking(record: Any) -> str | None:
        if record is not None and record.pk == broken:
            raise ZeroDivisionError
        return title(record)

    with Session(hooks.engine) as session:
        broken = session.get_one(Event, bad).subject_id
    monkeypatch.setattr(content, "_title", breaking)
    hooks.send()
    assert receiver.events() == [good]
    with Session(hooks.engine) as session:
        assert [(each.work, each.item) for each in all_failures(session)] == [("webhooks", f"{key}:{bad}")]
    monkeypatch.setattr(content, "_title", title)
    with clock.at(now() + timedelta(hours=1)):
        hooks.send()
    assert receiver.events() == [good, bad]
    with Session(hooks.engine) as session:
        assert all_failures(session) == []


def test_what_was_deleted_meanwhile_is_not_missed(hooks: Hooks) -> None:
    key, _ = hooks.made()
    hooks.world.draft_scenario()
    delete_endpoint(hooks.world.demand, session=hooks.world.session, endpoint=hooks.mine(key))
    assert hooks.send() == 0


def test_a_position_far_behind_moves_though_nothing_was_to_be_told(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenario_hall.webhooks.post.PASSED_OVER", 2)
    key, _ = hooks.made(kinds=["outcome.approved"])
    hooks.world.released_scenario()
    hooks.send()
    with Session(hooks.engine) as session:
        assert hooks.row(key).position == last_id(session)


def test_what_was_sent_is_let_go_after_a_month(hooks: Hooks) -> None:
    key, _ = hooks.made()
    hooks.world.draft_scenario()
    hooks.send()
    with clock.at(now() + timedelta(days=29)):
        assert prune_deliveries(hooks.world.session) == 0
    with clock.at(now() + timedelta(days=31)):
        assert prune_deliveries(hooks.world.session) == 2
    assert hooks.deliveries(key) == []


def test_it_is_the_same_on_both_databases(
    world: World, engine: Engine, tmp_path: Path, reach: Reach, receiver: Receiver
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    hooks = Hooks(world, engine, settings_in(tmp_path, url), reach, receiver)
    key, _ = hooks.made()
    begin = hooks.row(key).position
    receiver.behaviour = answering(500, b"\x00\xff broken")
    world.draft_scenario()
    hooks.send()
    send_test(world.session, hooks.mine(key))
    hooks.send()
    receiver.behaviour = giving_back
    receiver.got.clear()
    with clock.at(now() + timedelta(minutes=1)):
        hooks.send()
        replay(world.session, hooks.mine(key), clock.local_today() - timedelta(days=1))
        hooks.send()
    assert receiver.events()[:1] == ids_since(hooks, begin, "scenario.drafted")
    assert receiver.events()[1:] == sorted(set(receiver.events()))
    receiver.behaviour = answering(410)
    world.draft_scenario()
    hooks.send()
    assert hooks.row(key).state == "off"
    assert prune_deliveries(world.session) == 0
    delete_endpoint(world.demand, session=world.session, endpoint=hooks.mine(key))
    hooks.post.close()
