"""What pip-audit says is counted as it is: a fault is a fault, and what it could not ask about is no good news."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import audit
from tools.audit import Asked, ask_about, packages_are_good, read_answer

# As pip-audit 2.10 writes it.
ANSWER = {
    "dependencies": [
        {
            "name": "flask",
            "version": "0.5",
            "vulns": [{"id": "PYSEC-2018-66", "fix_versions": ["0.12.3"], "aliases": []}],
        },
        {"name": "jinja2", "version": "9.9", "vulns": []},
        {"name": "ours", "skip_reason": "Dependency not found on PyPI and could not be audited: ours (1)"},
    ],
    "fixes": [],
}


def test_an_answer_is_counted_as_it_is() -> None:
    assert read_answer(json.dumps(ANSWER)) == Asked(2, 1, ["flask 0.5: PYSEC-2018-66, mended in 0.12.3"])
    for none in ("", "{}", "[]", "not found"):
        with pytest.raises((ValueError, KeyError, TypeError)):
            read_answer(none)


@pytest.mark.parametrize(
    "told,is_good,is_good_in_ci,words",
    [
        (Asked(10, 0, []), True, True, "10 packages asked about, 0 known faults"),
        (Asked(10, 2, []), True, True, "2 unknown"),
        (Asked(10, 0, ["x 1: PYSEC-1"]), False, False, "x 1: PYSEC-1"),
        (Asked(0, 10, []), True, False, "NOT CHECKED"),
        (None, True, False, "NOT CHECKED"),
    ],
)
def test_what_nobody_could_be_asked_about_is_said(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    told: Asked | None,
    is_good: bool,
    is_good_in_ci: bool,
    words: str,
) -> None:
    monkeypatch.setattr(audit, "ask_about", lambda _lock: told)
    assert packages_are_good(must_answer=False) is is_good
    assert words in capsys.readouterr().out
    assert packages_are_good(must_answer=True) is is_good_in_ci


def test_without_the_program_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ask_about("requirements.txt") is None
