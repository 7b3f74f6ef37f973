"""Taking back a submission and deleting a draft."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlmodel import col, select

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, NotFound, WrongState
from scenario_hall.core.files import StoredFile, store_file
from scenario_hall.core.stores import FolderStore, place_of
from scenario_hall.log.acts import PartyAct
from scenario_hall.log.chain import Event
from scenario_hall.log.history import history_of
from scenario_hall.log.verifying import verify
from scenario_hall.organizations.models import Side
from scenario_hall.publishing.discarding import discard_draft, may_discard, recall
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import create_scenario, release_scenario, return_scenario, submit_scenario
from tests.world import SCENARIO, World


def test_a_submission_is_taken_back_by_its_owner_alone_and_can_be_submitted_again(world: World) -> None:
    for record, owner, other in (
        (world.submitted_scenario(), world.demand, world.supplier),
        (world.submitted_product(), world.supplier, world.demand),
    ):
        with pytest.raises(NotFound):
            recall(other, session=world.session, record=record, version=None)
        with pytest.raises(Denied):
            recall(world.admin, session=world.session, record=record, version=None)
        recall(owner, session=world.session, record=record, version=record.version)
        assert record.state == "draft" and record.submitted_at is None
        with pytest.raises(WrongState):
            recall(owner, session=world.session, record=record, version=None)


def test_a_draft_is_deleted_with_its_files_and_only_the_log_knows(world: World, tmp_path: Path) -> None:
    draft = world.draft_scenario()
    key = draft.pk
    with transaction(world.session):
        file = store_file(
            world.session,
            FolderStore(tmp_path),
            stream=io.BytesIO(b"plan"),
            name="plan.txt",
            subject_kind="scenario",
            subject_id=key,
            role="attachment",
            uploaded_by=None,
        )
    content = tmp_path / place_of(file.sha256)
    for actor in (world.admin, world.supplier):
        with pytest.raises((Denied, NotFound)):
            discard_draft(actor, session=world.session, store=FolderStore(tmp_path), record=draft, version=None)
    discard_draft(world.demand, session=world.session, store=FolderStore(tmp_path), record=draft, version=draft.version)
    assert world.session.exec(select(Scenario)).all() == [] and world.session.exec(select(StoredFile)).all() == []
    assert not content.exists()
    assert world.session.exec(select(Event.kind).where(col(Event.subject_id) == key)).all()[-1] == "scenario.discarded"
    assert world.session.exec(select(PartyAct).where(col(PartyAct.case_key) == f"scenario:{key}")).all() == []
    assert verify(world.session).fault is None


def test_what_was_submitted_returned_or_public_is_not_deleted(world: World, tmp_path: Path) -> None:
    waiting = world.submitted_scenario()
    back = return_scenario(
        world.admin, session=world.session, scenario=world.submitted_scenario(), version=None, reason="x"
    )
    for record in (waiting, back, world.released_scenario()):
        assert not may_discard(world.demand, record)
        with pytest.raises(WrongState):
            discard_draft(world.demand, session=world.session, store=FolderStore(tmp_path), record=record, version=None)
    # Taken back, it was never public.
    discard_draft(
        world.demand,
        session=world.session,
        store=FolderStore(tmp_path),
        record=recall(world.demand, session=world.session, record=waiting, version=None),
        version=None,
    )


def test_who_gets_the_id_of_a_deleted_draft_sees_nothing_of_it(world: World, tmp_path: Path) -> None:
    draft = world.draft_scenario(title="别人的秘密")
    discard_draft(world.demand, session=world.session, store=FolderStore(tmp_path), record=draft, version=None)
    other = world.person("other@other.example")
    owner = world.organization(other, Side.DEMAND, "别的单位")
    made = create_scenario(world.actor(other), session=world.session, organization=owner, content=SCENARIO)
    seen = history_of(world.session, world.actor(other), made)
    assert [event.subject_code for event in seen] == [made.code]
    submit_scenario(world.actor(other), session=world.session, scenario=made, version=None)
    release_scenario(world.admin, session=world.session, scenario=made, version=None)
