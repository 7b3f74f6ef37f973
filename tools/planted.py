"""Are faults noticed that tests once let through? Plants each in a copy of the project and runs the tests beside it.

``python -m tools.planted``: each row is a rule that somebody broke by hand while all tests passed. The exit status is 1
when one lives again, or when the text that is to be broken is not there any more: then the row has to follow the code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = (
    "scenario_hall",
    "templates",
    "static",
    "migrations",
    "translations",
    "tests",
    "tools",
    "benchmarks",
    "search_index",
    "pyproject.toml",
    "requirements.txt",
)
FAILED = 1  # pytest's exit code when a test failed


@dataclass(frozen=True)
class Fault:
    """A rule and how it is broken: ``right`` in ``path`` becomes ``wrong``, and one of ``tests`` has to fail."""

    rule: str
    path: str
    right: str
    wrong: str
    tests: str

    def broken(self, text: str) -> str:
        """The file's text with the fault in it. Raises ValueError unless ``right`` stands in it exactly once."""
        if text.count(self.right) != 1:
            raise ValueError(
                f"{self.path}: “{self.right.strip()}” stands there {text.count(self.right)} times, not once"
            )
        return text.replace(self.right, self.wrong)


LINE, SENDER = "scenario_hall/log/chain.py", "scenario_hall/notices/sender.py"
FAULTS = (
    Fault("a line's hash holds the one before", LINE, "        event.previous_hash,\n    ]", "    ]", "tests/log"),
    Fault("a line's hash holds its time", LINE, "        event.id,\n        at,\n", "        event.id,\n", "tests/log"),
    Fault("a line's hash holds its record's code", LINE, "        event.subject_code,\n", "", "tests/log"),
    Fault(
        "a letter is delivered once",
        SENDER,
        "                connection.send_message(message)\n",
        "                connection.send_message(message)\n                connection.send_message(message)\n",
        "tests/notices",
    ),
    Fault(
        "no letter is dropped by age",
        SENDER,
        "        message = message_of(letter, self.settings)\n",
        "        message = message_of(letter, self.settings)\n"
        "        if now() - letter.written_at > timedelta(hours=72):\n"
        "            return self._settle(letter, LetterState.FAILED)\n",
        "tests/notices",
    ),
    Fault(
        "an address that nobody confirmed gets no letter",
        "scenario_hall/notices/people.py",
        "            col(Account.email_confirmed_at).is_not(None),\n",
        "",
        "tests/notices",
    ),
    Fault(
        "nearly met is within a tenth",
        "scenario_hall/quantities/verdicts.py",
        "NEAR_MARGIN = 0.10",
        "NEAR_MARGIN = 0.30",
        "tests/quantities/test_verdicts.py",
    ),
    Fault(
        "what a list brings is no news",
        "scenario_hall/matching/storing.py",
        "    return nth is None or nth < last - AT_ONCE\n",
        "    return True\n",
        "tests/matching/test_reader.py",
    ),
    Fault(
        "nobody answers an objection of one's own",
        "scenario_hall/outcomes/claim/objections.py",
        "        if objection.account_id == actor.account_id:\n            raise Denied(",
        "        if objection.account_id is None:\n            raise Denied(",
        "tests/outcomes/claim/test_objections.py",
    ),
    Fault(
        "a licence may end on the last day",
        "scenario_hall/outcomes/claim/evidence.py",
        "until >= outcome.ends_on",
        "until > outcome.ends_on",
        "tests/outcomes/claim/test_evidence.py",
    ),
    Fault(
        "weekends that are worked count",
        "scenario_hall/outcomes/plan/workdays.py",
        "        if day in self.worked:\n",
        "        if False:\n",
        "tests/outcomes/plan/test_workdays.py",
    ),
    Fault(
        "a retired key signs nothing",
        "scenario_hall/core/keys.py",
        "moment <= self.valid_until)",
        "moment > self.valid_from)",
        "tests/outcomes/certificate tests/recovery tests/audit",
    ),
    Fault(
        "an organisation's change reaches its products in the index",
        "scenario_hall/search/reader.py",
        "col(Product.id).in_(product_ids) | col(Product.organization_id).in_(organization_ids)",
        "col(Product.id).in_(product_ids)",
        "tests/search/test_reader.py",
    ),
    Fault(
        "a day ends at midnight",
        "scenario_hall/core/clock.py",
        "datetime.combine(day, time.max, tzinfo=HONG_KONG)",
        "datetime.combine(day, time(22, 59), tzinfo=HONG_KONG)",
        "tests/core/test_clock.py",
    ),
)


def main() -> int:
    """Plant each, print what became of it; 1 when one lived."""
    lived = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, copy / name)
        for fault in FAULTS:
            code = _try(copy, fault)
            lived += code != FAILED
            print(f"{'noticed' if code == FAILED else f'LIVED ({code})':<12} {fault.rule}", flush=True)
    print(f"{len(FAULTS) - lived} of {len(FAULTS)} planted faults were noticed")
    return int(lived > 0)


def _try(copy: Path, fault: Fault) -> int:
    path = copy / fault.path
    right = path.read_text(encoding="utf-8")
    path.write_text(fault.broken(right), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql"]
        environment = os.environ | {"PYTHONPATH": str(copy)}
        tests = fault.tests.split()
        return subprocess.run(
            [*command, *tests], cwd=copy, env=environment, check=False, capture_output=True
        ).returncode
    finally:
        path.write_text(right, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
