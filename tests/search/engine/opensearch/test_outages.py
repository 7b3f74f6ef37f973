"""A real OpenSearch that takes nothing for a while, loses a host, or is emptied: nothing is lost, and it catches up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from scenario_hall.core.clock import now
from scenario_hall.core.errors import StaleCursor, Unavailable
from scenario_hall.core.search_servers import SearchServers
from scenario_hall.log.failures import all_failures
from scenario_hall.log.readers import ReaderRun, catch_up
from scenario_hall.search.engine.index import SearchIndex, SearchQuery
from scenario_hall.search.engine.opensearch.connection import Connection
from scenario_hall.search.engine.opensearch.generations import RejectedDocument
from scenario_hall.search.engine.opensearch.opensearch_index import OpenSearchIndex
from scenario_hall.search.reader import IndexReader, rebuild
from tests.opensearch import SharedOpenSearch
from tests.search.engine.test_contract import codes, document
from tests.world import World
from tools.opensearch.server import free_port


@pytest.fixture
def servers(opensearch: SharedOpenSearch) -> Iterator[SearchServers]:
    found = opensearch.servers()
    yield found
    Connection(found).write("DELETE", f"/{found.name}-*")


def indexes(servers: SearchServers) -> list[str]:
    return sorted(Connection(servers).read("GET", f"/{servers.name}-*/_settings"))


def all_found(index: SearchIndex) -> set[str]:
    return {hit.code for hit in index.search(SearchQuery(include_closed=True), now()).hits}


def test_while_it_is_read_only_searches_go_on_and_the_reader_waits(
    small_world: World, sqlite_engine: Engine, servers: SearchServers
) -> None:
    first = small_world.released_scenario()
    index, connection = OpenSearchIndex(servers), Connection(servers)
    run = ReaderRun(sqlite_engine, IndexReader(index))
    run.run_slice(10.0)
    second = small_world.released_scenario()
    connection.write("PUT", f"/{servers.name}-*/_settings", {"index.blocks.write": True})
    for _ in range(3):
        with pytest.raises(Unavailable):
            run.run_slice(10.0)
    assert all_found(index) == {first.code}
    assert all_failures(small_world.session, limit=10) == []
    connection.write("PUT", f"/{servers.name}-*/_settings", {"index.blocks.write": False})
    run.run_slice(10.0)
    assert all_found(index) == {first.code, second.code}


def test_of_two_hosts_one_is_enough(servers: SearchServers) -> None:
    index = OpenSearchIndex(replace(servers, hosts=(("127.0.0.1", free_port()), *servers.hosts)))
    for position in range(1, 5):
        index.apply([document(f"S-{position}")], [], position)
    assert set(codes(index)) == {"S-1", "S-2", "S-3", "S-4"}


def test_an_index_that_somebody_deleted_is_filled_by_the_log_again(
    small_world: World, sqlite_engine: Engine, servers: SearchServers
) -> None:
    code = small_world.released_scenario().code
    index = OpenSearchIndex(servers)
    reader = IndexReader(index)
    catch_up(sqlite_engine, reader)
    Connection(servers).write("DELETE", f"/{servers.name}-*")
    assert (index.position(), all_found(index)) == (0, set())
    catch_up(sqlite_engine, reader)
    assert all_found(index) == {code}


def test_worker_and_reindex_lose_nothing_to_each_other(
    small_world: World, sqlite_engine: Engine, servers: SearchServers
) -> None:
    index = OpenSearchIndex(servers)
    reader = IndexReader(index)
    released = {small_world.released_scenario().code}
    catch_up(sqlite_engine, reader)

    class Interrupted(OpenSearchIndex):
        """Another worker goes on after the rows were read, before the new index is current."""

        def rebuild(self, documents, position, *, rules=""):  # type: ignore[no-untyped-def]
            rows = list(documents)
            released.add(small_world.released_scenario().code)
            catch_up(sqlite_engine, reader)
            return super().rebuild(rows, position, rules=rules)

    rebuild(small_world.session, Interrupted(servers))
    assert all_found(index) < released
    catch_up(sqlite_engine, reader)
    assert all_found(index) == released


def test_a_worker_that_slept_over_a_batch_overwrites_nothing_newer(servers: SearchServers) -> None:
    first, slept = OpenSearchIndex(servers), OpenSearchIndex(servers)
    first.apply([document("S-1", "岸桥"), document("S-2")], [], 10)
    before = slept._generations.cursor()
    assert before is not None
    first.apply([document("S-1", "新港")], ["S-2"], 30, after=10)
    # What it had read before it slept, and writes now.
    slept._generations.put([document("S-1", "岸桥"), document("S-2")], [], 20)
    slept._generations.make_visible()
    with pytest.raises(StaleCursor):
        slept._generations.move_cursor(before, 20, "")
    assert (codes(first, "新港"), codes(first, "岸桥"), codes(first)) == (["S-1"], [], ["S-1"])


def test_the_index_before_stays_and_older_ones_go(servers: SearchServers) -> None:
    index = OpenSearchIndex(servers)
    generations = []
    for position in range(1, 5):
        index.rebuild([document("S-1")], position)
        cursor = index._generations.cursor()
        assert cursor is not None
        generations.append(cursor.index)
    assert indexes(servers) == sorted(generations[-2:])


def test_an_index_that_is_being_built_is_left_alone_by_another_rebuild(servers: SearchServers) -> None:
    slow, quick = OpenSearchIndex(servers), OpenSearchIndex(servers)

    def documents():  # type: ignore[no-untyped-def]
        for number in range(3):
            quick.rebuild([document(f"Q-{number}")], 5 + number)
        yield document("S-1")

    assert slow.rebuild(documents(), 4) == 1
    assert (codes(slow), slow.position()) == (["S-1"], 4)


def test_a_document_that_is_not_taken_is_named_and_moves_no_cursor(servers: SearchServers) -> None:
    index = OpenSearchIndex(servers)
    index.apply([document("S-1")], [], 1)
    with pytest.raises(RejectedDocument, match="S-2"):
        index.apply([document("S-2", readiness=1000), document("S-3")], [], 2)
    assert index.position() == 1
