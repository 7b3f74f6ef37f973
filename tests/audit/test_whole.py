"""Whatever is changed behind the log's back is found: the tail cut, everything hashed anew, all of it gone, any row."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from scenario_hall.audit.whole import audit
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.keys import KeyRing
from scenario_hall.log.chain import GENESIS, Event, LogHead, last_id, line_hash
from scenario_hall.log.checkpoints import (
    LogForkedError,
    keep_checkpoints,
    latest,
    make_checkpoint,
    origin_of,
    read_note,
    stored,
)
from scenario_hall.log.verifying import verify
from scenario_hall.outcomes.certificate.service import revoke_outcome
from tests.world import World

ORIGIN = origin_of("https://hall.test")


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints.jsonl"


def faults(session: Session, ring: KeyRing, file: Path, *others: tuple[str, str]) -> list[str]:
    session.rollback()
    session.expire_all()
    return audit(session, ring.public_keys(), file=file, others=others).faults


@pytest.fixture
def signed(world: World, ring: KeyRing, file: Path) -> World:
    """A hall with an approved record, one checkpoint, and some lines after it."""
    world.approved()
    make_checkpoint(world.session, ring, origin=ORIGIN, file=file)
    world.released_scenario()
    world.session.commit()
    return world


def test_a_hall_that_nobody_tampered_with_is_whole(signed: World, ring: KeyRing, file: Path) -> None:
    assert faults(signed.session, ring, file) == []
    found = audit(signed.session, ring.public_keys(), file=file)
    assert found.lines == last_id(signed.session) > found.last_size > 0 and found.checkpoints == 1


def cut(session: Session) -> None:
    """The last half is gone, and the head set back to fit."""
    last = last_id(session) // 2
    session.execute(text("DELETE FROM event WHERE id > :last"), {"last": last})
    kept = session.get_one(Event, last)
    session.execute(text("UPDATE log_head SET last_id = :id, last_hash = :hash"), {"id": last, "hash": kept.hash})


def rewrite(session: Session) -> None:
    """A line is changed, and the whole chain hashed anew with the hall's own code."""
    previous = GENESIS
    for event in session.exec(select(Event).order_by(col(Event.id))):
        if event.id == 5:
            event.data = json.dumps({"forged": True}, separators=(",", ":"))
        event.previous_hash = previous
        previous = event.hash = line_hash(event)
        session.add(event)
    session.get_one(LogHead, 1).last_hash = previous


def empty(session: Session) -> None:
    session.execute(text("DELETE FROM event"))
    session.execute(text("UPDATE log_head SET last_id = 0, last_hash = :hash"), {"hash": GENESIS})


@pytest.mark.parametrize("forge", [cut, rewrite, empty])
@pytest.mark.parametrize("loses", ["nothing", "table", "file", "both"])
def test_a_log_that_was_cut_rewritten_or_emptied_does_not_lead_to_its_checkpoints(
    forge: Callable[[Session], None], loses: str, signed: World, ring: KeyRing, file: Path, tmp_path: Path
) -> None:
    last = latest(signed.session)
    assert last is not None
    elsewhere = ("elsewhere", last.note)
    forge(signed.session)
    if loses in ("table", "both"):
        signed.session.execute(text("DELETE FROM log_checkpoint"))
        signed.session.execute(text("DELETE FROM log_node"))
    if loses in ("file", "both"):
        file.unlink()
    signed.session.commit()
    assert verify(signed.session).fault is None  # the chain alone does not tell
    others = [elsewhere] if loses == "both" else []
    told = faults(signed.session, ring, file, *others)
    words = "was rewritten" if forge is rewrite else "was cut"
    assert any(words in fault for fault in told), told


def test_an_emptied_log_is_told_even_when_every_checkpoint_is_gone_too(
    signed: World, ring: KeyRing, file: Path
) -> None:
    empty(signed.session)
    signed.session.execute(text("DELETE FROM log_checkpoint"))
    signed.session.commit()
    file.unlink()
    assert "the log is empty, but the hall is not" in faults(signed.session, ring, file)


STATEMENTS = {
    "a certificate's content": "UPDATE certificate SET content = REPLACE(CAST(content AS TEXT), 'city', 'world'){json}",
    "a certificate's number": "UPDATE certificate SET number = 'C-2026-999999'",
    "a certificate's day": "UPDATE certificate SET issued_at = '2020-01-01 00:00:00+00:00'",
    "a revocation by hand": "UPDATE certificate SET revoked_at = issued_at, revocation_reason = 'x'",
    "a scenario's state": "UPDATE scenario SET state = 'withdrawn' WHERE state = 'released'",
    "a product's state": "UPDATE product SET state = 'delisted' WHERE state = 'listed'",
    "an application's state": "UPDATE application SET state = 'declined' WHERE state = 'accepted'",
    "an organisation's state": "UPDATE organization SET state = 'suspended' WHERE state = 'verified'",
    "an outcome's state": "UPDATE outcome SET state = 'rejected' WHERE state = 'approved'",
    "what was measured": "UPDATE outcome SET metrics = REPLACE(CAST(metrics AS TEXT), '43', '99'){json}",
}


