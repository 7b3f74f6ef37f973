"""No entry of the log holds what people wrote: it is committed to, and stands in rows beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, append, last_id, line_hash
from scenario_hall.log.kinds.fields import FIELDS
from scenario_hall.log.kinds.kind import EventKind
from scenario_hall.log.kinds.table import ALL, KINDS
from scenario_hall.log.verifying import verify
from scenario_hall.log.words import COMMITTED, EventWord, commitment, erase_words, is_mark, parted
from scenario_hall.outcomes.certificate.service import revoke_outcome
from tests.world import World

# What people type: names, sentences, addresses, with the marks that such texts have.
TYPED = (
    "Lin Weiguo",
    "林伟国",
    "call +86 755 1234",
    "lin@port.example",
    "Why?",
    "“no”",
    "a\nb",
    "x" * 65,
    {"a": "b c"},
)
A_MARK = {
    "number": 7,
    "code": "S-2026-000001",
    "yes": True,
    "none": None,
    "list": ["title", "summary"],
    "day": "2026-11-28",
}


def each_kind(function: object) -> object:
    return pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)(function)


@each_kind
def test_what_people_type_is_never_in_an_entry_of_this_kind(kind: EventKind) -> None:
    """Every field that a kind may have: words are committed to, whatever they are; a mark refuses what could be words."""
    for name in kind.fields:
        for typed in TYPED:
            if FIELDS[name].holds == "mark":
                with pytest.raises(ValueError, match="is a mark"):
                    parted(kind, {name: typed}, event_id=1, actor_id=2)
                continue
            marks, (word,) = parted(kind, {name: typed}, event_id=1, actor_id=2)
            assert marks.keys() == {COMMITTED} and len(marks[COMMITTED][name]) == 64
            assert word.read() == typed
            assert word.account_id == (2 if FIELDS[name].holds == "own words" and not kind.keeps_words else None)


@given(st.text(min_size=1))
def test_what_is_a_mark_has_no_blank_and_no_letter_beyond_ascii(value: str) -> None:
    if is_mark(value) or is_mark([value]):
        assert value.isascii() and len(value) <= 64 and not set(value) & set(" \t\n\r@,;'\"()<>/\\")


@pytest.mark.parametrize("value", A_MARK.values(), ids=A_MARK)
def test_numbers_codes_days_and_states_are_marks(value: object) -> None:
    assert is_mark(value)


def test_a_commitment_is_the_digest_that_rfc_9901_describes() -> None:
    """Computed here from the standard's text: SHA-256 of the JSON array of salt, name and value."""
    spelt = '["2GLC42sKQveCfGfryNRN9w","reason","Möbius 林"]'
    assert commitment("2GLC42sKQveCfGfryNRN9w", "reason", "Möbius 林") == hashlib.sha256(spelt.encode()).hexdigest()


def test_the_same_words_twice_are_committed_to_by_different_numbers() -> None:
    kind = KINDS["scenario.returned"]
    both = [parted(kind, {"reason": "no"}, event_id=1, actor_id=2) for _ in range(2)]
    assert both[0][0] != both[1][0]
    assert all(len(bytes.fromhex(words[0].salt)) == 16 for _, words in both)


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


def test_a_whole_case_leaves_no_word_of_anybody_in_an_entry(world: World) -> None:
    outcome = world.approved()
    revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason="As Lin Weiguo told us")
    lines = world.session.exec(select(Event)).all()
    assert len(lines) > 20
    for line in lines:
        for value in texts_in(json.loads(line.data)):
            assert is_mark(value), (line.kind, value)
    revoked = next(line for line in lines if line.kind == "outcome.revoked")
    assert revoked.fields["reason"] == "As Lin Weiguo told us" and "Lin" not in revoked.data
    assert line_hash(revoked) == revoked.hash
    assert verify(world.session).fault is None


def returned(session: Session) -> int:
    """Two lines; the id of the one with a reason."""
    with transaction(session):
        for kind, data in (("scenario.returned", {"reason": "Lin said no", "title": "测试"}), ("scenario.saved", {})):
            append(session, kind=kind, actor_id=5, subject_kind="scenario", subject_id=1, subject_code="S", data=data)
    return last_id(session) - 1


def test_erased_words_leave_the_entry_and_its_hash_as_they_were(engine: Engine) -> None:
    with Session(engine) as session:
        line = returned(session)
        before = session.get_one(Event, line).hash
        with transaction(session):
            told = {"line": line}
            gone = append(
                session,
                kind="log.words_erased",
                actor_id=1,
                subject_kind="log",
                subject_id=0,
                subject_code="",
                data=told,
            )
            assert erase_words(session, col(EventWord.event_id) == line, gone.id) == 2
        kept = session.get_one(Event, line)
        assert kept.hash == before == line_hash(kept)
        assert kept.fields["reason"] == "" and kept.erased == ["reason", "title"]
        assert "Lin" not in repr(session.execute(text("SELECT * FROM event_word")).all())
        found = verify(session)
        assert (found.fault, found.erased) == (None, 2)


FORGERIES = {
    "other words": ("UPDATE event_word SET value = '\"yes\"' WHERE field = 'reason'", "has other words (reason)"),
    "another salt": ("UPDATE event_word SET salt = '00' WHERE field = 'title'", "has other words (title)"),
    "a row that is gone": ("DELETE FROM event_word WHERE field = 'reason'", "has lost its words (reason)"),
    "a row too many": (
        "INSERT INTO event_word (event_id, field, salt, value) SELECT event_id, 'name', 'x', '1' FROM event_word"
        " WHERE field = 'reason'",
        "has words that it never held (name)",
    ),
    "erased by no line": (
        "UPDATE event_word SET salt = '', value = '', erasure_id = 9999 WHERE field = 'reason'",
        "has lost its words, and nothing says why",
    ),
    "erased by a line that says something else": (
        "UPDATE event_word SET salt = '', value = '', erasure_id = event_id + 1 WHERE field = 'reason'",
        "does not say why the words",
    ),
    "said to be erased, and kept": (
        "UPDATE event_word SET erasure_id = event_id + 1 WHERE field = 'reason'",
        "says that its words (reason) were erased",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_words_that_were_changed_or_taken_away_behind_the_log_are_found(engine: Engine, name: str) -> None:
    statement, fault = FORGERIES[name]
    with Session(engine) as session:
        returned(session)
        assert verify(session).fault is None
        session.execute(text(statement))
        session.commit()
        assert fault in (verify(session).fault or "")
