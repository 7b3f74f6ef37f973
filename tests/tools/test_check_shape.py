"""Each rule of shape finds a planted fault, and the list of offenders can only shrink."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scenario_hall.config import ROOT
from tools.check_shape import OFFENDERS, RULES, faults_under

LONG_FUNCTION = "def run() -> None:\n" + "    print()\n" * 59
MODULES = [f"scenario_hall.m{number}" for number in range(21)]
PLANTED = [
    ("file length", "scenario_hall/long.py", "A = 1\n" * 401, 401),
    ("file length", "tests/web/long.py", "A = 1\n" * 401, 401),
    ("function length", "scenario_hall/long.py", f"\n\n{LONG_FUNCTION}", 3),
    ("imported modules", "scenario_hall/many.py", "".join(f"import {module}\n" for module in MODULES), 1),
    ("formatter exceptions", "scenario_hall/own.py", "A = 1\nB = [1,  2]  # fmt: skip\n", 2),
    ("formatter exceptions", "scenario_hall/own.py", "# fmt: off\n", 1),
    ("template lines", "templates/web/page.html", f"<p>\n{'x' * 161}\n", 2),
    ("style declarations", "static/css/hall.css", "a {\n  color: red; margin: 0;\n}\n", 2),
    ("style declarations", "static/css/hall.css", "a { color: red; margin: 0 }\n", 1),
]
FAULTLESS = [
    ("scenario_hall/long.py", "A = 1\n" * 400),
    ("scenario_hall/short.py", LONG_FUNCTION.replace("    print()\n", "", 1)),
    ("scenario_hall/few.py", "".join(f"import {module}\n" for module in MODULES[:20]) + "import re\n"),
    ("templates/web/page.html", "x" * 160),
    (
        "static/css/hall.css",
        '@import url("a;b");\na:hover { color: red }\n/* b: 1; c: 2; */\nb {\n  content: "c: 1; d: 2";\n}\n',
    ),
]


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("rule", "name", "text", "line"), PLANTED)
def test_a_planted_fault_is_found_at_its_line(tmp_path: Path, rule: str, name: str, text: str, line: int) -> None:
    write(tmp_path, name, text)
    found = [(fault.path.as_posix(), fault.line) for fault in faults_under(tmp_path, {})]
    assert found == [(name, line)]


def test_every_rule_has_a_planted_fault() -> None:
    assert {planted[0] for planted in PLANTED} == {rule for rule, _check, _places in RULES}


@pytest.mark.parametrize(("name", "text"), FAULTLESS)
def test_what_just_holds_is_no_fault(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, name, text)
    assert not list(faults_under(tmp_path, {}))


def test_modules_that_come_from_one_package_are_counted_one_by_one(tmp_path: Path) -> None:
    write(
        tmp_path,
        "scenario_hall/web/app.py",
        f"from scenario_hall.pages import {', '.join(f'p{n}' for n in range(21))}\n",
    )
    assert not list(faults_under(tmp_path, {})), "names of one module are one"
    write(tmp_path, "scenario_hall/pages/p0.py", "")
    for number in range(1, 21):
        (tmp_path / f"scenario_hall/pages/p{number}.py").touch()
    assert [fault.what for fault in faults_under(tmp_path, {})] == ["imports 21 modules of ours; at most 20"]


def test_a_listed_offender_is_let_through_until_it_holds(tmp_path: Path) -> None:
    listed = {"function length": ("scenario_hall/long.py run",)}
    write(tmp_path, "scenario_hall/long.py", LONG_FUNCTION)
    assert not list(faults_under(tmp_path, listed))
    (tmp_path / "scenario_hall" / "long.py").write_text("", encoding="utf-8")
    (fault,) = faults_under(tmp_path, listed)
    assert fault.what == "function length: scenario_hall/long.py run holds; take it out of OFFENDERS"


def test_every_list_of_offenders_belongs_to_a_rule() -> None:
    assert set(OFFENDERS) <= {rule for rule, _check, _places in RULES}


@pytest.mark.parametrize("check", ["check_shape", "check_punctuation", "check_texts"])
def test_the_hall_itself_passes(check: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", f"tools.{check}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
