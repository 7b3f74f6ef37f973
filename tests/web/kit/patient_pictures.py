"""What gunicorn loads in ``test_slow_uploads.py``: the hall, whose pictures are drawn only once somebody allows it."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from scenario_hall import wsgi
from scenario_hall.core import picture_child

CHILD = """
import sys, time
from pathlib import Path
sys.stdin.buffer.read()
Path({begun!r}).touch()
while not Path({allowed!r}).exists():
    time.sleep(0.02)
sys.stdout.buffer.write(b"drawn")
"""


def make() -> Flask:
    folder = Path(os.environ["HALL_DATA_DIR"])
    child = folder / "child.py"
    child.write_text(CHILD.format(begun=str(folder / "begun"), allowed=str(folder / "allowed")))
    picture_child.__file__ = str(child)
    return wsgi.make()
