"""SIGKILL at any moment of a rebuild, of the post or of a migration: what comes next goes on from a whole state."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.log.readers import catch_up
from scenario_hall.log.verifying import verify
from scenario_hall.matching.models import StoredMatch
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.models import LetterState, StoredLetter
from scenario_hall.notices.sender import CLAIMED_FOR, LetterSender
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.schema import is_current, migrate, upgrade
from scenario_hall.search.engine.index import SearchQuery
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.worker.loop import catch_up_all
from tests import kill_child
from tests.children import Child
from tests.conftest import settings_in
from tests.notices.office import Office, free_port
from tests.world import World

KILLS = 3


def kill_while(job: str, folder: Path, engine: Engine, *, after: float, smtp_url: str = "") -> None:
    """Start the job in a process of its own and kill that ``after`` seconds of its work."""
    url = engine.url.render_as_string(hide_password=False)
    child = Child(kill_child.main, job, folder, url, smtp_url)
    assert child.line() == "ready"
    child.killed_after(after)


def found(index: WhooshIndex, kind: str) -> set[str]:
    return {hit.code for hit in index.search(SearchQuery(kind=kind, page_size=50), now()).hits}


@pytest.mark.timeout(280)
def test_a_rebuild_that_is_killed_leaves_an_index_that_answers_and_catches_up(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path, engine.url.render_as_string(hide_password=False))
    codes = {world.released_scenario(title=f"第{number}处码头巡检").code for number in range(12)}
    world.listed_product()
    world.session.commit()
    assert catch_up_all(engine, settings)
    matches = select(StoredMatch.scenario_id, StoredMatch.product_id, StoredMatch.score)
    whole, before = set(codes), set(world.session.exec(matches))
    chance = random.Random(13)
    for number in range(KILLS):
        kill_while("reindex", tmp_path, engine, after=chance.uniform(0.0, 1.0))
        assert whole <= found(WhooshIndex(settings.search_index), "scenario") <= codes
        # What happens between two tries is in the log, so it is not lost to either.
        codes.add(world.released_scenario(title=f"第{number}条航道巡检").code)
        world.session.commit()
    assert catch_up_all(engine, settings)
    assert found(WhooshIndex(settings.search_index), "scenario") == codes
    world.session.rollback()
    assert before and before < set(world.session.exec(matches))


@pytest.mark.timeout(280)
def test_letters_whose_sender_is_killed_all_arrive_and_at_most_one_twice_a_kill(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    office = Office()
    emails = [f"{number}@new.example" for number in range(30)]
    office.delays = dict.fromkeys(emails, 0.05)
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    smtp_url = f"smtp://127.0.0.1:{controller.port}"
    settings = replace(settings_in(tmp_path, engine.url.render_as_string(hide_password=False)), smtp_url=smtp_url)
    for email in emails:
        world.person(email, is_confirmed=False)
    world.session.commit()
    catch_up(engine, MailReader(settings))
    chance = random.Random(13)
    for _ in range(KILLS):
        kill_while("send", tmp_path, engine, after=chance.uniform(0.05, 0.3), smtp_url=smtp_url)
    assert not set(emails) <= set(office.receivers)  # the kills fell into the work
    with clock.at(now() + 2 * CLAIMED_FOR):
        LetterSender(engine, settings).run_slice(60.0)
    controller.stop()
    arrived = Counter(message["Message-ID"] for _, message in office.taken)
    with Session(engine) as session:
        assert set(session.exec(select(StoredLetter.state))) == {LetterState.SENT}
        # One that was under way may come again; it is the same letter, so that mail programs can tell.
        assert set(arrived) == {letter.message_id for letter in session.exec(select(StoredLetter))}
    assert arrived.total() - len(arrived) <= KILLS


@pytest.mark.timeout(280)
def test_a_migration_that_is_killed_is_done_by_the_next_start(world: World, engine: Engine, tmp_path: Path) -> None:
    world.approved()
    world.session.commit()
    kept = [
        set(world.session.exec(select(col(Scenario.code), col(Scenario.title)))),
        set(world.session.exec(select(col(Product.code), col(Product.title)))),
    ]
    world.session.close()
    migrate(engine, command.downgrade, "0016")
    engine.dispose()
    chance = random.Random(13)
    for _ in range(KILLS):
        kill_while("migrate", tmp_path, engine, after=chance.uniform(0.0, 0.8))
    upgrade(engine)
    assert is_current(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    with Session(engine) as session:
        assert kept == [
            set(session.exec(select(col(Scenario.code), col(Scenario.title)))),
            set(session.exec(select(col(Product.code), col(Product.title)))),
        ]
        assert verify(session).fault is None
