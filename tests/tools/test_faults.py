"""How a check ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.faults import Fault, end_with


def test_faults_are_printed_by_place_and_end_with_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        end_with([Fault(Path("b.py"), 1, "third"), Fault(Path("a.py"), 20, "second"), Fault(Path("a.py"), 3, "first")])
    assert ended.value.code == 1
    assert capsys.readouterr().out == "a.py:3: first\na.py:20: second\nb.py:1: third\n"


def test_no_fault_ends_with_status_0() -> None:
    with pytest.raises(SystemExit) as ended:
        end_with([])
    assert ended.value.code == 0
