"""Words of the log go when somebody asks for it, when their author leaves, when the draft is deleted, when time is up."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import select as rows_of
from sqlmodel import SQLModel, col, select

from scenario_hall.audit.whole import audit
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied, NotFound, WrongState
from scenario_hall.core.stores import FolderStore
from scenario_hall.log.chain import Event, last_id
from scenario_hall.notices.models import LetterState, Notice, StoredLetter
from scenario_hall.outcomes.certificate.logged import require_logged
from scenario_hall.outcomes.certificate.service import certificate_of, revoke_outcome
from scenario_hall.privacy.erasure import close_account
from scenario_hall.privacy.retention import WORDS
from scenario_hall.privacy.words import erase_before, erase_line
from scenario_hall.publishing.discarding import discard_draft
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import return_scenario, submit_scenario
from tests.world import World

NAME = "Lin Weiguo Unmistakable"


def everything(world: World) -> str:
    tables = SQLModel.metadata.sorted_tables
    return repr([tuple(row) for table in tables for row in world.session.execute(rows_of(table))])


def returned(world: World) -> tuple[Scenario, Event]:
    """A scenario that was returned with a name in the reason and in a note, and the line that says so."""
    scenario = world.draft_scenario()
    submit_scenario(world.demand, session=world.session, scenario=scenario, version=None)
    return_scenario(
        world.admin,
        session=world.session,
        scenario=scenario,
        version=None,
        reason=f"{NAME} has left",
        notes={"requirements": f"ask {NAME}"},
    )
    line = world.session.exec(select(Event).where(col(Event.kind) == "scenario.returned")).one()
    letter = StoredLetter(event_id=line.id, number=0, to="x@x.example", subject=f"{NAME} has left", message_id="<1>")
    letter.text, letter.state = NAME, LetterState.FAILED
    world.session.add(letter)
    told = Notice(account_id=world.port_person.pk, event_id=line.id, letter="x", kind="record", about="S", path="/")
    told.title, told.at = NAME, now()
    world.session.add(told)
    world.session.commit()
    return scenario, line


def test_an_administrator_takes_out_a_name_and_it_is_nowhere_any_more(world: World, tmp_path: Path) -> None:
    scenario, line = returned(world)
    line_id, before, admin = line.id, line.hash, world.admin
    assert NAME in everything(world)
    (tmp_path / f"{line_id:08d}-0.eml").write_text(NAME)
    erase_line(world.admin, session=world.session, line_id=line_id, outbox=tmp_path)
    assert NAME not in everything(world)
    assert list(tmp_path.glob("*.eml")) == []
    world.session.expire_all()
    assert (scenario.state_reason, scenario.review_notes) == ("", {})
    kept, told = world.session.get_one(Event, line_id), world.session.get_one(Event, last_id(world.session))
    assert kept.hash == before and (told.kind, told.fields) == ("log.words_erased", {"line": line_id})
    found = audit(world.session, [], file=tmp_path / "none")
    assert found.faults == [] and found.erased == 3  # reason, notes and title
    with pytest.raises(WrongState):
        erase_line(admin, session=world.session, line_id=line_id, outbox=tmp_path)


def test_nobody_else_does_and_no_line_without_words(world: World, tmp_path: Path) -> None:
    _, line = returned(world)
    with pytest.raises(Denied):
        erase_line(world.demand, session=world.session, line_id=line.id, outbox=tmp_path)
    with pytest.raises(NotFound):
        erase_line(world.admin, session=world.session, line_id=9999, outbox=tmp_path)
    with pytest.raises(WrongState):  # taxonomy.seeded: a number alone
        erase_line(world.admin, session=world.session, line_id=1, outbox=tmp_path)
    assert NAME in everything(world)


def test_the_reason_of_a_revocation_stays_with_what_was_signed(world: World, tmp_path: Path) -> None:
    outcome = world.approved()
    revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason=f"as {NAME} said")
    line = world.session.exec(select(Event).where(col(Event.kind) == "outcome.revoked")).one()
    with pytest.raises(WrongState):
        erase_line(world.admin, session=world.session, line_id=line.id, outbox=tmp_path)
    erase_before(world.session, now() + timedelta(days=1))
    world.session.expire_all()
    certificate = certificate_of(world.session, outcome)
    assert certificate is not None and certificate.revocation_reason == f"as {NAME} said"
    require_logged(world.session, certificate)
    assert audit(world.session, [], file=tmp_path / "none").faults == []


def test_a_reason_goes_with_the_account_of_who_gave_it_and_a_title_stays(world: World, tmp_path: Path) -> None:
    scenario, line = returned(world)
    other = world.make_administrator("second@hall.example")
    assert other.is_administrator
    close_account(world.admin, session=world.session, account=world.administrator, outbox=tmp_path)
    world.session.expire_all()
    kept = world.session.get_one(Event, line.id)
    assert (kept.fields["reason"], kept.fields["title"]) == ("", scenario.title)
    found = audit(world.session, [], file=tmp_path / "none")
    assert found.faults == [] and found.erased == 2


def test_a_deleted_draft_takes_its_words_along(world: World, tmp_path: Path) -> None:
    scenario = world.draft_scenario(title=f"What {NAME} wants")
    discard_draft(world.demand, session=world.session, store=FolderStore(tmp_path), record=scenario, version=None)
    assert NAME not in everything(world)
    assert audit(world.session, [], file=tmp_path / "none").faults == []


def test_after_ten_years_reasons_go_and_titles_stay(world: World, tmp_path: Path) -> None:
    _, line = returned(world)
    before = last_id(world.session)
    assert erase_before(world.session, now() - WORDS) == 0 and last_id(world.session) == before
    with clock.at(now() + WORDS + timedelta(days=1)):
        assert erase_before(world.session, now() - WORDS) == 2
        assert erase_before(world.session, now() - WORDS) == 0
    kept = world.session.get_one(Event, line.id)
    assert (kept.fields["reason"], kept.fields["notes"]) == ("", "") and kept.fields["title"]
    assert audit(world.session, [], file=tmp_path / "none").faults == []


def test_erased_words_are_not_left_in_sqlite_s_file(sqlite_engine: Engine, small_world: World, tmp_path: Path) -> None:
    """A deleted value would else stay readable in the file until its page is written again."""
    _, line = returned(small_world)
    erase_line(small_world.admin, session=small_world.session, line_id=line.id, outbox=tmp_path)
    small_world.session.close()
    file = sqlite_engine.url.database
    assert file is not None
    sqlite_engine.dispose()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert NAME.encode() not in Path(file).read_bytes()
