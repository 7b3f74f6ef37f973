"""One private OpenSearch for all processes of a run of tests: whoever needs it first starts it, the last one stops it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scenario_hall.core.search_servers import SearchServers
from tools.opensearch.server import Node

MEMORY = Path("/dev/shm")  # noqa: S108


class SharedOpenSearch:
    """``place`` is a folder that all processes of the run share."""

    def __init__(self, packages: Path, place: Path) -> None:
        self.packages = packages
        self.note = place / "opensearch.json"
        self.port = 0

    def join(self) -> None:
        """Start it where nobody has yet."""
        with self._noted() as state:
            if not state:
                # In memory where there is such a place: nothing of it has to last. Not beside the tests' own folders,
                # which the server's user may not enter.
                home = Path(tempfile.mkdtemp(prefix="hall-opensearch-", dir=MEMORY if MEMORY.is_dir() else None))
                home.chmod(0o755)
                node = Node(self.packages, home)
                node.start()
                assert node.process is not None
                state |= {"users": 0, "port": node.http, "process": node.process.pid, "home": str(home)}
                try:
                    node.wait()
                except RuntimeError:
                    node.stop()
                    raise
            state["users"] += 1
            self.port = state["port"]

    def leave(self) -> None:
        with self._noted() as state:
            state["users"] -= 1
            if not state["users"]:
                os.kill(state["process"], signal.SIGKILL)
                shutil.rmtree(state["home"], ignore_errors=True)
                state.clear()

    def servers(self, *, shards: int = 1) -> SearchServers:
        """An index of its own."""
        return SearchServers((("127.0.0.1", self.port),), f"t{uuid.uuid4().hex[:12]}", shards=shards)

    @contextmanager
    def _noted(self) -> Iterator[dict[str, Any]]:
        with self.note.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            state = json.loads(file.read() or "{}")
            try:
                yield state
            finally:
                file.seek(0)
                file.truncate()
                file.write(json.dumps(state))
