"""`make test` on a bare machine: what may be installed is installed, what may not is named in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scenario_hall.config import ROOT
from tests.programs import needed

APT_GET = """#!/bin/sh
echo "$@" >> {folder}/calls
if [ "$1 $5" = "install chromium" ]; then {work}; fi
"""
SUDO = """#!/bin/sh
[ "$1" = -n ] || exit 1
shift
exec "$@"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A path with nothing on it but env: no Chromium, no apt-get."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in ("env", "true", "chmod"):
        (folder / program).symlink_to(str(shutil.which(program)))
    return folder


def add_apt_get(path: Path, work: str) -> None:
    for name, text in (("apt-get", APT_GET.format(folder=path, work=work)), ("sudo", SUDO)):
        (path / name).write_text(text, encoding="utf-8")
        (path / name).chmod(0o755)


def run(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "tools.install_programs"],
        env={**kept, "PATH": str(path), "PLAYWRIGHT_BROWSERS_PATH": str(path / "browsers"), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def packages_in(line: str, outcome: str) -> list[str]:
    """The packages that the last line names: Chromium, and what else this machine lacks."""
    start = f"Programs are missing, {outcome}. To install them: apt-get install "
    assert line.startswith(start)
    return line.removeprefix(start).split()


def test_where_nothing_may_be_installed_one_line_says_what_to_install(path: Path) -> None:
    ended = run(path)
    (line,) = ended.stdout.splitlines()
    assert "chromium" in packages_in(line, "so their tests are left out")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_in_ci_a_missing_program_is_an_error(path: Path) -> None:
    ended = run(path, CI="true")
    (line,) = ended.stdout.splitlines()
    assert "chromium" in packages_in(line, "and CI needs them")
    assert ended.returncode == 1


def test_what_is_missing_is_installed_where_this_user_may(path: Path) -> None:
    add_apt_get(path, f': > "{path}/chromium" && chmod +x "{path}/chromium"')
    *lines, last = run(path).stdout.splitlines()
    calls = (path / "calls").read_text(encoding="utf-8").splitlines()
    assert calls[0] == "update -qq"
    assert "install -y -qq --no-install-recommends chromium" in calls
    assert "Installing chromium, which the tests need" in [*lines, last]
    assert last.startswith("Installing") or "chromium" not in packages_in(last, "so their tests are left out")


def test_a_package_that_cannot_be_had_is_named_in_the_end(path: Path) -> None:
    add_apt_get(path, "exit 100")
    last = run(path).stdout.splitlines()[-1]
    assert "chromium" in packages_in(last, "so their tests are left out")


def test_tests_of_a_missing_program_are_left_out_but_fail_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    assert needed(Path("/bin/chromium"), "Chromium") == Path("/bin/chromium")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Chromium is not on this machine"):
        needed(None, "Chromium")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI needs it"):
        needed(None, "Chromium")
