"""Notices in the hall: a row for each person who is told, by record, read, bounded, and gone with the account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, create_engine, select

from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import NotFound
from scenario_hall.log.chain import Event, ReaderCursor
from scenario_hall.log.failures import count_failures
from scenario_hall.log.readers import catch_up
from scenario_hall.notices import inbox as inboxes
from scenario_hall.notices import mail
from scenario_hall.notices.inbox import (
    GROUPS_SHOWN,
    KEPT,
    LINES_SHOWN,
    MOST_COUNTED,
    forget_notices,
    inbox,
    newest_notice,
    prune_notices,
    read_all,
    read_notice,
    told_since,
    unread_count,
)
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.models import Notice, StoredLetter
from scenario_hall.organizations.accounts import request_password_reset
from scenario_hall.organizations.models import Account
from scenario_hall.scenarios.service import return_scenario
from tests.world import World


def told(session: Session, person: Account) -> list[Notice]:
    session.rollback()  # a new transaction sees what the worker wrote
    return list(session.exec(select(Notice).where(col(Notice.account_id) == person.pk).order_by(col(Notice.id))))


def fill(session: Session, account_id: int, abouts: Iterable[str], *, kind: str = "record", first: int = 1) -> None:
    for number, about in enumerate(abouts, first):
        session.add(
            Notice(
                account_id=account_id,
                event_id=number,
                letter="scenario_released",
                kind=kind,
                about=about,
                title=about,
                path="/",
                at=now(),
            )
        )
    session.commit()


def test_whoever_gets_a_letter_is_told_in_the_hall_and_where_the_record_is(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    application = small_world.application()
    scenario = application.scenario
    catch_up(sqlite_engine, MailReader(hall_settings))
    of_application = [each for each in told(small_world.session, small_world.port_person) if each.kind == "application"]
    (notice,) = of_application
    assert (notice.letter, notice.about) == ("application_submitted", application.code)
    assert notice.path == f"/applications/{application.code}"
    assert notice.title == f"{application.product.title} · {scenario.title}"
    released = [each for each in told(small_world.session, small_world.port_person) if each.about == scenario.code]
    assert [each.letter for each in released] == ["scenario_released"]
    letters = small_world.session.exec(select(StoredLetter).where(col(StoredLetter.event_id) == notice.event_id)).all()
    assert [each.account_id for each in letters] == [small_world.port_person.pk]


def test_a_link_that_opens_an_account_stands_in_no_notice(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    request_password_reset(small_world.session, email="port@port.example", address="1.2.3.4")
    catch_up(sqlite_engine, MailReader(hall_settings))
    notices = small_world.session.exec(select(Notice)).all()
    assert not {each.letter for each in notices} & {"reset_password", "confirm_address", "has_account"}


def test_what_somebody_wrote_is_in_no_column_of_a_notice(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    scenario = small_world.submitted_scenario()
    small_world.session.commit()
    return_scenario(
        small_world.admin, session=small_world.session, scenario=scenario, version=None, reason="只有我写的理由"
    )
    catch_up(sqlite_engine, MailReader(hall_settings))
    notices = told(small_world.session, small_world.port_person)
    assert "scenario_returned" in {each.letter for each in notices}
    assert not any("只有我写的理由" in str(each.model_dump()) for each in notices)


def test_an_event_that_comes_again_tells_nobody_twice(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    small_world.application()
    catch_up(sqlite_engine, MailReader(hall_settings))
    count = len(small_world.session.exec(select(Notice)).all())
    cursor = small_world.session.get_one(ReaderCursor, "mail", populate_existing=True)
    cursor.position = 0
    small_world.session.add(cursor)
    small_world.session.commit()
    assert catch_up(sqlite_engine, MailReader(hall_settings)) > 0
    small_world.session.expire_all()
    assert count and len(small_world.session.exec(select(Notice)).all()) == count


def test_an_event_that_raises_keeps_nobody_else_from_being_told(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = small_world.application(), small_world.released_scenario(title="另一个场景")
    whole = mail.letters_for

    def letters_for(session: Session, event: Event, settings: Settings) -> object:
        if event.subject_code == bad.code:
            raise ValueError("this one alone")
        return whole(session, event, settings)

    monkeypatch.setattr(mail, "letters_for", letters_for)
    catch_up(sqlite_engine, MailReader(hall_settings))
    abouts = {each.about for each in told(small_world.session, small_world.port_person)}
    assert good.code in abouts and bad.code not in abouts
    assert count_failures(small_world.session) == {"mail": 1}


def test_notices_stand_together_by_record_newest_first_and_in_pages(small_world: World) -> None:
    session, mine = small_world.session, small_world.port_person.pk
    fill(session, mine, [f"SC-{number}" for number in range(GROUPS_SHOWN + 3)] + ["SC-1"] * (LINES_SHOWN + 2))
    fill(session, small_world.maker_person.pk, ["SC-1"])
    first = inbox(session, mine)
    assert first.total == GROUPS_SHOWN + 3 and len(first.groups) == GROUPS_SHOWN
    group = first.groups[0]
    assert (group.about, group.count, group.unread) == ("SC-1", LINES_SHOWN + 3, LINES_SHOWN + 3)
    ids = [each.pk for each in group.notices]
    assert len(ids) == LINES_SHOWN and ids == sorted(ids, reverse=True)
    second = inbox(session, mine, page=2)
    assert len(second.groups) == 3
    assert not {each.about for each in first.groups} & {each.about for each in second.groups}
    fill(session, mine, ["P-1"], kind="message", first=500)
    assert [each.about for each in inbox(session, mine, kind="message").groups] == ["P-1"]


def test_what_is_read_is_ones_own_and_what_came_later_stays_unread(small_world: World) -> None:
    session, mine, other = small_world.session, small_world.port_person.pk, small_world.maker_person.pk
    fill(session, mine, ["SC-1", "SC-1", "SC-2"])
    fill(session, other, ["SC-1"])
    first, second, third = told(session, small_world.port_person)
    assert read_notice(session, mine, first.pk).read_at is not None
    with pytest.raises(NotFound):
        read_notice(session, other, first.pk)
    assert read_all(session, mine, about="SC-1") == 1
    assert [each.about for each in inbox(session, mine, is_unread=True).groups] == ["SC-2"]
    fill(session, mine, ["SC-3"], first=9)
    assert read_all(session, mine, newest=third.pk) == 1 and second.pk < third.pk
    assert unread_count(session, mine) == unread_count(session, other) == 1


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["a", "b", "c"]), st.booleans()), max_size=40))
def test_counts_agree_with_the_rows_whatever_was_told_and_read(
    rows: list[tuple[int, str, bool]],
) -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine, [Notice.__table__])  # type: ignore[attr-defined]
    with Session(engine) as session:
        for number, (person, about, is_read) in enumerate(rows, 1):
            read_at = now() if is_read else None
            session.add(
                Notice(
                    account_id=person,
                    event_id=number,
                    letter="x",
                    kind="record",
                    about=about,
                    path="/",
                    at=now(),
                    read_at=read_at,
                )
            )
        session.commit()
        for person in (1, 2, 3):
            mine = [(about, is_read) for each, about, is_read in rows if each == person]
            shown = inbox(session, person)
            assert unread_count(session, person) == sum(not is_read for _, is_read in mine)
            assert shown.total == len(shown.groups) == len({about for about, _ in mine})
            assert {each.about: (each.count, each.unread) for each in shown.groups} == {
                about: (
                    sum(each == about for each, _ in mine),
                    sum(each == about and not is_read for each, is_read in mine),
                )
                for about, _ in mine
            }
            order = [about for about, _ in reversed(mine)]
            assert [each.about for each in shown.groups] == list(dict.fromkeys(order))


def test_an_inbox_is_bounded_by_age_and_by_number(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inboxes, "MOST_KEPT", 5)
    session, mine, other = small_world.session, small_world.port_person.pk, small_world.maker_person.pk
    fill(session, mine, [f"SC-{number}" for number in range(9)])
    fill(session, other, ["SC-1", "SC-2"])
    old = told(session, small_world.maker_person)[0]
    old.at = now() - KEPT - timedelta(hours=1)
    session.add(old)
    session.commit()
    assert prune_notices(session) == 1 + 4
    assert [each.about for each in told(session, small_world.port_person)] == ["SC-4", "SC-5", "SC-6", "SC-7", "SC-8"]
    assert [each.about for each in told(session, small_world.maker_person)] == ["SC-2"]
    assert prune_notices(session) == 0


def test_more_than_can_be_counted_is_counted_no_further(small_world: World) -> None:
    fill(small_world.session, small_world.port_person.pk, ["SC-1"] * (MOST_COUNTED + 5))
    assert unread_count(small_world.session, small_world.port_person.pk) == MOST_COUNTED


def test_who_was_told_since(small_world: World) -> None:
    session, mine, other = small_world.session, small_world.port_person.pk, small_world.maker_person.pk
    fill(session, mine, ["SC-1"])
    last = newest_notice(session)
    assert told_since(session, last) == set() and told_since(session, 0) == {mine}
    fill(session, other, ["SC-1"])
    assert told_since(session, last) == {other} and newest_notice(session) > last


def test_notices_go_with_the_account(small_world: World) -> None:
    session = small_world.session
    fill(session, small_world.port_person.pk, ["SC-1"])
    fill(session, small_world.maker_person.pk, ["SC-1"])
    with transaction(session):
        forget_notices(session, small_world.port_person.pk)
    assert {each.account_id for each in session.exec(select(Notice))} == {small_world.maker_person.pk}
