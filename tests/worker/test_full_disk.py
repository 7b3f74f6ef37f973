"""The worker on a full disk: it raises, loses nothing, and does all of it when there is room again."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import make_engine
from scenario_hall.core.keys import KeyRing
from scenario_hall.log.checkpoints import make_checkpoint, origin_of, read_file, stored
from scenario_hall.log.readers import lag_of
from scenario_hall.notices.models import LetterState, StoredLetter
from scenario_hall.search.engine.index import SearchQuery
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.worker.loop import catch_up_all
from scenario_hall.worker.readers import make_readers
from tests.conftest import PEOPLED, copy_of, settings_in
from tests.web.kit.test_storage import filled, small_disk  # noqa: F401
from tests.world import World

# What the database, the index and files say when nothing fits any more.
FULL = (OperationalError, sqlite3.OperationalError, OSError)


def test_letters_index_and_checkpoints_come_when_there_is_room_again(
    sqlite_templates: dict[str, Path],
    small_disk: Path,  # noqa: F811
) -> None:
    settings = settings_in(small_disk, copy_of(sqlite_templates[PEOPLED], small_disk))
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        world = World(session)
        code = world.released_scenario(title="岸桥夜间巡检").code
        session.commit()
        readers = make_readers(settings)
        with filled(small_disk):
            for _ in range(3):
                with suppress(*FULL):
                    catch_up_all(engine, settings)
            with suppress(*FULL):
                make_checkpoint(
                    session,
                    KeyRing(settings.signing_keys),
                    origin=origin_of(settings.base_url),
                    file=settings.checkpoints,
                )
            session.rollback()
            assert not session.exec(select(StoredLetter)).all(), "nothing could be written"
        assert catch_up_all(engine, settings)
        make_checkpoint(
            session, KeyRing(settings.signing_keys), origin=origin_of(settings.base_url), file=settings.checkpoints
        )
        session.rollback()
        assert not any(lag_of(session, reader).events for reader in readers)
        letters = session.exec(select(StoredLetter)).all()
        assert letters and {each.state for each in letters} == {LetterState.SENT}
        assert len(list(settings.outbox.glob("*.eml"))) == len(letters)
        assert len(read_file(settings.checkpoints)) == len(stored(session)) == 1
    found = WhooshIndex(settings.search_index).search(SearchQuery(text="夜间巡检"), now())
    assert code in {hit.code for hit in found.hits}
    engine.dispose()
