"""Bookmarks: of public records, one's own, not in the log."""

from __future__ import annotations

import pytest

from scenario_hall.bookmarks import service
from scenario_hall.bookmarks.service import bookmarks_of, marks_of, set_bookmark
from scenario_hall.core.errors import Denied, NotFound, WrongState
from scenario_hall.core.policy import VISITOR
from scenario_hall.log.chain import last_id
from scenario_hall.scenarios.service import end_scenario
from tests.world import World


def mark(hall: World, kind: str, key: object, is_kept: bool = True) -> None:
    set_bookmark(hall.supplier, session=hall.session, kind=kind, key=str(key), is_kept=is_kept)


def test_each_kind_is_marked_once_and_unmarked_and_the_log_says_nothing(small_world: World) -> None:
    hall, scenario, product = small_world, small_world.released_scenario(), small_world.listed_product()
    before = last_id(hall.session)
    for _ in range(2):
        mark(hall, "scenario", scenario.pk)
        mark(hall, "product", product.pk)
        mark(hall, "organization", hall.port.pk)
    assert {(kind, each.pk) for kind, each in bookmarks_of(hall.session, hall.supplier)} == {
        ("scenario", scenario.pk),
        ("product", product.pk),
        ("organization", hall.port.pk),
    }
    for _ in range(2):
        mark(hall, "scenario", scenario.pk, is_kept=False)
    assert marks_of(hall.session, hall.supplier) == {("product", product.pk), ("organization", hall.port.pk)}
    assert marks_of(hall.session, hall.demand) == frozenset()
    assert last_id(hall.session) == before


def test_what_is_not_public_is_not_there_to_be_marked(small_world: World) -> None:
    hall = small_world
    for kind, key in (
        ("scenario", hall.draft_scenario().pk),
        ("scenario", 9999),
        ("account", 1),
        ("scenario", "x"),
        ("scenario", "9" * 40),
    ):
        with pytest.raises(NotFound):
            mark(hall, kind, key)
    with pytest.raises(Denied):
        set_bookmark(VISITOR, session=hall.session, kind="scenario", key="1", is_kept=True)


def test_what_may_be_seen_no_longer_is_left_out(small_world: World) -> None:
    hall, scenario = small_world, small_world.released_scenario()
    mark(hall, "scenario", scenario.pk)
    end_scenario(
        hall.demand, session=hall.session, scenario=scenario, action="withdraw", version=None, reason="计划改变"
    )
    seen = bookmarks_of(hall.session, hall.supplier)
    assert [each.pk for _, each in seen] == ([scenario.pk] if scenario.is_public() else [])
    mark(hall, "scenario", scenario.pk, is_kept=False)
    assert marks_of(hall.session, hall.supplier) == frozenset()


def test_there_is_a_most_that_one_person_marks(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    mark(small_world, "organization", small_world.port.pk)
    with pytest.raises(WrongState):
        mark(small_world, "organization", small_world.maker.pk)
