"""How people want to be told holds for every kind: by the way that they chose, never against what must reach them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import col, delete, select

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import HONG_KONG, next_morning, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid
from scenario_hall.log.readers import catch_up
from scenario_hall.notices import choices
from scenario_hall.notices.choices import (
    Wishes,
    after_quiet,
    choices_of,
    choose,
    forget_choices,
    quiet_hours,
    set_quiet_hours,
    stop_letters_of,
)
from scenario_hall.notices.kinds import KINDS, KINDS_BY_NAME, Channel
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.models import Notice, NoticeChoice, QuietHours, StoredLetter
from scenario_hall.organizations.accounts import request_password_reset
from tests.world import World

minutes = st.integers(0, 24 * 60 - 1)


def test_defaults_are_allowed_and_what_is_fixed_says_why() -> None:
    for kind in KINDS:
        assert kind.default in kind.allowed and Channel.LETTER in kind.allowed, kind.name
        assert bool(kind.always) == (Channel.OFF not in kind.allowed) == (Channel.HALL not in kind.allowed), kind.name


@pytest.mark.parametrize("kind", KINDS_BY_NAME)
def test_every_kind_takes_what_it_allows_and_nothing_else(small_world: World, kind: str) -> None:
    session, mine = small_world.session, small_world.port_person.pk
    for channel in Channel:
        if channel not in KINDS_BY_NAME[kind].allowed:
            with pytest.raises(Invalid):
                choose(session, mine, {kind: channel})
            continue
        choose(session, mine, {kind: channel})
        assert choices_of(session, mine)[kind] == channel
        is_kept = session.get(NoticeChoice, (mine, kind)) is not None
        assert is_kept == (channel != KINDS_BY_NAME[kind].default)
    others = choices_of(session, small_world.maker_person.pk)
    assert others == {each.name: each.default for each in KINDS}


def test_a_kind_that_may_be_switched_off_no_more_comes_again(small_world: World) -> None:
    session, mine = small_world.session, small_world.port_person.pk
    session.add(NoticeChoice(account_id=mine, kind="account", channel="off"))
    session.commit()
    assert choices_of(session, mine)["account"] is Channel.LETTER
    assert Wishes(session, {mine}).channel(mine, "passkey_added") is Channel.LETTER


@pytest.mark.parametrize(
    ("channel", "letters", "notices", "is_owed"),
    [
        (Channel.LETTER, 1, 1, False),
        (Channel.DIGEST, 0, 1, True),
        (Channel.HALL, 0, 1, False),
        (Channel.OFF, 0, 0, False),
    ],
)
def test_a_notice_goes_the_way_that_was_chosen(
    small_world: World,
    sqlite_engine: Engine,
    hall_settings: Settings,
    channel: Channel,
    letters: int,
    notices: int,
    is_owed: bool,
) -> None:
    session = small_world.session
    scenario = small_world.released_scenario()
    choose(session, small_world.port_person.pk, {"application": channel})
    application = small_world.application(scenario)
    catch_up(sqlite_engine, MailReader(hall_settings))
    rows = session.exec(select(Notice).where(col(Notice.about) == application.code)).all()
    mine = [each for each in rows if each.account_id == small_world.port_person.pk]
    written = session.exec(select(StoredLetter).where(col(StoredLetter.kind) == "application_submitted")).all()
    assert (len(written), len(mine)) == (letters, notices)
    assert [each.digest_at for each in mine] == ([next_morning(mine[0].at)] if is_owed else [None] * notices)


def test_letters_of_the_log_in_come_whatever_was_chosen_and_at_any_hour(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    session, mine = small_world.session, small_world.port_person.pk
    catch_up(sqlite_engine, MailReader(hall_settings))
    local = now().astimezone(HONG_KONG)
    begins, ends = (local - timedelta(hours=1)).time(), (local + timedelta(hours=2)).time()
    set_quiet_hours(session, mine, (begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)))
    request_password_reset(session, email="port@port.example", address="1.2.3.4")
    small_world.released_scenario()
    catch_up(sqlite_engine, MailReader(hall_settings))
    due = {each.kind: each.next_try_at for each in session.exec(select(StoredLetter))}
    assert due["reset_password"] <= now() < due["scenario_released"] <= now() + timedelta(hours=2)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), minutes, minutes)
def test_no_letter_goes_in_quiet_hours_and_none_waits_longer(moment: datetime, begins: int, ends: int) -> None:
    goes = after_quiet(moment, begins, ends)

    def is_quiet(at: datetime) -> bool:
        local = at.astimezone(HONG_KONG)
        minute = local.hour * 60 + local.minute
        return begins <= minute < ends if begins <= ends else minute >= begins or minute < ends

    assert moment <= goes <= moment + timedelta(days=1)
    assert not is_quiet(goes)
    assert goes == moment or (is_quiet(moment) and is_quiet(goes - timedelta(minutes=1)))


def test_quiet_hours_are_set_changed_and_taken_away(small_world: World) -> None:
    session, mine = small_world.session, small_world.port_person.pk
    for hours in ((time(22), time(7)), (time(12, 30), time(13)), (time(0), time(16))):
        set_quiet_hours(session, mine, hours)
        assert quiet_hours(session, mine) == hours
    for hours in ((time(6), time(23)), (time(0), time(16, 1))):
        with pytest.raises(Invalid):
            set_quiet_hours(session, mine, hours)
    assert quiet_hours(session, mine) == (time(0), time(16))
    set_quiet_hours(session, mine, (time(9), time(9)))
    assert quiet_hours(session, mine) is None


def test_many_letters_within_an_hour_wait_for_the_letter_of_the_day(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that is released, whoever does it and by which way."""
    monkeypatch.setattr(choices, "MOST_AN_HOUR", 3)
    session, mine = small_world.session, small_world.port_person.pk
    catch_up(sqlite_engine, MailReader(hall_settings))
    session.rollback()
    session.exec(delete(StoredLetter))
    session.commit()
    for number in range(5):
        small_world.released_scenario(title=f"第{number}项")
    request_password_reset(session, email="port@port.example", address="1.2.3.4")
    catch_up(sqlite_engine, MailReader(hall_settings))
    kinds = [each.kind for each in session.exec(select(StoredLetter).where(col(StoredLetter.account_id) == mine))]
    assert kinds.count("scenario_released") == 3 and kinds.count("reset_password") == 1
    owed = session.exec(select(Notice).where(col(Notice.account_id) == mine, col(Notice.digest_at).is_not(None))).all()
    assert len(owed) == 2
    with clock.at(now() + timedelta(hours=1, minutes=1)):
        small_world.released_scenario(title="后来的")
        catch_up(sqlite_engine, MailReader(hall_settings))
    assert len(session.exec(select(StoredLetter).where(col(StoredLetter.account_id) == mine)).all()) == len(kinds) + 1


def test_one_click_stops_a_kind_once_and_no_other(small_world: World) -> None:
    session, mine = small_world.session, small_world.port_person.pk
    before = choices_of(session, mine)
    assert stop_letters_of(session, mine, "message") and not stop_letters_of(session, mine, "message")
    assert choices_of(session, mine) == {**before, "message": Channel.HALL}
    for kind in KINDS:
        if kind.always:
            assert not stop_letters_of(session, mine, kind.name), kind.name
    assert not stop_letters_of(session, mine, "nothing")
    assert choices_of(session, mine) == {**before, "message": Channel.HALL}


def test_choices_go_with_the_account(small_world: World) -> None:
    session, mine = small_world.session, small_world.port_person.pk
    choose(session, mine, {"message": Channel.OFF})
    set_quiet_hours(session, mine, (time(22), time(7)))
    with transaction(session):
        forget_choices(session, mine)
    session.expire_all()
    assert session.exec(select(NoticeChoice)).all() == session.exec(select(QuietHours)).all() == []
