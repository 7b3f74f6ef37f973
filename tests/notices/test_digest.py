"""The letter of the day: one to a person, at 8:00, of what was not read; nobody's fault keeps another's back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import HONG_KONG, next_morning, now
from scenario_hall.log.failures import count_failures, try_again
from scenario_hall.log.readers import catch_up
from scenario_hall.notices import digest
from scenario_hall.notices.choices import choose, set_quiet_hours
from scenario_hall.notices.digest import DIGEST, DigestPost
from scenario_hall.notices.inbox import read_all
from scenario_hall.notices.kinds import KINDS, Channel
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.models import Notice, StoredLetter
from scenario_hall.notices.sender import LetterSender
from scenario_hall.organizations.accounts import set_active
from scenario_hall.organizations.models import Account
from tests.world import World


@pytest.fixture
def together(small_world: World, sqlite_engine: Engine, hall_settings: Settings) -> World:
    """A hall whose two people want everything in a letter a day, and have had none."""
    for person in (small_world.port_person, small_world.maker_person):
        person.locale = "en"
        small_world.session.add(person)
        small_world.session.commit()
        chosen = {kind.name: Channel.DIGEST for kind in KINDS if Channel.DIGEST in kind.allowed}
        choose(small_world.session, person.pk, chosen)
    catch_up(sqlite_engine, MailReader(hall_settings))
    small_world.session.rollback()
    small_world.session.exec(delete(Notice))
    small_world.session.exec(delete(StoredLetter))
    small_world.session.commit()
    return small_world


@pytest.fixture
def tell(sqlite_engine: Engine, hall_settings: Settings) -> Callable[[], int]:
    """As the worker does, up to the stored letters of the day; how many people were seen to."""

    def run() -> int:
        catch_up(sqlite_engine, MailReader(hall_settings))
        return DigestPost(sqlite_engine, hall_settings).run_slice(30.0)

    return run


def digests(session: Session, person: Account) -> list[StoredLetter]:
    session.rollback()  # a new transaction sees what the worker wrote
    query = select(StoredLetter).where(col(StoredLetter.kind) == DIGEST, col(StoredLetter.account_id) == person.pk)
    return list(session.exec(query))


def test_one_letter_a_day_at_eight_for_all_that_was_not_read(together: World, tell: Callable[[], int]) -> None:
    world = together
    application = world.application(world.released_scenario(title="岸桥巡检一号"))
    assert tell() == 0 and digests(world.session, world.port_person) == []
    with clock.at(next_morning(now())):
        assert now().astimezone(HONG_KONG).hour == 8
        assert tell() == 2  # the owner, and the supplier whose product was listed
        (letter,) = digests(world.session, world.port_person)
        assert letter.subject == "2 notices from the hall"
        assert letter.text.count("■") == 2 and f"/applications/{application.code}" in letter.text
        assert "What comes next: Read it, and ask, shortlist, accept or decline." in letter.text
        assert "A supplier has applied to your scenario" in letter.html
        assert tell() == 0
    world.released_scenario(title="二号")
    tell()
    with clock.at(next_morning(now()) + timedelta(days=1)):
        assert tell() == 1
        (_first, second) = digests(world.session, world.port_person)
        assert second.subject == "Your scenario is in the hall" and "二号" in second.text


def test_what_was_read_meanwhile_is_not_told_again(together: World, tell: Callable[[], int]) -> None:
    together.released_scenario()
    tell()
    read_all(together.session, together.port_person.pk)
    with clock.at(next_morning(now())):
        tell()
    assert digests(together.session, together.port_person) == []
    assert together.session.exec(select(Notice).where(col(Notice.digest_at).is_not(None))).all() == []


def test_more_than_a_letter_shows_is_behind_a_link(
    together: World, tell: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "MOST_SHOWN", 3)
    for number in range(5):
        together.released_scenario(title=f"第{number}项")
    tell()
    with clock.at(next_morning(now())):
        tell()
    (letter,) = digests(together.session, together.port_person)
    assert letter.subject == "5 notices from the hall"
    assert "and 2 more: http://hall.test/notices/" in letter.text and "第4项" in letter.text
    assert "第0项" not in letter.text


def test_a_closed_account_gets_none_and_a_quiet_one_later(together: World, tell: Callable[[], int]) -> None:
    world = together
    world.application(world.released_scenario())
    tell()
    set_active(world.admin, session=world.session, account=world.maker_person, is_active=False, reason="x")
    set_quiet_hours(world.session, world.port_person.pk, (time(7), time(9, 30)))
    with clock.at(next_morning(now())):
        tell()
        (letter,) = digests(world.session, world.port_person)
        assert letter.next_try_at == now() + timedelta(hours=1, minutes=30)
        assert digests(world.session, world.maker_person) == []


def test_whose_letter_raises_keeps_nobody_elses_back(
    together: World, tell: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = together
    world.application(world.released_scenario())
    tell()
    whole = digest.digest_sheet

    def digest_sheet(account: Account, *given: object) -> object:
        if account.pk == world.port_person.pk:
            raise ValueError("this one alone")
        return whole(account, *given)  # type: ignore[arg-type]

    with clock.at(next_morning(now())):
        monkeypatch.setattr(digest, "digest_sheet", digest_sheet)
        tell()
        assert digests(world.session, world.port_person) == []
        assert len(digests(world.session, world.maker_person)) == 1
        assert count_failures(world.session) == {DigestPost.name: 1}
        monkeypatch.setattr(digest, "digest_sheet", whole)
        world.session.commit()
        assert try_again(world.session, DigestPost.name, str(world.port_person.pk))
        tell()
        assert len(digests(world.session, world.port_person)) == 1
        world.session.commit()
        assert count_failures(world.session) == {}


def test_it_goes_out_as_text_and_html(
    together: World, tell: Callable[[], int], sqlite_engine: Engine, hall_settings: Settings
) -> None:
    together.released_scenario()
    tell()
    with clock.at(next_morning(now())):
        tell()
        LetterSender(sqlite_engine, hall_settings).run_slice(30.0)
    (letter,) = digests(together.session, together.port_person)
    assert (letter.text, letter.html) == ("", "")  # they go when it was sent
    (file,) = hall_settings.outbox.glob(f"{letter.event_id:08d}-{letter.number}.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage) and message.get_content_type() == "multipart/alternative"
    plain, html = (message.get_body((each,)) for each in ("plain", "html"))
    assert plain is not None and html is not None
    assert "Your scenario is in the hall" in plain.get_content() and "<h1>Your scenario" in html.get_content()
