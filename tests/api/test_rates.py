"""How often programs may ask is counted once for all processes that share a folder."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from scenario_hall.api import rates
from scenario_hall.api.rates import count_request

MOST, EACH, PROCESSES = 30, 20, 3


def let_through(folder: Path) -> int:
    """How many of its requests one process lets through."""
    return sum(not count_request(folder, "token", "1", MOST).is_over for _ in range(EACH))


def test_processes_count_together_and_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates.time, "time", lambda: 1_000_000_000.0)  # one window, which the processes inherit
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("fork")) as pool:
        assert sum(pool.map(let_through, [tmp_path] * PROCESSES)) == MOST
    assert count_request(tmp_path, "token", "1", MOST).remaining == 0
    assert count_request(tmp_path, "token", "2", MOST).remaining == MOST - 1
