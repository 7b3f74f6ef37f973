"""A whole index written anew, on every core, beside the one that is searched meanwhile."""

from __future__ import annotations

import gc
import logging
import os
import queue
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from multiprocessing.queues import Queue
from typing import Any

from whoosh.codec.whoosh3 import W3Segment

from scenario_hall.search.engine.columns import PACKED, packed_row
from scenario_hall.search.engine.cutting import CutDocument, cut_document, digest_of, read_kept_terms
from scenario_hall.search.engine.index import IndexDocument
from scenario_hall.search.engine.postings import SegmentReader
from scenario_hall.search.engine.segment_writer import SegmentBuilder

logger = logging.getLogger(__name__)
# Below so many documents a rebuild is done before other processes have started.
MANY_DOCUMENTS = 2_000
CHUNK = 200
# Chunks that wait for each writing process: so much of the rows is in memory at a time.
WAITING = 4
# The writing gives way to the searching that goes on beside it.
NICENESS = 5
PATIENCE = 1.0  # seconds between two looks whether the writing processes live


class KeptWords:
    """The words of an index that is there already: what has not changed since need not be cut again. An index that
    cannot be read, which may be why it is rebuilt, has none."""

    def __init__(self, before: Sequence[SegmentReader]) -> None:
        self._places: dict[str, tuple[SegmentReader, int, int]] = {}
        for segment in before:
            try:
                self._read(segment)
            except Exception:
                logger.exception("the words that %s keeps cannot be read and are cut again", segment.name)

    def _read(self, segment: SegmentReader) -> None:
        rows = segment.packed("packed", PACKED)
        deleted = set(segment.deleted.tolist())
        for document, (code, digest) in enumerate(zip(rows["code"].tolist(), rows["digest"].tolist(), strict=True)):
            if document not in deleted:
                self._places[code.decode()] = segment, document, digest

    def cut(self, document: IndexDocument) -> CutDocument:
        """The document as it was cut before, else cut now."""
        digest = digest_of(document)
        segment, place, kept = self._places.get(document.code, (None, 0, 0))
        if segment is not None and kept == digest:
            try:
                return CutDocument(document.code, packed_row(document, digest), read_kept_terms(segment.kept(place)))
            except Exception:
                logger.exception("the words that are kept of %s cannot be read and are cut again", document.code)
        return cut_document(document, digest)


def write_documents(
    documents: Iterable[IndexDocument], folder: str, before: Sequence[SegmentReader]
) -> list[W3Segment]:
    """Write segments of all the documents into ``folder``; ``before``: the index that is there already, opened by
    nobody else, since other processes go on with its locks.

    Raises what the documents raise, and RuntimeError where a writing process ended before its work did.
    """
    documents = iter(documents)
    first = list(islice(documents, MANY_DOCUMENTS))
    if len(first) < MANY_DOCUMENTS:
        return _written(iter([first]), folder, KeptWords(before))
    writers = _Writers(folder, before)
    try:
        rest = chain(first, documents)
        while chunk := list(islice(rest, CHUNK)):
            writers.put(chunk)
        return writers.finish()
    finally:
        writers.stop()


def _written(chunks: Iterator[Sequence[IndexDocument]], folder: str, kept: KeptWords) -> list[W3Segment]:
    segments: list[W3Segment] = []
    builder = SegmentBuilder()
    for chunk in chunks:
        for document in chunk:
            if builder.is_full:
                segments.append(builder.write(folder))
                builder = SegmentBuilder()
            builder.add(kept.cut(document))
    if len(builder):
        segments.append(builder.write(folder))
    return segments


class _Writers:
    """A process for each core, forked, so that it knows the taxonomy's words and has the old index open."""

    def __init__(self, folder: str, before: Sequence[SegmentReader]) -> None:
        context = get_context("fork")
        count = os.cpu_count() or 1
        self._chunks: Queue[list[IndexDocument] | None] = context.Queue(WAITING * count)
        self._answers: Queue[Any] = context.Queue()
        kept = KeptWords(before)
        self._processes: list[ForkProcess] = [
            context.Process(target=_write_chunks, args=(self._chunks, self._answers, folder, kept), daemon=True)
            for _ in range(count)
        ]
        for process in self._processes:
            process.start()

    def put(self, chunk: list[IndexDocument] | None) -> None:
        while True:
            try:
                self._chunks.put(chunk, timeout=PATIENCE)
                return
            except queue.Full:
                self._look()

    def finish(self) -> list[W3Segment]:
        """All segments, once every chunk is written."""
        for _ in self._processes:
            self.put(None)
        segments: list[W3Segment] = []
        for _ in self._processes:
            segments += self._answer()
        return segments

    def stop(self) -> None:
        """End what has not ended by itself."""
        for process in self._processes:
            process.terminate()
            process.join()

    def _answer(self) -> list[W3Segment]:
        while True:
            try:
                found = self._answers.get(timeout=PATIENCE)
            except queue.Empty:
                self._look()
                continue
            if isinstance(found, BaseException):
                raise found
            segments: list[W3Segment] = found
            return segments

    def _look(self) -> None:
        for process in self._processes:
            if process.exitcode not in (None, 0):
                raise RuntimeError(f"a process that writes the index ended with {process.exitcode}")


def _write_chunks(chunks: Queue[Any], answers: Queue[Any], folder: str, kept: KeptWords) -> None:
    os.nice(NICENESS)
    gc.disable()  # millions of terms, none of which is in a circle
    try:
        answers.put(_written(_received(chunks, os.getppid()), folder, kept))
    except Exception as error:
        logger.exception("a process that writes the index failed")
        answers.put(RuntimeError(f"writing the index: {type(error).__name__}: {error}"))


def _received(chunks: Queue[Any], parent: int) -> Iterator[list[IndexDocument]]:
    while os.getppid() == parent:  # one that was killed sends nothing more, and nobody waits for the answer
        try:
            chunk = chunks.get(timeout=PATIENCE)
        except queue.Empty:
            continue
        if chunk is None:
            return
        yield chunk
