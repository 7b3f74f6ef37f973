"""The indexes that stand behind a hall's alias: one that is current, one before it, one that may be being built.

The alias is moved in one call, so a search sees either the old index or the new one. The cursor is an entry of the
index itself; it is moved only by who read it last (OpenSearch's sequence number), so of two workers one is refused.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from scenario_hall.core.errors import StaleCursor, Unavailable
from scenario_hall.core.texts import N_
from scenario_hall.search.engine.index import IndexDocument
from scenario_hall.search.engine.opensearch.asking import MISSING
from scenario_hall.search.engine.opensearch.connection import Connection, Refused, as_line, is_passing
from scenario_hall.search.engine.opensearch.mapping import CURSOR, FORMAT, as_sent, mappings, settings

logger = logging.getLogger(__name__)
BATCH = 500  # documents
LARGEST_BATCH = 5_000_000  # bytes
# An index that nobody made current is being built, or was given up; after so long it was given up.
GIVEN_UP_SECONDS = 24 * 3600
CONFLICT = 409


class RejectedDocument(Exception):
    """OpenSearch will not have one of the documents, now or later."""


@dataclass(frozen=True)
class Cursor:
    """What the index says of itself, and where that stands."""

    index: str
    position: int
    rules: str
    sequence: int
    term: int


class Generations:
    """The indexes of one hall on one cluster."""

    def __init__(self, connection: Connection, name: str, shards: int) -> None:
        self.alias = f"{name}-{FORMAT}"
        self._connection = connection
        self._shards = shards

    def cursor(self) -> Cursor | None:
        """None where there is no index yet. Raises Unavailable."""
        try:
            found = self._connection.read("GET", f"/{self.alias}/_doc/{CURSOR}")
        except Refused as error:
            if error.status == MISSING:
                return None
            raise
        source = found["_source"]
        return Cursor(
            found["_index"], int(source["position"]), source["rules"], found["_seq_no"], found["_primary_term"]
        )

    def move_cursor(self, before: Cursor, position: int, rules: str) -> None:
        """Raises StaleCursor where somebody else moved it, or another index is current now."""
        try:
            self._connection.write(
                "PUT",
                f"/{before.index}/_doc/{CURSOR}",
                {"position": position, "rules": rules},
                if_seq_no=before.sequence,
                if_primary_term=before.term,
            )
        except Refused as error:
            if error.status in (CONFLICT, MISSING):
                raise StaleCursor(f"the cursor of {before.index} is no longer at {before.position}") from error
            raise
        now = self.cursor()
        if now is None or now.index != before.index:
            raise StaleCursor(f"{before.index} is no longer the current index")

    def put(self, documents: Iterable[IndexDocument], removed: Sequence[str], version: int, target: str = "") -> int:
        """Put in, replace and take out, in batches; returns how many documents. What stands there with a later version
        stays: it was written by who has read on further. Raises Unavailable, RejectedDocument."""
        count = 0
        actions = self._actions(documents, removed, version, target or self.alias)
        for batch, documents_in_it in _batches(actions):
            answer = self._connection.write(
                "POST",
                "/_bulk",
                batch,
                require_alias="false" if target else "true",
                filter_path="errors,items.*.status,items.*.error,items.*._id",
            )
            _check(answer)
            count += documents_in_it
        return count

    def make_visible(self, index: str = "") -> None:
        """What was written is found from now on."""
        self._connection.write("POST", f"/{index or self.alias}/_refresh")

    def build(self, documents: Iterable[IndexDocument], position: int, rules: str) -> int:
        """A new index, filled, then made current; returns how many documents it holds."""
        target = f"{self.alias}.{uuid.uuid4().hex[:16]}"
        self._connection.write("PUT", f"/{target}", {"settings": settings(self._shards), "mappings": mappings()})
        try:
            count = self.put(documents, (), position, target)
            self._connection.write("PUT", f"/{target}/_doc/{CURSOR}", {"position": position, "rules": rules})
            self.make_visible(target)
            before = self.cursor()
            self._connection.write(
                "POST",
                "/_aliases",
                {
                    "actions": [
                        {"remove": {"index": f"{self.alias}.*", "alias": self.alias, "must_exist": False}},
                        {"add": {"index": target, "alias": self.alias}},
                    ]
                },
            )
        except BaseException:
            self._drop([target])
            raise
        self._drop_old({target, before.index if before is not None else ""})
        return count

    def _drop_old(self, kept: set[str]) -> None:
        """What nobody needs any more. The index before the present one stays: a worker may just be writing it."""
        whole = self._connection.write(
            "POST",
            f"/{self.alias}.*/_search",
            {"size": 1000, "query": {"ids": {"values": [CURSOR]}}, "_source": False},
        )
        done = {hit["_index"] for hit in whole["hits"]["hits"]}
        made = self._connection.write("GET", f"/{self.alias}.*/_settings/index.creation_date")
        for name, told in made.items():
            age = time.time() - int(told["settings"]["index"]["creation_date"]) / 1000
            if name not in kept and (name in done or age > GIVEN_UP_SECONDS):
                self._drop([name])

    def _drop(self, names: Sequence[str]) -> None:
        for name in names:
            try:
                self._connection.write("DELETE", f"/{name}", ignore_unavailable="true")
            except Unavailable:
                logger.warning("search: the index %s stays, to be deleted by the next rebuild", name)

    @staticmethod
    def _actions(
        documents: Iterable[IndexDocument], removed: Sequence[str], version: int, target: str
    ) -> Iterator[tuple[bytes, bool]]:
        about: dict[str, Any] = {"_index": target, "version": version, "version_type": "external_gte"}
        for code in removed:
            yield as_line({"delete": {**about, "_id": code}}), False
        for document in documents:
            yield as_line({"index": {**about, "_id": document.code}}) + as_line(as_sent(document)), True


def _batches(actions: Iterator[tuple[bytes, bool]]) -> Iterator[tuple[bytes, int]]:
    """The lines of up to BATCH actions and LARGEST_BATCH bytes, and how many of them put a document in."""
    while chosen := list(islice(actions, BATCH)):
        lines, count = bytearray(), 0
        for line, is_document in chosen:
            if lines and len(lines) + len(line) > LARGEST_BATCH:
                yield bytes(lines), count
                lines, count = bytearray(), 0
            lines += line
            count += is_document
        yield bytes(lines), count


def _check(answer: dict[str, Any]) -> None:
    if not answer.get("errors"):
        return
    for item in answer["items"]:
        (outcome,) = item.values()
        status, error = int(outcome["status"]), outcome.get("error")
        if error is None or status == CONFLICT:
            continue
        if status == MISSING:
            raise StaleCursor("the index is gone")
        if is_passing(status):
            raise Unavailable(N_("The search does not answer."))
        raise RejectedDocument(f"{outcome.get('_id')}: {status} {error.get('type')}: {error.get('reason')}"[:500])
