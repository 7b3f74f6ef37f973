"""A file goes while nobody relies on it: every record that has files, every role, every state."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import HallError, Invalid
from scenario_hall.core.files import MAX_OF_RECORD, MAX_OF_ROLE, StoredFile, files_of, store_file
from scenario_hall.core.policy import Actor
from scenario_hall.core.stores import FolderStore, place_of
from scenario_hall.log.chain import Event
from scenario_hall.log.files import may_remove, remove_file, role_of
from scenario_hall.publishing.amending import amend, get_waiting
from scenario_hall.web.kit.files import SUBJECTS
from tests.world import World, a_file

# Subject and role → whose they are, and the states in which one may be taken away again.
EXPECTED: dict[tuple[str, str], tuple[str, set[str]]] = {
    ("scenario", "attachment"): ("demand", {"draft", "returned"}),
    ("product", "picture"): ("supplier", {"draft", "returned", "listed"}),
    ("revision", "picture"): ("supplier", {"proposed"}),
    ("organization", "registration_document"): ("demand", {"registered", "returned"}),
    ("application", "application"): ("supplier", {"submitted"}),
    ("outcome", "evidence"): ("supplier", {"running"}),
    ("outcome", "evidence.trial_report"): ("supplier", {"confirmed", "returned"}),
}


def test_every_record_with_files_says_which() -> None:
    declared = {(subject, role.title) for subject, table in SUBJECTS.items() for role in table.file_roles}
    assert declared == {(subject, role.split(".", maxsplit=1)[0]) for subject, role in EXPECTED}
    assert all(table.file_roles for table in SUBJECTS.values())


def record_of(world: World, subject: str) -> Any:
    match subject:
        case "scenario":
            return world.draft_scenario()
        case "product":
            return world.draft_product()
        case "revision":
            product = world.listed_product()
            amend(
                world.supplier,
                session=world.session,
                record=product,
                version=None,
                content={"title": "新题目"},
                reason="x",
            )
            return get_waiting(world.session, product)
        case "organization":
            return world.port
        case "application":
            return world.application()
        case _:
            return world.planned()


def cases() -> Iterator[Any]:
    for (subject, role), (side, states) in EXPECTED.items():
        for state in SUBJECTS[subject].lifecycle.states:
            yield pytest.param(subject, role, state, side, state in states, id=f"{subject}-{role}-{state}")


@pytest.mark.parametrize(("subject", "role", "state", "side", "is_removable"), list(cases()))
def test_only_who_may_add_removes_and_only_before_others_rely_on_it(
    small_world: World, tmp_path: Path, subject: str, role: str, state: str, side: str, is_removable: bool
) -> None:
    world, record = small_world, record_of(small_world, subject)
    owner: Actor = getattr(world, side)
    file = a_file(world.session, record, role, by=owner.account_id)
    record.state = state
    world.session.add(record)
    world.session.commit()
    others = [world.admin, world.demand if side == "supplier" else world.supplier]
    for actor in others:
        assert not may_remove(actor, record, file)
        with pytest.raises(HallError):
            remove_file(actor, session=world.session, store=FolderStore(tmp_path), record=record, file=file)
        world.session.rollback()
    assert may_remove(owner, record, file) is is_removable
    if not is_removable:
        with pytest.raises(HallError):
            remove_file(owner, session=world.session, store=FolderStore(tmp_path), record=record, file=file)
        return
    remove_file(owner, session=world.session, store=FolderStore(tmp_path), record=record, file=file)
    assert files_of(world.session, subject, record.pk) == []
    event = world.session.exec(select(Event).order_by(col(Event.id).desc())).first()
    assert event is not None
    assert (event.kind, event.actor_id) == (f"{subject}.file_removed", owner.account_id)
    assert event.fields == {"role": role.split(".", maxsplit=1)[0], "file": "0" * 64}


def test_nobody_removes_the_other_sides_evidence(small_world: World) -> None:
    outcome = small_world.planned()
    file = a_file(small_world.session, outcome, "evidence", by=small_world.supplier.account_id)
    outcome.state = "running"
    assert may_remove(small_world.supplier, outcome, file)
    assert not may_remove(small_world.demand, outcome, file)


def put(session: Session, folder: Path, record: Any, role: str = "attachment", content: bytes = b"text") -> StoredFile:
    with transaction(session):
        return store_file(
            session,
            FolderStore(folder),
            stream=io.BytesIO(content),
            name="a.txt",
            subject_kind=record.subject,
            subject_id=record.pk,
            role=role,
            uploaded_by=None,
        )


def test_the_bytes_go_with_the_last_row_that_names_them(world: World, tmp_path: Path) -> None:
    first, second = world.draft_scenario(), world.draft_scenario()
    one, other = put(world.session, tmp_path, first), put(world.session, tmp_path, second)
    path = tmp_path / place_of(one.sha256)
    assert one.sha256 == other.sha256
    remove_file(world.demand, session=world.session, store=FolderStore(tmp_path), record=first, file=one)
    assert path.read_bytes() == b"text"
    remove_file(world.demand, session=world.session, store=FolderStore(tmp_path), record=second, file=other)
    assert not path.exists()
    put(world.session, tmp_path, first)
    assert path.read_bytes() == b"text"


def test_files_are_counted_by_role_and_a_removed_one_makes_room(small_world: World, tmp_path: Path) -> None:
    outcome = small_world.planned()
    for number in range(MAX_OF_ROLE):
        put(small_world.session, tmp_path, outcome, "evidence", b"%d" % number)
    with pytest.raises(Invalid, match="already 12 files"):
        put(small_world.session, tmp_path, outcome, "evidence", b"one more")
    small_world.session.rollback()
    put(small_world.session, tmp_path, outcome, "evidence.trial_report")
    outcome.state = "running"
    small_world.session.add(outcome)
    small_world.session.commit()
    file = files_of(small_world.session, "outcome", outcome.pk, "evidence")[0]
    file.uploaded_by = small_world.supplier.account_id
    small_world.session.add(file)
    small_world.session.commit()
    remove_file(
        small_world.supplier, session=small_world.session, store=FolderStore(tmp_path), record=outcome, file=file
    )
    put(small_world.session, tmp_path, outcome, "evidence", b"one more")


def test_a_record_has_a_bound_of_all_its_files(small_world: World, tmp_path: Path) -> None:
    outcome = small_world.planned()
    for number in range(MAX_OF_RECORD):
        a_file(small_world.session, outcome, f"evidence.{number // MAX_OF_ROLE}")
    with pytest.raises(Invalid, match="already 60 files"):
        put(small_world.session, tmp_path, outcome, "evidence.other")


def test_a_role_that_is_not_declared_is_removed_by_nobody(small_world: World) -> None:
    scenario = small_world.draft_scenario()
    file = a_file(small_world.session, scenario, "something")
    assert role_of(scenario, file) is None
    assert not may_remove(small_world.demand, scenario, file)
