"""Whoever changes a frozen bulletin is found, and nobody else is accused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from scenario_hall.bulletins.models import Bulletin
from scenario_hall.bulletins.months import Month
from scenario_hall.bulletins.recount import bulletin_faults, newest_faults
from scenario_hall.bulletins.service import publish_due
from scenario_hall.core import clock
from scenario_hall.core.db import transaction
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import revoke_outcome
from tests.world import World

NOVEMBER, DECEMBER = Month(2031, 11), Month(2031, 12)


@pytest.fixture
def frozen(world: World) -> World:
    """October and November are frozen; the first of November was revoked in December, and more was released."""
    with clock.at(Month(2031, 10).start + timedelta(days=3)):
        world.released_scenario()
    with clock.at(NOVEMBER.start + timedelta(days=3)):
        world.approved()
    with clock.at(DECEMBER.start):
        publish_due(world.session)
        outcome = world.session.exec(select(Certificate)).one().outcome
        revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason="数据有误")
        world.released_scenario()
    return world


def test_what_was_frozen_stays_true_when_a_certificate_is_revoked_later(frozen: World) -> None:
    assert list(bulletin_faults(frozen.session)) == list(newest_faults(frozen.session)) == []


FIGURES = ("target", "firsts", "running", "on_notice", "flows", "regions", "domains", "issued", "revoked")


@contextmanager
def changed(session: Session, month: Month, **columns: Any) -> Iterator[None]:
    """Columns of a bulletin are others behind the log's back, for a while."""
    bulletin = session.get_one(Bulletin, month.key)
    before = {name: getattr(bulletin, name) for name in columns}
    for values in (columns, before):
        with transaction(session):
            for name, value in values.items():
                setattr(bulletin, name, value)
            session.add(bulletin)
        if values is columns:
            yield


def test_each_figure_that_was_changed_is_named(frozen: World) -> None:
    figures = frozen.session.get_one(Bulletin, NOVEMBER.key).figures
    for name in FIGURES:
        old = figures[name]
        new = old + 1 if isinstance(old, int) else type(old)() if old else ["C-2031-999999"]
        with changed(frozen.session, NOVEMBER, figures={**figures, name: new}):
            found = list(bulletin_faults(frozen.session))
            assert "the bulletin of 2031-11 has other figures than were made public" in found
            assert any(f"the bulletin of 2031-11 says {name} " in each for each in found)
            assert list(newest_faults(frozen.session)) == found
    assert list(bulletin_faults(frozen.session)) == []


def test_a_bulletin_of_another_entry_or_one_that_is_gone_is_found(frozen: World) -> None:
    for month in (NOVEMBER.previous(), NOVEMBER):
        entry = frozen.session.get_one(Bulletin, month.key).entry
        for columns in ({"entry": entry - 1}, {"entry_hash": "0" * 64}):
            with changed(frozen.session, month, **columns):
                assert any(f"the bulletin of {month.code} names" in each for each in bulletin_faults(frozen.session))
    for month in (NOVEMBER.previous(), NOVEMBER):
        with transaction(frozen.session):
            frozen.session.delete(frozen.session.get_one(Bulletin, month.key))
        assert f"the bulletin of {month.code} is gone; the log says that it was made" in bulletin_faults(frozen.session)


def test_one_that_no_line_tells_of_is_found(frozen: World) -> None:
    with transaction(frozen.session):
        last = frozen.session.get_one(Bulletin, NOVEMBER.key)
        made = Bulletin(id=DECEMBER.key, entry=last.entry, entry_hash=last.entry_hash, figures=dict(last.figures))
        frozen.session.add(made)
    assert list(bulletin_faults(frozen.session)) == ["the bulletin of 2031-12 is in no line of the log"]
