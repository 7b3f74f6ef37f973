"""Look for known faults: in the pinned packages, in our own code, and in who may do what. Run by `make audit`.

Packages are asked about at PyPI by pip-audit (through uv, or where it is installed). What cannot be asked is said and
counted, never passed as good; in CI (CI=true) it is an error.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from tools.faults import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")
MATRIX = "tests/web/test_matrix.py"


@dataclass(frozen=True)
class Asked:
    """What became of asking about the packages of one file."""

    known: int  # about which something was answered
    unknown: int
    faults: Sequence[str]


def read_answer(told: str) -> Asked:
    """Of pip-audit's JSON. Raises ValueError, KeyError when it is none."""
    rows = json.loads(told)["dependencies"]
    faults = [
        f"{row['name']} {row['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none yet'}"
        for row in rows
        for fault in row.get("vulns", ())
    ]
    unknown = sum("skip_reason" in row for row in rows)
    return Asked(len(rows) - unknown, unknown, faults)


def ask_about(lock: str) -> Asked | None:
    """None where there is no pip-audit, or it says nothing."""
    program = ["pip-audit"] if shutil.which("pip-audit") else ["uv", "tool", "run", "-q", "pip-audit"]
    if not shutil.which(program[0]):
        return None
    options = [
        "--requirement",
        lock,
        "--require-hashes",
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    done = subprocess.run([*program, *options], cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        return read_answer(done.stdout)
    except (KeyError, TypeError, ValueError):
        return None


def packages_are_good(*, must_answer: bool) -> bool:
    """Tell of each lock what is known; False for a fault, and for no answer where there has to be one."""
    is_good = True
    for lock in LOCKS:
        asked = ask_about(lock)
        if asked is None or not asked.known:
            print(f"{lock}: NOT CHECKED, nobody could be asked about its packages")
            is_good &= not must_answer
        if asked is not None and asked.known:
            print(f"{lock}: {asked.known} packages asked about, {len(asked.faults)} known faults", end="")
            print(f"; {asked.unknown} unknown" if asked.unknown else "")
            print("".join(f"  {fault}\n" for fault in asked.faults), end="")
            is_good &= not asked.faults
    return is_good


def code_is_good() -> bool:
    """Ruff's rules of security (those of bandit) over all that runs in a hall."""
    # Ruff forgets the settings' exceptions once it is told what to select; as there, our subprocesses have no shell.
    rules = ["--select", "S", "--ignore", "S603,S607"]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--quiet", *rules, "scenario_hall", "migrations", "tools"],
        cwd=ROOT,
        check=False,
    )
    print(f"ruff's rules of security: {'nothing found' if done.returncode == 0 else 'see above'}")
    return done.returncode == 0


def matrix_is_good() -> bool:
    """Every role at every route with every object: what succeeds and should not."""
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-s", MATRIX], cwd=ROOT, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    checks = [packages_are_good(must_answer=os.environ.get("CI") == "true"), code_is_good(), matrix_is_good()]
    sys.exit(not all(checks))