@pytest.mark.parametrize("what", STATEMENTS)
def test_a_row_that_was_changed_by_hand_is_found(what: str, signed: World, ring: KeyRing, file: Path) -> None:
    is_sqlite = signed.session.get_bind().dialect.name == "sqlite"
    statement = STATEMENTS[what]
    if "{json}" in statement:
        statement = statement.replace("{json}", "")
        if not is_sqlite:
            statement = statement.replace("REPLACE(", "CAST(REPLACE(") + " AS JSON)"
    changed = signed.session.execute(text(statement))
    assert changed.rowcount >= 1  # type: ignore[attr-defined]
    signed.session.commit()
    assert faults(signed.session, ring, file), what


def test_a_revocation_that_was_taken_back_by_hand_is_found(world: World, ring: KeyRing, file: Path) -> None:
    outcome = world.approved()
    revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason="数据有误")
    world.session.commit()
    assert faults(world.session, ring, file) == []
    world.session.execute(text("UPDATE certificate SET revoked_at = NULL, revocation_reason = ''"))
    world.session.commit()
    assert any("revoked only in the log" in fault for fault in faults(world.session, ring, file))


def test_a_certificate_whose_row_is_gone_is_found(signed: World, ring: KeyRing, file: Path) -> None:
    signed.session.execute(text("DELETE FROM signed_certificate"))
    signed.session.execute(text("DELETE FROM certificate"))
    signed.session.commit()
    assert any("is gone" in fault for fault in faults(signed.session, ring, file))


def test_nothing_is_signed_that_does_not_lead_to_what_was_signed_before(
    signed: World, ring: KeyRing, file: Path
) -> None:
    cut(signed.session)
    signed.session.commit()
    signed.session.expire_all()
    before = file.read_text()
    with pytest.raises(LogForkedError):
        make_checkpoint(signed.session, ring, origin=ORIGIN, file=file)
    assert file.read_text() == before


def test_a_checkpoint_is_due_every_hour_and_at_once_after_a_certificate(
    world: World, ring: KeyRing, file: Path
) -> None:
    def due() -> int:
        return keep_checkpoints(world.session, ring, origin=ORIGIN, file=file)

    outcome = world.approved()
    assert due() == 1 and due() == 0
    world.released_scenario()
    assert due() == 0
    with clock.at(now() + timedelta(minutes=61)):
        assert due() == 1
    revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason="数据有误")
    assert due() == 1
    assert len(stored(world.session)) == len(file.read_text().splitlines()) == 3


def test_a_note_that_another_key_signed_or_somebody_changed_is_none(
    signed: World, ring: KeyRing, file: Path, tmp_path: Path
) -> None:
    last = latest(signed.session)
    assert last is not None
    stated = read_note(last.note, ring.public_keys(), origin=ORIGIN)
    assert (stated.size, stated.root.hex()) == (last.size, last.root)
    origin, size, root, *rest = last.note.split("\n")
    other = KeyRing(tmp_path / "other")
    other.ensure_key()
    for note, keys in (
        (last.note, other.public_keys()),
        ("\n".join([origin, str(int(size) + 1), root, *rest]), ring.public_keys()),
        ("\n".join(["evil.test/log", size, root, *rest]), ring.public_keys()),
        (last.note.partition("—")[0], ring.public_keys()),
        ("", ring.public_keys()),
        ("a\n²\nb\n\n", ring.public_keys()),
    ):
        with pytest.raises(ValueError):
            read_note(note, keys)
    with pytest.raises(ValueError, match="not of"):
        read_note(last.note, ring.public_keys(), origin="other.test/log")


def test_a_note_reads_as_others_read_signed_notes(signed: World, ring: KeyRing) -> None:
    """By the words of C2SP's signed-note and tlog-checkpoint, without the hall's own reader."""
    import base64
    import hashlib

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    last = latest(signed.session)
    assert last is not None
    body, signature_line = last.note.rsplit("\n\n", 1)
    body += "\n"
    name, _, blob = signature_line.rstrip("\n").removeprefix("— ").rpartition(" ")
    raw = base64.b64decode(blob)
    key = base64.b64decode(ring.public_keys()[-1].key)
    assert raw[:4] == hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
    Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], body.encode())
    assert body.split("\n")[0] == name == "hall.test/log" and body.split("\n")[1] == str(last.size)
