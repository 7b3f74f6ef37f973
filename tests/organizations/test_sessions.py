"""Log-ins as rows: how long each lasts, what a cookie of it is worth, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scenario_hall.core import clock
from scenario_hall.core.errors import NotFound
from scenario_hall.organizations import sessions
from scenario_hall.organizations.accounts import set_administrator
from scenario_hall.organizations.agents import agent_family
from scenario_hall.organizations.models import Account
from tests.world import World

BEGAN = datetime(2026, 12, 1, 2, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEWER = FIREFOX.replace("140.0", "151.0")
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 "
    "Safari/537.36 Edg/139.0.0.0"
)


def opened(world: World, *, of: Account | None = None, is_remembered: bool = False, user_agent: str = FIREFOX) -> str:
    return sessions.open_session(
        world.session,
        of or world.port_person,
        user_agent=user_agent,
        address="203.0.113.7",
        is_remembered=is_remembered,
    )


def works(world: World, ticket: str, user_agent: str = FIREFOX) -> bool:
    return sessions.find_session(world.session, ticket, user_agent=user_agent, address="203.0.113.9") is not None


def test_a_ticket_is_worth_its_account_on_its_kind_of_browser_alone(world: World) -> None:
    ticket = opened(world)
    found = sessions.find_session(world.session, ticket, user_agent=NEWER, address="203.0.113.7")
    assert found is not None and found[1].pk == world.port_person.pk
    assert not works(world, ticket, EDGE)


def test_the_table_alone_lets_nobody_in(world: World) -> None:
    ticket = opened(world)
    (row,) = sessions.sessions_of(world.session, world.port_person.pk)
    secret = ticket.partition(".")[2]
    assert secret not in str(row.model_dump())
    for known in (row.secret_hash, row.previous_hash, ""):
        assert not works(world, f"{row.id}.{known}")


@pytest.mark.parametrize("ticket", ["", ".", "1", "1.", "²." + "x" * 43, f"{10**30}.x", "-1.x", "1.\ud83d", "1.\0"])
def test_no_other_text_is_a_ticket(world: World, ticket: str) -> None:
    opened(world)
    assert not works(world, ticket)


@pytest.mark.parametrize("is_remembered,days", [(False, 0.5), (True, 14)])
def test_who_is_not_there_for_long_is_logged_out(world: World, is_remembered: bool, days: float) -> None:
    with clock.at(BEGAN):
        ticket = opened(world, is_remembered=is_remembered)
    almost = BEGAN + timedelta(days=days) - timedelta(minutes=1)
    with clock.at(almost):
        assert works(world, ticket)
    with clock.at(almost + timedelta(days=days)):
        assert not works(world, ticket)
        assert sessions.sessions_of(world.session, world.port_person.pk) == []
        assert sessions.prune_sessions(world.session) == 1


def test_nobody_stays_for_ever(world: World) -> None:
    with clock.at(BEGAN):
        ticket = opened(world, is_remembered=True)
    for day in range(1, 30):
        with clock.at(BEGAN + timedelta(days=day)):
            assert works(world, ticket)
    with clock.at(BEGAN + timedelta(days=30)):
        assert not works(world, ticket)


def test_an_administrator_logs_in_every_day(world: World) -> None:
    with clock.at(BEGAN):
        administrators, other = (
            opened(world, of=world.administrator, is_remembered=True),
            opened(world, is_remembered=True),
        )
    for hours in (8, 16, 23):
        with clock.at(BEGAN + timedelta(hours=hours)):
            assert works(world, administrators)
    with clock.at(BEGAN + timedelta(hours=24)):
        assert not works(world, administrators) and works(world, other)
        assert sessions.sessions_of(world.session, world.administrator.pk) == []
        assert sessions.prune_sessions(world.session) == 1 and works(world, other)


def test_whoever_becomes_an_administrator_is_held_to_it_at_once(world: World) -> None:
    with clock.at(BEGAN):
        ticket = opened(world, is_remembered=True)
    with clock.at(BEGAN + timedelta(days=2)):
        assert works(world, ticket)
        set_administrator(world.admin, session=world.session, account=world.port_person, is_administrator=True)
        assert not works(world, ticket)


def test_a_new_secret_ends_the_old_one_after_a_minute_for_tabs_that_open_together(world: World) -> None:
    with clock.at(BEGAN):
        old = opened(world, is_remembered=True)
        new = sessions.change_secret(world.session, old)
        assert new != old and works(world, new) and works(world, old)
        assert sessions.change_secret(world.session, old) == old  # changes nothing a second time
        assert works(world, new)
    with clock.at(BEGAN + timedelta(minutes=1)):
        assert works(world, new) and not works(world, old)


def test_only_one_s_own_can_be_ended(world: World) -> None:
    mine, other = opened(world), opened(world)
    number = int(mine.partition(".")[0])
    with pytest.raises(NotFound):
        sessions.end_session(world.session, world.administrator.pk, number)
    sessions.end_session(world.session, world.port_person.pk, number)
    assert not works(world, mine) and works(world, other)
    kept = opened(world)
    assert sessions.end_sessions(world.session, world.port_person.pk, but=int(kept.partition(".")[0])) == 1
    assert works(world, kept) and not works(world, other)


def test_a_browser_is_known_by_its_own_name() -> None:
    wechat = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Mobile/15E148 MicroMessenger/8.0.5"
    assert [agent_family(each) for each in (FIREFOX, EDGE, wechat, "", "x" * 9000)] == [
        "Firefox · Linux",
        "Edge · Windows",
        "WeChat · iPhone",
        "",
        "",
    ]
