"""python -m scenario_hall COMMAND"""

from __future__ import annotations

from scenario_hall.cli.commands import hall

if __name__ == "__main__":
    hall(prog_name="python -m scenario_hall")
