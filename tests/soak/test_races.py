"""The judge of races finds the faults that it is for."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.core.errors import WrongState
from tests.soak.races import Races, together


@pytest.mark.parametrize(
    ("told", "entries"),
    [
        (["done", "done"], {"application.accepted": 1}),
        (["WrongState", "WrongState"], {"application.accepted": 1}),
        (["done", "OperationalError: database is locked"], {"application.accepted": 1}),
        (["done", "WrongState"], {"application.accepted": 2}),
        (["done", "WrongState"], {"application.accepted": 0}),
    ],
)
def test_anything_but_one_winner_with_one_entry_is_a_fault(told: list[str], entries: dict[str, int]) -> None:
    found = Races()
    found.judge("accept", ["done", "WrongState"], winners=1, entries={"application.accepted": 1})
    assert found.faults == []
    found.judge("accept", told, winners=1, entries=entries)
    assert len(found.faults) == 1 and found.run["accept"] == 2


def test_each_is_told_what_became_of_its_own_press(sqlite_engine: Engine) -> None:
    def press(_session: Session, email: str) -> None:
        if email == "late":
            raise WrongState("x")
        if email == "broken":
            raise RuntimeError("y")

    told = together(sqlite_engine, press, ["first", "late", "broken"])
    assert sorted(told) == ["RuntimeError: y", "WrongState", "done"]
