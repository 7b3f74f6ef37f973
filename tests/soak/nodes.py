"""Three search servers of one cluster, of which one after the other is killed while two workers write and people search."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.request import urlopen

from scenario_hall.core.clock import now
from scenario_hall.core.errors import StaleCursor, Unavailable
from scenario_hall.core.search_servers import SearchServers
from scenario_hall.search.engine.index import IndexDocument, SearchQuery
from scenario_hall.search.engine.opensearch.opensearch_index import OpenSearchIndex
from scenario_hall.search.evaluation import _document
from tests.soak.figures import Figure
from tools.opensearch.server import Node, free_port

NODES, SHARDS, WORKERS = 3, 2, 2
SETTLED_SECONDS, DOWN_SECONDS = 180, 6.0
LOOK_SECONDS = 0.05


@dataclass
class Told:
    """What workers and searchers were told."""

    acknowledged: int = 0
    refused: int = 0
    waited: int = 0
    searches: int = 0
    unanswered: int = 0
    others: list[str] = field(default_factory=list)
    longest: float = 0.0
    _last: float = field(default_factory=time.monotonic)
    _guard: Lock = field(default_factory=Lock)

    def answered(self) -> None:
        with self._guard:
            moment = time.monotonic()
            self.longest, self._last = max(self.longest, moment - self._last), moment
            self.searches += 1


def survived(packages: Path, folder: Path, kills: int) -> list[Figure]:
    """Kill a node so often, each for DOWN_SECONDS at least and until the cluster is whole again."""
    ports = [(f"n{number}", free_port()) for number in range(1, NODES + 1)]
    nodes = [Node(packages, folder / name, name, transport=port, others=ports) for name, port in ports]
    with ExitStack() as stack:
        for node in nodes:
            stack.callback(node.stop)
            node.start()
        for node in nodes:
            node.wait()
        servers = SearchServers(tuple(("127.0.0.1", node.http) for node in nodes), "soak", shards=SHARDS)
        index, told, is_over = OpenSearchIndex(servers), Told(), Event()
        index.rebuild((), 0)
        threads = [Thread(target=_work, args=(OpenSearchIndex(servers), told, is_over)) for _ in range(WORKERS)]
        threads.append(Thread(target=_ask, args=(OpenSearchIndex(servers), told, is_over)))
        for thread in threads:
            thread.start()
        try:
            for number in range(kills):
                _settle(nodes)
                victim = nodes[number % NODES]
                victim.stop()
                is_over.wait(DOWN_SECONDS)
                victim.start()
                victim.wait()
            _settle(nodes)
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
        return _figures(index, told, kills)


def _figures(index: OpenSearchIndex, told: Told, kills: int) -> list[Figure]:
    position = index.position()
    lost = [
        number
        for number in range(1, position + 1)
        if index.search(SearchQuery(text=f"code:{_of(number).code}", include_closed=True), now()).total != 1
    ]
    return [
        Figure("search", "nodes killed", kills, least=kills),
        Figure("search", "batches that were acknowledged", told.acknowledged, least=kills),
        Figure("search", "batches behind the cursor that are not found", len(lost), most=0),
        Figure("search", "acknowledged batches beyond the cursor", max(0, told.acknowledged - position), most=0),
        Figure("search", "batches refused to the second worker", told.refused),
        Figure("search", "batches that had to wait", told.waited),
        Figure(
            "search", f"answers that were no answer and no outage {told.others[:3] or ''}", len(told.others), most=0
        ),
        Figure(
            "search", "searches answered, of all asked", 1 - told.unanswered / max(1, told.searches + told.unanswered)
        ),
        Figure("search", "the longest time without a search that is answered", told.longest, "s", most=30),
    ]


def _work(index: OpenSearchIndex, told: Told, is_over: Event) -> None:
    """A reader, whose batch is one record; another one works beside it."""

    def one() -> None:
        after = index.position()
        try:
            index.apply([_of(after + 1)], [], after + 1, after=after)
            told.acknowledged += 1
        except StaleCursor:
            told.refused += 1

    _go_on(one, told, is_over)


def _ask(index: OpenSearchIndex, told: Told, is_over: Event) -> None:
    def one() -> None:
        index.search(SearchQuery(text="巡检"), now())
        told.answered()

    _go_on(one, told, is_over, is_search=True)


def _go_on(one: Callable[[], None], told: Told, is_over: Event, *, is_search: bool = False) -> None:
    while not is_over.is_set():
        try:
            one()
        except Unavailable:
            told.unanswered += is_search
            told.waited += not is_search
        except Exception as error:  # told as a figure
            told.others.append(repr(error)[:200])
        is_over.wait(LOOK_SECONDS)


def _of(number: int) -> IndexDocument:
    return _document(number, {"title": f"岸桥巡检{number}", "text": "无人机"}, now())


def _settle(nodes: list[Node]) -> None:
    """Until every copy of every shard is there again."""
    path = f"_cluster/health?wait_for_status=green&wait_for_nodes={NODES}&timeout={SETTLED_SECONDS}s"
    with urlopen(f"http://127.0.0.1:{nodes[0].http}/{path}", timeout=SETTLED_SECONDS + 10) as answer:
        answer.read()
