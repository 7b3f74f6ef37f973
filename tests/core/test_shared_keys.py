"""The ring that machines share: one key for all of them, sealed in the database, and what a folder had before."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from scenario_hall.core.db import transaction
from scenario_hall.core.keys import KeyRing
from scenario_hall.core.seals import SealError
from scenario_hall.core.shared_keys import SharedRing
from scenario_hall.outcomes.certificate.signing import verify

SECRET, OTHER = "a secret key for tests, 32 characters", "another secret key, of 32 characters"
DOCUMENT = {"type": "scenario-hall-certificate", "issued_by": "http://hall.test", "number": "C-1", "status": "valid"}
MACHINES = 4


def test_machines_that_need_the_first_key_at_once_get_the_same_one(engine: Engine) -> None:
    signed, begin = [], threading.Barrier(MACHINES)

    def machine() -> None:
        with Session(engine) as session:
            begin.wait()
            signed.append(SharedRing(session, SECRET).sign(DOCUMENT))

    machines = [threading.Thread(target=machine) for _ in range(MACHINES)]
    for each in machines:
        each.start()
    for each in machines:
        each.join()
    with Session(engine) as session:
        (key,) = SharedRing(session, SECRET).public_keys()
    assert [each["signature"]["key"] for each in signed] == [key.id] * MACHINES
    assert all(verify(each, [key]).is_valid for each in signed)


def test_the_database_alone_signs_nothing(sqlite_engine: Engine) -> None:
    with Session(sqlite_engine) as session:
        ring = SharedRing(session, SECRET)
        key = ring.ensure_key()
        private = ring.private_half(key)
        row = session.execute(text("SELECT * FROM signing_key")).one()
        assert private is not None and private not in [str(each) for each in row]
        with pytest.raises(SealError):
            SharedRing(session, OTHER).sign(DOCUMENT)


def test_after_a_rotation_the_old_private_half_is_gone(sqlite_engine: Engine) -> None:
    with Session(sqlite_engine) as session:
        ring = SharedRing(session, SECRET)
        signed, first = ring.sign(DOCUMENT), ring.ensure_key()
        second = ring.rotate()
        assert dict(tuple(row) for row in session.execute(text("SELECT id, sealed = '' FROM signing_key"))) == {
            first.id: 1,
            second.id: 0,
        }
        assert verify(signed, ring.public_keys()).is_valid


def test_a_folder_s_keys_are_taken_over_and_their_signatures_stay_good(sqlite_engine: Engine, tmp_path: Path) -> None:
    old = KeyRing(tmp_path / "keys")
    signed = [old.sign(DOCUMENT)]
    old.rotate()
    signed.append(old.sign(DOCUMENT))
    with Session(sqlite_engine) as session:
        ring = SharedRing(session, SECRET)
        for _ in range(2):  # taken again nothing changes
            ring.take(old)
            assert ring.public_keys() == old.public_keys()
        assert all(verify(each, ring.public_keys()).is_valid for each in signed)
        assert ring.sign(DOCUMENT)["signature"]["key"] == old.ensure_key().id
        session.rollback()


def test_what_was_signed_in_a_transaction_that_fails_dates_nothing(sqlite_engine: Engine) -> None:
    with Session(sqlite_engine) as session:
        ring = SharedRing(session, SECRET)
        ring.ensure_key()
        before = session.execute(text("SELECT last_signed FROM signing_key")).scalar_one()
        session.rollback()
        with pytest.raises(ZeroDivisionError), transaction(session):
            ring.sign(DOCUMENT)
            raise ZeroDivisionError
        assert session.execute(text("SELECT last_signed FROM signing_key")).scalar_one() == before
