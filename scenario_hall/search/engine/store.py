"""The index's folder: generations that are swapped whole, and commits within one.

``CURRENT`` names the generation, the number of its last commit (Whoosh's table of contents, a file of its own for each)
and the log's position, in one line that is replaced in one step: it is the commit. What no commit names yet, or no
longer, is nobody's; the files of the commit before stay, since a reader may just have read its name.
"""

from __future__ import annotations

import fcntl
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from scenario_hall.search.engine.schema import SCHEMA
from scenario_hall.search.engine.segment_writer import INDEX_NAME

LOCK_SECONDS = 60
# Raised whenever the fields change or their classes move (Whoosh pickles them by module): an index of another format
# counts as none, and the log fills a new one. So, too, when ``language.text`` cuts words otherwise.
FORMAT = "6-"
# Beside the segments of a generation: what its words were cut by, and the mark that it was the index once.
RULES, DONE = "RULES", "_done"


@dataclass(frozen=True)
class Commit:
    """One state of the index."""

    generation: str
    number: int
    position: int
    """The last entry of the log that the index has taken in; 0 before the first."""


class Store:
    """The files. Any number of processes read; one at a time writes (``writing``)."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)

    def current(self) -> Commit | None:
        """The last commit; None where there is no index of this format."""
        try:
            line = (self.directory / "CURRENT").read_text("ascii")
        except FileNotFoundError:
            return None
        name, _, numbers = line.partition(" ")
        number, _, position = numbers.partition(" ")
        if not name.startswith(FORMAT) or not (number.isdecimal() and position.isdecimal()):
            return None
        return Commit(name, int(number), int(position))

    def folder(self, commit: Commit) -> Path:
        return self.directory / commit.generation

    def segments(self, commit: Commit) -> list[W3Segment]:
        """The segments, each with what was deleted of it; the caller's own copies. Raises FileNotFoundError when the
        commit is no longer the last."""
        storage = FileStorage(str(self.folder(commit)))
        found: list[W3Segment] = TOC.read(storage, INDEX_NAME, gen=commit.number, schema=SCHEMA).segments
        return found

    def new_generation(self) -> Commit:
        """An empty one beside the others, which nobody reads until it is ``commit``ted."""
        made = Commit(f"{FORMAT}{uuid.uuid4().hex}", 0, 0)
        self.folder(made).mkdir()
        return made

    def drop(self, made: Commit) -> None:
        """Take away a generation that was begun and will not be committed."""
        shutil.rmtree(self.folder(made), ignore_errors=True)

    def commit(self, before: Commit, segments: Sequence[W3Segment], position: int) -> Commit:
        """Make these segments the index. Within ``writing``."""
        made = Commit(before.generation, before.number + 1, position)
        folder = self.folder(made)
        TOC(SCHEMA, list(segments), made.number).write(FileStorage(str(folder)), INDEX_NAME)
        last = self.current()
        is_swapped = last is None or last.generation != made.generation
        kept = {segment.segment_id() for segment in segments}
        if not is_swapped:
            kept |= {segment.segment_id() for segment in self.segments(before)}
        self._point_at(made)
        if is_swapped:
            self._drop_generations({made.generation, last.generation if last is not None else ""})
        else:
            _drop_files(folder, kept, {made.number, before.number})
        return made

    def move(self, commit: Commit, position: int) -> Commit:
        """The log went on and no document changed. Within ``writing``."""
        moved = replace(commit, position=position)
        self._point_at(moved)
        return moved

    def rules(self, commit: Commit) -> str:
        """What the words of this generation were cut by (``search/rules.py``); empty where it was not said."""
        try:
            return (self.folder(commit) / RULES).read_text()
        except FileNotFoundError:
            return ""

    def say_rules(self, commit: Commit, rules: str) -> None:
        if rules:
            (self.folder(commit) / RULES).write_text(rules)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writer at a time among all processes; given back by the system when the holder dies."""
        with (self.directory / "write.lock").open("w") as file:
            until = time.monotonic() + LOCK_SECONDS
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise TimeoutError(f"another process has been writing {self.directory} for a minute") from None
                    time.sleep(0.02)
            yield

    def _point_at(self, commit: Commit) -> None:
        pointer = self.directory / f"CURRENT.{uuid.uuid4().hex}"
        pointer.write_text(f"{commit.generation} {commit.number} {commit.position}", "ascii")
        pointer.replace(self.directory / "CURRENT")

    def _drop_generations(self, kept: set[str]) -> None:
        for folder in self.directory.iterdir():
            if folder.is_dir() and folder.name not in kept and (folder / DONE).exists():
                shutil.rmtree(folder)
        for name in kept - {""}:
            (self.directory / name / DONE).touch()


def _drop_files(folder: Path, segments: set[str], commits: set[int]) -> None:
    """Delete what belongs to none of these."""
    contents = {f"_{INDEX_NAME}_{number}.toc" for number in commits}
    for path in folder.iterdir():
        name = path.name
        is_kept = name in contents if name.startswith("_") else name.partition(".")[0] in segments
        if not is_kept and name not in (RULES, DONE):
            path.unlink(missing_ok=True)
