"""python -m scenario_hall COMMAND"""

from __future__ import annotations

import os
import sys

from scenario_hall.cli.commands import hall

# Work that computes for minutes while nobody looks on: whoever waits for a page goes first.
IN_THE_BACKGROUND = frozenset({"worker", "import", "reindex", "backup", "prune", "verify-log"})
GIVES_WAY = 10  # of 19

if __name__ == "__main__":
    if IN_THE_BACKGROUND & set(sys.argv[1:2]):
        os.nice(GIVES_WAY)
    hall(prog_name="python -m scenario_hall")
