"""The engines that one contract holds for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scenario_hall.search.engine.index import SearchIndex
from scenario_hall.search.engine.opensearch.connection import Connection
from scenario_hall.search.engine.opensearch.opensearch_index import OpenSearchIndex
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from tests.opensearch import SharedOpenSearch
from tests.programs import needed
from tools.opensearch.packages import opensearch_packages

Opener = Callable[[], SearchIndex]
EngineMaker = Callable[[], Opener]


@pytest.fixture(scope="session")
def opensearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedOpenSearch]:
    """A private OpenSearch of one node. Skipped with a word where it cannot be had."""
    place = tmp_path_factory.getbasetemp()
    packages = needed(opensearch_packages(), "OpenSearch", is_required=False)
    server = SharedOpenSearch(packages, place.parent if is_one_of_many() else place)
    server.join()
    yield server
    server.leave()


def is_one_of_many() -> bool:
    """One of several processes of the same run?"""
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.fixture(params=["embedded", "opensearch"])
def new_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EngineMaker]:
    """Makes empty indexes of each engine: of each a function that opens it, as each process opens it for itself."""
    if request.param == "embedded":
        made: list[Path] = []

        def embedded() -> Opener:
            folder = tmp_path / f"index-{len(made)}"
            made.append(folder)
            return lambda: WhooshIndex(folder)

        yield embedded
        return
    server: SharedOpenSearch = request.getfixturevalue("opensearch")
    names: list[str] = []

    def remote() -> Opener:
        servers = server.servers()
        names.append(servers.name)
        return lambda: OpenSearchIndex(servers)

    yield remote
    if names:
        Connection(server.servers()).write("DELETE", "/" + ",".join(f"{name}-*" for name in names))


@pytest.fixture
def index(new_index: EngineMaker) -> SearchIndex:
    """One empty index, of each engine."""
    return new_index()()
