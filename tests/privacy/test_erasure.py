"""After an account is closed for good, nothing of its person's own is anywhere; what they did stays and still counts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select as rows_of
from sqlalchemy import text
from sqlmodel import SQLModel, col, select

from scenario_hall.alerts.models import AlertHit, SavedSearch, SavedSearchKey
from scenario_hall.applications.messages import MessageReading
from scenario_hall.audit.whole import audit
from scenario_hall.bookmarks.service import Bookmark
from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import local_today, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.core.kept_answers import claim_key, key_of
from scenario_hall.core.kept_forms import Form, keep_form
from scenario_hall.core.limits import LOGIN_BY_ACCOUNT, count_attempt
from scenario_hall.core.policy import Role
from scenario_hall.log.chain import record_event
from scenario_hall.notices.models import LetterState, Notice, NoticeChoice, QuietHours, StoredLetter
from scenario_hall.organizations import accounts, members
from scenario_hall.organizations.calendar_feeds import make_calendar
from scenario_hall.organizations.consents import Consent
from scenario_hall.organizations.invitations import Invitation
from scenario_hall.organizations.mailboxes import SharedMailbox
from scenario_hall.organizations.models import Account, FormerMembership
from scenario_hall.organizations.passkey_tables import Passkey, PasskeyChallenge
from scenario_hall.organizations.second_factor import SecondFactor
from scenario_hall.organizations.sessions import open_session, sessions_of
from scenario_hall.organizations.tokens import Scope, make_token
from scenario_hall.privacy.declaration import DECLARED, By, Closing
from scenario_hall.privacy.erasure import FORMER, close_account
from scenario_hall.privacy.expiry import CONTACTS, LETTERS, OUTBOX, UNCONFIRMED
from scenario_hall.privacy.retention import RULES, carry_out, runs_of
from scenario_hall.privacy.told import held_of
from scenario_hall.reviewing.models import Absence, ReviewTurn
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import end_scenario
from tests.conftest import settings_in
from tests.world import PASSWORD, World

EMAIL, NAME = "lin.weiguo@port.example", "Lin Weiguo Unmistakable"


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    (tmp_path / "outbox").mkdir()
    return tmp_path / "outbox"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path, "sqlite://")


def person_with_everything(world: World, outbox: Path) -> Account:
    """A second editor of the port, with a row of their own in whatever the declaration says goes."""
    person = world.person(EMAIL, NAME)
    members.add_member(world.session, account=person, organization=world.port, role=Role.EDITOR)
    scenario = world.draft_scenario(contact_email=EMAIL.title(), contact_name=NAME, contact_phone="+86 755 1234")
    open_session(world.session, person, user_agent="Mozilla/5.0", address="203.0.113.7")
    count_attempt(world.session, LOGIN_BY_ACCOUNT, EMAIL)
    keep_form(world.session, Form("/account", "/account", [("name", NAME)]), account_id=person.pk)
    accounts.request_password_reset(world.session, email=EMAIL, address="203.0.113.7")
    reading = world.application()
    make_calendar(world.actor(person), session=world.session, account=person)
    make_token(
        world.actor(person),
        session=world.session,
        account=person,
        name=NAME,
        scopes=[Scope.READ],
        organization_id=world.port.pk,
        days=30,
        longest=30,
    )
    with transaction(world.session):
        claim_key(world.session, key_of(1, "once"), account_id=person.pk, request="0" * 64).body = EMAIL
        scenario.created_by = person.pk
        world.session.add(scenario)
        record_event(world.session, world.actor(person), scenario, "scenario.withdrawn", {"reason": f"{NAME} leaves"})
        sent = Invitation(organization_id=world.port.pk, email=EMAIL, locale="en", invited_by=world.port_person.pk)
        world.session.add(sent)
        world.session.add(Consent(account_id=person.pk, purpose="contact_to_macao", version=1))
        world.session.add(Bookmark(account_id=person.pk, kind="scenario", record_id=1))
        search = SavedSearch(account_id=person.pk, name=NAME, watch="search", asked={"q": NAME}, rhythm="daily")
        world.session.add(search)
        world.session.flush()
        world.session.add(SavedSearchKey(key="word:x", search_id=search.pk))
        world.session.add(
            AlertHit(search_id=search.pk, account_id=person.pk, record_kind="scenario", record_id=1, event_id=1)
        )
        told = Notice(account_id=person.pk, event_id=1, letter="x", kind="record", about="S", path="/", at=now())
        world.session.add(told)
        world.session.add(NoticeChoice(account_id=person.pk, kind="message", channel="off"))
        world.session.add(QuietHours(account_id=person.pk, begins=0, ends=60))
        world.session.add(
            SharedMailbox(organization_id=world.port.pk, email=EMAIL, locale="en", set_by=world.port_person.pk)
        )
        world.session.add(MessageReading(application_id=reading.pk, account_id=person.pk, last_id=1))
        world.session.add(Absence(account_id=person.pk, until=local_today()))
        world.session.add(Absence(account_id=world.administrator.pk, until=local_today(), stand_in_id=person.pk))
        world.session.add(ReviewTurn(queue="scenarios", row_id=1, code="S", account_id=person.pk))
        world.session.add(SecondFactor(account_id=person.pk, sealed_secret="x", confirmed_at=now()))
        world.session.add(
            Passkey(
                account_id=person.pk, credential_id="c", public_key="k", user_handle="h", name=f"{NAME}'s telephone"
            )
        )
        world.session.add(PasskeyChallenge(account_id=person.pk, purpose="log_in", challenge="q"))
        for number, state in enumerate((LetterState.WAITING, LetterState.SENT, LetterState.FAILED)):
            letter = StoredLetter(event_id=1, number=number, account_id=person.pk, to=EMAIL, subject=f"Dear {NAME}")
            letter.message_id, letter.text, letter.state, letter.last_error = f"<{number}>", NAME, state, f"550 {EMAIL}"
            world.session.add(letter)
            (outbox / f"00000001-{number}.eml").write_text(EMAIL)
    return person


def everything(world: World) -> str:
    """All that the database holds, the log too."""
    told: list[Any] = []
    for table in SQLModel.metadata.sorted_tables:
        told += [tuple(row) for row in world.session.execute(rows_of(table))]
    return repr(told).lower()


def test_nothing_of_one_s_own_stays_and_what_one_did_does(world: World, outbox: Path) -> None:
    person = person_with_everything(world, outbox)
    number = person.pk
    held = {each.held: len(each.rows) for each in held_of(world.session, person)}
    assert all(
        count for each, count in held.items() if each.closing is Closing.GOES and each.table != "recovery_code"
    ), held
    assert EMAIL in everything(world) and NAME.lower() in everything(world)
    close_account(world.actor(person), session=world.session, account=person, outbox=outbox)
    world.session.expire_all()
    kept = everything(world)
    for word in (EMAIL, NAME.lower(), "+86 755 1234"):
        assert word not in kept
    assert list(outbox.iterdir()) == []
    assert sessions_of(world.session, number) == []
    erased = world.session.get_one(Account, number)
    assert erased.name == FORMER and not erased.is_active
    for each in held_of(world.session, erased):
        if each.held.closing is Closing.GOES and each.held.table not in ("account", "letter"):
            assert not each.rows, each.held
        if each.held.closing is Closing.STAYS and each.held.table in ("scenario", "event", "former_membership"):
            assert each.rows, each.held
    left = world.session.exec(select(FormerMembership).where(col(FormerMembership.account_id) == number)).one()
    assert left.organization_id == world.port.pk


def test_nobody_logs_in_or_reopens_it_and_the_address_is_free(world: World, outbox: Path) -> None:
    person = person_with_everything(world, outbox)
    close_account(world.actor(person), session=world.session, account=person, outbox=outbox)
    for email in (EMAIL, person.email):
        with pytest.raises(Invalid):
            accounts.authenticate(world.session, email=email, password=PASSWORD, address="203.0.113.9")
    with pytest.raises(Denied):
        accounts.set_active(world.admin, session=world.session, account=person, is_active=True, reason="x")
    assert world.person(EMAIL).pk != person.pk


def test_who_others_depend_on_sees_to_a_successor_first(world: World, outbox: Path) -> None:
    admin = world.administrator
    with pytest.raises(Invalid):  # the only administrator
        close_account(world.admin, session=world.session, account=admin, outbox=outbox)
    other = world.person("other@port.example")
    members.add_member(world.session, account=other, organization=world.port, role=Role.EDITOR)
    owner = world.port_person
    with pytest.raises(Invalid, match="Appoint another owner"):
        close_account(world.demand, session=world.session, account=owner, outbox=outbox)
    assert world.session.get_one(Account, owner.pk).email == "port@port.example"
    close_account(world.supplier, session=world.session, account=world.maker_person, outbox=outbox)  # alone in theirs


def test_nobody_closes_another_s(world: World, outbox: Path) -> None:
    for actor in (world.admin, world.supplier):
        with pytest.raises(Denied):
            close_account(actor, session=world.session, account=world.port_person, outbox=outbox)


def test_the_log_stays_whole_and_four_eyes_remember(world: World, outbox: Path, tmp_path: Path) -> None:
    world.approved()
    number = world.maker_person.pk
    close_account(world.supplier, session=world.session, account=world.maker_person, outbox=outbox)
    assert audit(world.session, [], file=tmp_path / "none").faults == []
    stays = {held.table for held in DECLARED if held.closing is Closing.STAYS and held.by is By.ACCOUNT}
    person = world.session.get_one(Account, number)
    mine = {each.held.table for each in held_of(world.session, person) if each.rows}
    assert {"party_act", "event", "plan_signature", "former_membership"} <= mine & stays


def test_each_rule_of_retention_lets_go_what_is_due_and_nothing_else(
    world: World, outbox: Path, settings: Settings
) -> None:
    person = person_with_everything(world, outbox)
    stranger = world.person("nobody@x.example", "Nobody Confirmed", is_confirmed=False)
    member = world.person("member@x.example", "Unconfirmed Member", is_confirmed=False)
    members.add_member(world.session, account=member, organization=world.port, role=Role.VIEWER)
    ended, running = world.released_scenario(), world.released_scenario()
    end_scenario(
        world.demand, session=world.session, scenario=ended, action="withdraw", version=None, reason="plans changed"
    )
    carry_out(world.session, settings)
    assert {name: run.total for name, run in runs_of(world.session).items()} == {rule.name: 0 for rule in RULES}
    with clock.at(now() + UNCONFIRMED + timedelta(hours=1)):
        carry_out(world.session, settings)
        assert world.session.get_one(Account, stranger.pk).name == FORMER
        assert world.session.get_one(Account, member.pk).name == "Unconfirmed Member"
        assert not list(outbox.glob("*.eml")) and OUTBOX <= UNCONFIRMED
    with clock.at(now() + LETTERS + timedelta(hours=1)):
        carry_out(world.session, settings)
        kept = {
            row.state: row.to
            for row in world.session.exec(select(StoredLetter).where(col(StoredLetter.account_id) == person.pk))
        }
        assert kept == {LetterState.WAITING: EMAIL, LetterState.SENT: "", LetterState.FAILED: ""}
        assert world.session.get_one(Scenario, ended.pk).contact_name
    with clock.at(now() + CONTACTS + timedelta(hours=1)):
        carry_out(world.session, settings)
    world.session.expire_all()
    assert not world.session.get_one(Scenario, ended.pk).contact_name
    assert world.session.get_one(Scenario, running.pk).contact_name
    runs = runs_of(world.session)
    assert (runs["unconfirmed"].total, runs["letters"].total, runs["contacts"].total, runs["outbox"].total) == (
        1,
        2,
        1,
        3,
    )
    assert runs["letters"].last_count == 0 and runs["attempts"].total > 0 and runs["log-ins"].total > 0


def test_a_rule_that_fails_keeps_no_other_from_its_turn(small_world: World, settings: Settings, outbox: Path) -> None:
    person_with_everything(small_world, outbox)
    small_world.session.execute(text("DROP TABLE attempt"))
    small_world.session.commit()
    with clock.at(now() + LETTERS + timedelta(hours=1)), pytest.raises(Exception, match="attempt"):
        carry_out(small_world.session, settings)
    assert runs_of(small_world.session)["letters"].total == 2
