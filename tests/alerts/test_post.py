"""Letters about saved searches: soon, one for all, with why; bounded by person, day and hall; stopped by one click."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.alerts import post
from scenario_hall.alerts.letters import MOST_OF_A_SEARCH
from scenario_hall.alerts.models import Rhythm, Watch
from scenario_hall.alerts.post import AT_ONCE, MOST_A_DAY
from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import next_morning, now
from scenario_hall.log.chain import Event
from scenario_hall.log.failures import count_failures, try_again
from scenario_hall.notices.models import LetterState, StoredLetter
from scenario_hall.notices.sender import POLICY
from scenario_hall.notices.tokens import STOP_LETTERS, read_token
from scenario_hall.organizations.accounts import change_account
from scenario_hall.organizations.models import Account
from scenario_hall.worker.loop import run_worker
from tests.alerts.conftest import Watcher


def test_a_hit_within_five_seconds_of_a_release_and_its_letter_says_why(
    watcher: Watcher, sqlite_engine: Engine, hall_settings: Settings, text_of: Callable[[EmailMessage], str]
) -> None:
    search = watcher.save(q="无人机", region=["440300"], name="Drones here")
    is_over = threading.Event()
    worker = threading.Thread(target=lambda: run_worker(sqlite_engine, hall_settings, is_over=is_over.is_set))
    worker.start()
    try:
        scenario = watcher.world.released_scenario()
        watcher.world.session.commit()
        begun, letter = time.monotonic(), None
        while letter is None and time.monotonic() < begun + 20.0:
            with Session(sqlite_engine) as session:
                sent = select(StoredLetter).where(
                    col(StoredLetter.kind) == AT_ONCE, col(StoredLetter.state) == LetterState.SENT
                )
                letter = session.exec(sent).first()
            is_over.wait(0.05)
        took = time.monotonic() - begun
    finally:
        is_over.set()
        worker.join()
    assert letter is not None and took < 5.0
    (file,) = hall_settings.outbox.glob(f"{letter.event_id:08d}-{letter.number}.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    text = text_of(message)
    assert message["Subject"] == f"Drones here: {scenario.title}"
    assert "Words found: 无人机" in text and "Filters met: Region" in text
    assert f"http://hall.test/scenarios/{scenario.code}" in text
    assert f"saved “{search.name}” and asked for letters at once" in text


def test_a_letter_is_stopped_by_one_click_as_mail_programs_do_it(
    watcher: Watcher, text_of: Callable[[EmailMessage], str], hall_settings: Settings
) -> None:
    """RFC 8058: both header fields, an https address where the hall has one, and nothing but a signed token in it."""
    search = watcher.save(q="无人机")
    watcher.world.released_scenario()
    (letter,) = watcher.letters()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter["List-Unsubscribe"]
    assert f"\nList-Unsubscribe: {address}\n".encode() in letter.as_bytes(policy=POLICY)  # on one line, as it is
    assert address.startswith("<http://hall.test/searches/stop/") and address.endswith(">")
    token = address.strip("<>").rpartition("/")[2]
    assert read_token(hall_settings.secret_key, STOP_LETTERS, token) == [watcher.person.pk, 0]
    own = [line.rpartition("/")[2] for line in text_of(letter).splitlines() if "/searches/stop/" in line]
    assert [read_token(hall_settings.secret_key, STOP_LETTERS, each)[1] for each in own] == [search.pk, 0]


def test_one_letter_for_all_searches_with_the_rest_as_a_link(
    watcher: Watcher, text_of: Callable[[EmailMessage], str]
) -> None:
    first = watcher.save(Rhythm.DAILY, q="无人机", name="All drones")
    watcher.save(Rhythm.DAILY, q="激光雷达", name="The third")
    watcher.save(Rhythm.WEEKLY, q="岸桥", name="Weekly")
    with clock.at(next_morning(now(), weekday=0) + timedelta(hours=2)):  # a Monday
        for number in range(MOST_OF_A_SEARCH + 3):
            watcher.world.released_scenario(title="激光雷达测量" if number == 3 else f"第{number}处岸桥无人机巡检")
        assert watcher.letters() == []
    with clock.at(next_morning(now(), weekday=0) + timedelta(days=1)):
        (letter,) = watcher.letters()
        text = text_of(letter)
        assert f"and 3 more: http://hall.test/searches/{first.pk}" in text
        assert text.count("■") == 2 and "Weekly" not in text
        assert letter["Subject"] == f"{MOST_OF_A_SEARCH + 4} found for your saved searches"
        assert watcher.letters() == []
    with clock.at(next_morning(now(), weekday=0) + timedelta(days=7)):
        (letter,) = watcher.letters()
        assert "Weekly" in text_of(letter)


def test_letters_at_once_are_gathered_and_bounded_by_the_day(
    watcher: Watcher, text_of: Callable[[EmailMessage], str]
) -> None:
    watcher.save(q="无人机")
    begun = next_morning(now()) + timedelta(hours=1)
    sent = []
    for minute in range(0, 120, 6):
        with clock.at(begun + timedelta(minutes=minute)):
            watcher.world.released_scenario(title=f"{minute}号无人机巡检")
            sent += [minute] * len(watcher.letters())
    assert len(sent) == MOST_A_DAY and sent[0] == 0
    assert all(later - sooner >= 10 for sooner, later in pairwise(sent))
    with clock.at(next_morning(begun + timedelta(minutes=120))):
        (letter,) = watcher.letters()
        assert "more: http://hall.test/searches/" in text_of(letter)


def test_the_brake_of_the_whole_hall_puts_off_and_tells_administrators_once(
    watcher: Watcher, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    braked = replace(hall_settings, alerts_an_hour=2)
    people = [watcher.person, *(watcher.world.person(f"{number}@watch.example") for number in range(4))]
    for person in people:
        watcher.save(person=person, q="无人机")
    watcher.world.released_scenario()
    watcher.read()
    watcher.post(braked)
    with Session(sqlite_engine) as session:
        assert len(session.exec(select(StoredLetter)).all()) == 2
        assert len(session.exec(select(Event).where(col(Event.kind) == "alerts.braked")).all()) == 1
    with clock.at(next_morning(now())):
        assert watcher.post(braked) == 3
    with Session(sqlite_engine) as session:
        assert {row.to for row in session.exec(select(StoredLetter))} == {person.email for person in people}


def test_the_letter_is_in_the_readers_language_and_goes_to_nobody_whose_account_is_closed(
    watcher: Watcher, text_of: Callable[[EmailMessage], str]
) -> None:
    world = watcher.world
    change_account(world.session, watcher.person, name="Watcher", locale="zh_Hans")
    watcher.save(q="无人机")
    watcher.save(watch=Watch.ORGANIZATION, subject=("organization", world.port.pk))
    closed = world.person("closed@watch.example")
    watcher.save(person=closed, q="无人机")
    closed.is_active = False
    world.session.add(closed)
    world.session.commit()
    world.released_scenario()
    (letter,) = watcher.letters()
    assert letter["To"] == watcher.person.email
    assert "找到的词" in text_of(letter) and "湾澜港务" in text_of(letter)
    assert all(hit.due_at is None for hit in watcher.hits())


def test_one_letter_that_raises_keeps_no_other_back(
    watcher: Watcher, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = watcher.world.person("second@watch.example", "Second")
    for person in (watcher.person, other):
        watcher.save(q="无人机", person=person)
    broken, write = watcher.person.pk, post.alert_letter

    def raise_for_one(account: Account, *rest: Any) -> Any:
        if account.pk == broken:
            raise ValueError("no letter of this can be made")
        return write(account, *rest)

    monkeypatch.setattr(post, "alert_letter", raise_for_one)
    watcher.world.released_scenario()
    (letter,) = watcher.letters()
    assert letter["To"] == other.email
    with Session(sqlite_engine) as session:
        assert count_failures(session) == {post.AlertPost.name: 1}
        assert try_again(session, post.AlertPost.name, str(broken))
    monkeypatch.setattr(post, "alert_letter", write)
    (letter,) = watcher.letters()
    assert letter["To"] == "watcher@watch.example"
    with Session(sqlite_engine) as session:
        assert count_failures(session) == {}
