"""How many changes of the rules do the tests notice? Prints the score, by module, and every change that they did not.

``python -m tools.mutants``: mutmut changes the modules that pyproject.toml names (core, log, lifecycles, outcome rules)
at one spot at a time. All of them take hours, so a sample is tried that has the same seed each time: a share of each
module's, and at least one. ``--sample 0`` tries all, names or patterns try those.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MUTANTS = ROOT / "mutants"
# Few and quick: mutmut makes all mutants, and learns which tests reach which function, before it tries the first.
FIRST = "scenario_hall.core.lifecycle*"
KILLED, NO_TESTS, SURVIVED = frozenset({1, 3}), frozenset({5, 33}), 0


@dataclass(frozen=True)
class Tried:
    """One change and what came of it: mutmut's exit code, where 1 is a test that failed."""

    name: str
    exit_code: int

    @property
    def module(self) -> str:
        return self.name.split(".x")[0].removeprefix("scenario_hall.")

    @property
    def was_noticed(self) -> bool:
        # Neither a survivor nor without a test: a test failed, ran for ever, or the process died.
        return self.exit_code != SURVIVED and self.exit_code not in NO_TESTS


def main(arguments: Sequence[str] | None = None) -> int:
    """Try, print, and return the exit status: 1 when mutmut itself could not run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="mutants to try, as mutmut names them; * stands for anything")
    parser.add_argument("--sample", type=int, default=150, help="how many to try; 0 for all")
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args(arguments)
    if not asked.names and run_mutmut([FIRST]) != 0:
        return 1
    chosen = asked.names or sample(stored(), asked.sample, asked.seed)
    if run_mutmut(chosen) != 0:
        return 1
    wanted = set(chosen)
    tried = [each for each in results() if not wanted or asked.names or each.name in wanted]
    print("\n".join(report(tried)))
    return 0


def sample(names: Iterable[str], count: int, seed: int) -> list[str]:
    """``count`` of the names, about the same share of each module, the same each time; all of them for 0."""
    by_module: dict[str, list[str]] = {}
    for name in sorted(names):
        by_module.setdefault(Tried(name, SURVIVED).module, []).append(name)
    total = sum(map(len, by_module.values()))
    if not count or count >= total:
        return [name for module in by_module.values() for name in module]
    chance = random.Random(seed)  # noqa: S311  a sample, no secret
    return [
        name
        for module in by_module.values()
        for name in chance.sample(module, max(1, round(count * len(module) / total)))
    ]


def report(tried: Sequence[Tried]) -> list[str]:
    """The lines to print: each module's score, all together, and what nobody noticed."""
    modules: dict[str, list[Tried]] = {}
    for each in tried:
        modules.setdefault(each.module, []).append(each)
    lines = [f"{sum(each.was_noticed for each in row):>4} of {len(row):<4} {module}" for module, row in modules.items()]
    noticed = sum(each.was_noticed for each in tried)
    if tried:
        lines.append(f"{noticed:>4} of {len(tried):<4} changes were noticed: {noticed / len(tried):.0%}")
    lines += [f"not noticed: {each.name}" for each in tried if not each.was_noticed]
    return lines


def stored() -> dict[str, int | None]:
    """Every mutant that mutmut made, with the exit code of its last try."""
    found: dict[str, int | None] = {}
    for path in sorted(MUTANTS.glob("scenario_hall/**/*.meta")):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def results() -> list[Tried]:
    return [Tried(name, code) for name, code in sorted(stored().items()) if code is not None]


def run_mutmut(names: Sequence[str]) -> int:
    command = [str(Path(sys.executable).parent / "mutmut"), "run", "--max-children", str(os.cpu_count() or 1), *names]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
