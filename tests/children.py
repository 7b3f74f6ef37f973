"""Processes that are going to be killed, forked from one that has imported the hall already: importing it takes longer
than most of them live."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

PREPARED = ("tests.crash_child", "tests.import_child", "tests.kill_child")

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(list(PREPARED))


class Child:
    """A process that runs ``work(*arguments)``, one of the prepared modules' functions; what it prints is read here."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        reader, writer = _server.Pipe(duplex=False)
        self._process = _server.Process(target=_printing_into, args=(writer, work, arguments), daemon=True)
        self._process.start()
        writer.close()
        self._printed = os.fdopen(os.dup(reader.fileno()), encoding="utf-8", newline="\n")
        reader.close()

    def line(self) -> str:
        """The next line without its end, once it is whole. Raises EOFError when the process ended without one."""
        line = self._printed.readline()
        if not line.endswith("\n"):
            raise EOFError(f"the process ended after “{line}”")
        return line.removesuffix("\n")

    def killed_after(self, seconds: float) -> list[str]:
        """SIGKILL after so long; the lines that it still printed. One that was cut in the middle is none."""
        time.sleep(seconds)
        self._process.kill()
        rest = self._printed.read().splitlines(keepends=True)
        self._printed.close()
        self._process.join()
        return [line.removesuffix("\n") for line in rest if line.endswith("\n")]


def _printing_into(writer: Connection, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    os.dup2(writer.fileno(), sys.stdout.fileno())
    writer.close()
    work(*arguments)
