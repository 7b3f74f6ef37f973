"""SIGKILL at any moment of an import: whoever goes on with it takes every row exactly once."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.exchange.models import ImportRow, ImportRun, ImportState
from scenario_hall.exchange.references import within_list
from scenario_hall.exchange.resuming import ImportResumer
from scenario_hall.exchange.runs import ABANDONED_AFTER
from scenario_hall.log.chain import Event
from scenario_hall.log.verifying import verify
from scenario_hall.products.models import Product
from tests import import_child
from tests.children import Child
from tests.world import World

ROWS, KILLS = 40, 4


@pytest.mark.timeout(280)
def test_an_import_that_is_killed_again_and_again_takes_every_row_once(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    path, url = tmp_path / "list.jsonl", engine.url.render_as_string(hide_password=False)
    path.write_text("\n".join(json.dumps({"id": f"p{n}", "title": f"产品{n}"}) for n in range(ROWS)), encoding="utf-8")
    chance, told = random.Random(2026), 0
    for _ in range(KILLS):
        child = Child(import_child.main, path, url)
        first = int(child.line())  # the kill falls somewhere into the slices behind it
        assert first > told  # it went on where the last one was killed
        told = max([first, *map(int, child.killed_after(chance.uniform(0.0, 0.2)))])
    with Session(engine) as session:
        run = session.exec(select(ImportRun)).one()
        assert run.state == ImportState.TAKING and told <= run.position < ROWS
    with clock.at(now() + 2 * ABANDONED_AFTER):
        assert ImportResumer(engine).run_slice(120.0) > 0
    with Session(engine) as session:
        run = session.exec(select(ImportRun)).one()
        assert (run.state, run.position, run.created, run.released, run.bad) == (ImportState.TAKEN, ROWS, ROWS, ROWS, 0)
        assert session.exec(select(ImportRow)).all() == []
        assert Counter(map(within_list, session.exec(select(Product.external_reference)))) == Counter(
            f"p{n}" for n in range(ROWS)
        )
        listed = session.exec(select(Event.subject_id).where(col(Event.kind) == "product.listed")).all()
        assert len(listed) == len(set(listed)) == ROWS
        assert verify(session).fault is None
