"""A backup of a hall that works is whole, and what is restored of it is the hall that it was; a changed one is told."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core.db import make_engine
from scenario_hall.core.files import StoredFile, store_file
from scenario_hall.core.keys import KeyRing
from scenario_hall.core.stores import content_of, place_of
from scenario_hall.log.chain import Event
from scenario_hall.log.checkpoints import make_checkpoint, origin_of
from scenario_hall.log.key_ring import key_ring
from scenario_hall.log.verifying import verify
from scenario_hall.recovery.backup import FILES, KEYS, make_backup
from scenario_hall.recovery.databases import RecoveryError
from scenario_hall.recovery.restore import restore, restored_in_scratch
from scenario_hall.scenarios.models import Scenario
from tests.buckets import KEY, PrivateBuckets
from tests.conftest import settings_in
from tests.postgres import PrivatePostgres
from tests.world import World


@pytest.fixture
def here(engine: Engine, tmp_path: Path) -> Settings:
    url = engine.url.render_as_string(hide_password=False)
    return replace(settings_in(tmp_path / "here", url), backup_key="a passphrase of the operator")


@pytest.fixture
def hall(world: World, here: Settings) -> World:
    """Records, a certificate, an uploaded file, keys and a checkpoint."""
    here.data_dir.mkdir()
    world.approved()
    content = b"%PDF-1.7 evidence"
    sha256 = hashlib.sha256(content).hexdigest()
    here.files.put(sha256, content)
    # The world's evidence is rows without files.
    world.session.execute(text("UPDATE stored_file SET sha256 = :sha256"), {"sha256": sha256})
    world.session.commit()
    attach(world, here, b"%PDF-1.7 one")
    make_checkpoint(world.session, KeyRing(here.signing_keys), origin=origin_of(here.base_url), file=here.checkpoints)
    return world


def attach(world: World, here: Settings, content: bytes) -> str:
    scenario = world.draft_scenario()
    stored = store_file(
        world.session,
        here.files,
        stream=io.BytesIO(content),
        name="a.pdf",
        subject_kind="scenario",
        subject_id=scenario.pk,
        role="attachment",
        uploaded_by=None,
    )
    world.session.commit()
    return stored.sha256


def empty_hall(engine: Engine, here: Settings, folder: Path, request: pytest.FixtureRequest) -> Settings:
    if engine.dialect.name == "sqlite":
        url = f"sqlite:///{folder / 'hall.sqlite'}"
    else:
        server: PrivatePostgres = request.getfixturevalue("postgres")
        name = f"hall_restored_{uuid.uuid4().hex[:12]}"
        server.create_database(name)
        url = server.url(name)
    return replace(here, database_url=url, data_dir=folder, signing_keys=folder / "signing-keys")


def wrong_with(folder: Path, engine: Engine, here: Settings) -> list[str]:
    with restored_in_scratch(folder, engine, here) as (_settings, found):
        return list(found)


def test_a_restored_hall_is_the_one_that_was_backed_up_and_says_so(
    hall: World, engine: Engine, here: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = make_backup(engine, here, tmp_path / "backups")
    assert made.missing == [] and wrong_with(made.folder, engine, here) == []
    codes = set(hall.session.exec(select(Scenario.code)))
    there = empty_hall(engine, here, tmp_path / "there", request)
    restore(made.folder, there)
    restored = make_engine(there.database_url)
    with Session(restored) as session:
        assert verify(session).fault is None
        assert set(session.exec(select(Scenario.code))) == codes
        last = session.exec(select(Event).order_by(col(Event.id).desc()).limit(1)).one()
        assert last.kind == "log.restored" and last.fields["lines"] == made.manifest.log_size
    restored.dispose()
    for sha256 in made.manifest.uploads:
        assert content_of(there.files, sha256) == content_of(here.files, sha256)
    # It signs on with the keys that it had.
    assert KeyRing(there.signing_keys).sign({"a": 1})["signature"]["key"] == KeyRing(here.signing_keys).ensure_key().id


def test_twenty_backups_under_load_lose_nothing_that_was_acknowledged_before(
    hall: World, engine: Engine, here: Settings, tmp_path: Path
) -> None:
    here = replace(here, backup_key="")  # sealing takes its time each time, and has a test of its own
    acknowledged: list[str] = []
    is_over = threading.Event()

    def work() -> None:
        with Session(engine) as session:
            world = World.__new__(World)
            world.__dict__.update(hall.__dict__, session=session)
            while not is_over.is_set():
                acknowledged.append(world.released_scenario().code)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(20):
            before = set(acknowledged)
            made = make_backup(engine, here, tmp_path / "backups")
            if number % 5 == 0:
                with restored_in_scratch(made.folder, engine, here) as (there, found):
                    assert found == []
                    scratched = make_engine(there.database_url)
                    with Session(scratched) as session:
                        assert before <= set(session.exec(select(Scenario.code)))
                    scratched.dispose()
    finally:
        is_over.set()
        worker.join()
    assert acknowledged


def test_the_next_backup_copies_only_new_files(hall: World, engine: Engine, here: Settings, tmp_path: Path) -> None:
    assert make_backup(engine, here, tmp_path / "backups").files_added == 2
    assert make_backup(engine, here, tmp_path / "backups").files_added == 0
    attach(hall, here, b"%PDF-1.7 two")
    assert make_backup(engine, here, tmp_path / "backups").files_added == 1


def test_what_was_changed_in_a_backup_is_told_and_nothing_is_restored_of_it(
    hall: World, engine: Engine, here: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = make_backup(engine, here, tmp_path / "backups")
    upload = tmp_path / "backups" / FILES / place_of(made.manifest.uploads[0])
    for number, path in enumerate([*(made.folder / name for name in made.manifest.parts), upload]):
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        there = empty_hall(engine, here, tmp_path / f"there{number}", request)
        with pytest.raises(RecoveryError, match="changed"):
            restore(made.folder, there)
        assert there.files.is_empty()
        path.write_bytes(kept)
    # A manifest that was changed to fit does not help: the log is under a checkpoint, and the rows are under the log.
    manifest = json.loads((made.folder / "manifest.json").read_text())
    manifest["log_size"] -= 1
    (made.folder / "manifest.json").write_text(json.dumps(manifest))
    assert wrong_with(made.folder, engine, here)


def test_keys_open_only_with_the_passphrase_and_never_lie_there_in_the_clear(
    hall: World, engine: Engine, here: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = make_backup(engine, here, tmp_path / "backups")
    (private,) = here.signing_keys.glob("*.private")
    for path in made.folder.iterdir():
        assert private.read_bytes() not in path.read_bytes()
    wrong = replace(empty_hall(engine, here, tmp_path / "there", request), backup_key="another one")
    with pytest.raises(RecoveryError, match="HALL_BACKUP_KEY"):
        restore(made.folder, wrong)
    without = make_backup(engine, replace(here, backup_key=""), tmp_path / "without")
    assert KEYS not in without.manifest.parts and "HALL_BACKUP_KEY" in without.missing[0]


def test_a_backup_is_restored_only_into_an_empty_place(
    hall: World, engine: Engine, here: Settings, tmp_path: Path
) -> None:
    made = make_backup(engine, here, tmp_path / "backups")
    with pytest.raises(RecoveryError, match="not empty"):
        restore(made.folder, here)
    with pytest.raises(RecoveryError, match="no backup"):
        restore(tmp_path, here)


def test_a_log_that_was_tampered_with_before_the_backup_is_told_by_its_check(
    hall: World, engine: Engine, here: Settings, tmp_path: Path
) -> None:
    hall.session.execute(text("UPDATE outcome SET state = 'rejected' WHERE state = 'approved'"))
    hall.session.commit()
    made = make_backup(engine, here, tmp_path / "backups")
    assert any("the log says" in fault for fault in wrong_with(made.folder, engine, here))


def test_files_of_a_bucket_are_backed_up_and_come_back_into_one(
    hall: World, here: Settings, engine: Engine, tmp_path: Path, buckets: PrivateBuckets, request: pytest.FixtureRequest
) -> None:
    shared = replace(here, files_url=buckets.make(), files_key=KEY)
    digests = set(hall.session.exec(select(StoredFile.sha256)))
    lost, *kept = sorted(digests)
    for digest in kept:
        shared.files.put(digest, content_of(here.files, digest))
    made = make_backup(engine, shared, tmp_path / "backups")
    assert made.missing == [f"the uploaded file {lost}"] and made.files_added == len(kept)
    shared.files.put(lost, content_of(here.files, lost))
    made = make_backup(engine, shared, tmp_path / "backups")
    assert made.missing == [] and wrong_with(made.folder, engine, shared) == []
    there = replace(empty_hall(engine, shared, tmp_path / "there", request), files_url=buckets.make())
    restore(made.folder, there)
    for digest in digests:
        assert content_of(there.files, digest) == content_of(here.files, digest)
    with pytest.raises(RecoveryError, match="not empty"):
        restore(
            made.folder, replace(empty_hall(engine, shared, tmp_path / "again", request), files_url=there.files_url)
        )


def test_keys_that_machines_share_come_back_with_the_database(
    hall: World, here: Settings, engine: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shared = replace(here, signing_keys=None)
    with Session(engine) as session:
        ring = key_ring(session, shared)
        ring.take(KeyRing(here.signing_keys))
        key = ring.ensure_key()
    made = make_backup(engine, replace(shared, backup_key=""), tmp_path / "backups")
    assert made.missing == [] and KEYS not in made.manifest.parts
    there = empty_hall(engine, shared, tmp_path / "there", request)
    there = replace(there, signing_keys=None)
    restore(made.folder, there)
    restored = make_engine(there.database_url)
    with Session(restored) as session:
        assert key_ring(session, there).sign({"a": 1})["signature"]["key"] == key.id
    restored.dispose()
    of_a_folder = make_backup(engine, here, tmp_path / "folder")
    with pytest.raises(RecoveryError, match="HALL_SIGNING_KEYS"):
        restore(of_a_folder.folder, replace(empty_hall(engine, here, tmp_path / "no", request), signing_keys=None))
