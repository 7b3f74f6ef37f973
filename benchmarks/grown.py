"""The hall when it is full: the rows of issue 18's table, each beside its goal.

``python -m benchmarks.grown [PRODUCTS] [--only ROW …] [--json]`` measures a hall of 100,000 products, a fifth as many
scenarios and ten times as many lines of the log (``grown_hall.py``; built once, kept under .cache), served as
``make run`` serves it; fewer PRODUCTS for development.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import quote

import numpy as np
import psutil  # type: ignore[import-untyped]
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from benchmarks.corpus import NOW, documents, queries
from benchmarks.grown_hall import CACHE, Size, grown_hall
from benchmarks.hall import served_in, settings_of, wait_until
from scenario_hall.config import ROOT, load_settings
from scenario_hall.core.db import make_engine
from scenario_hall.demonstration.cast import ADMINISTRATORS
from scenario_hall.log.chain import cursor, last_id
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.organizations.models import Account, Membership, Organization
from scenario_hall.products.models import Product
from scenario_hall.products.service import amend_product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.index import SearchQuery
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import public_documents
from scenario_hall.taxonomy.service import load_taxonomy

TIMES, COMMITS, SEARCHES = 12, 25, 60
WORDS = ("无人机", "巡检", "机器人", "识别", "码头")
FACETS = ("domain", "region", "status")
PATIENCE = 900.0


@dataclass(frozen=True)
class Row:
    """One figure; ``most`` is the goal that it may not pass, ``least`` one that it has to reach."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def is_kept(self) -> bool:
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)


def main() -> None:
    arguments = sys.argv[1:]
    products = next((int(each) for each in arguments if each.isdigit()), 100_000)
    asked = [each for each in arguments if each in MEASURES] or list(MEASURES)
    folder = grown_hall(Size.of(products))
    os.environ.update(settings_of(folder))
    rows: list[Row] = []
    for name in asked:
        for row in MEASURES[name](folder, products):
            rows.append(row)
            if "--json" not in arguments:
                print(told(row), flush=True)
    if "--json" in arguments:
        print(json.dumps([row.__dict__ | {"is_kept": row.is_kept} for row in rows], ensure_ascii=False))


def told(row: Row) -> str:
    goal = (
        f"at most {row.most:g}" if row.most is not None else f"at least {row.least:g}" if row.least is not None else ""
    )
    mark = "" if not goal else "kept" if row.is_kept else "BROKEN"
    return f"  {row.name:<58}{row.value:>10,.2f} {row.unit:<10}{goal:<16}{mark:<8}{row.note}"


def measure_index(folder: Path, products: int) -> Iterator[Row]:
    """A full rebuild beside a search, then commits of one changed record."""
    settings = load_settings()
    with Session(make_engine(settings.database_url)) as session:
        index = WhooshIndex(settings.search_index)
        asked = SearchQuery(text="无人机巡检", facets=FACETS)
        index.search(asked, NOW)
        rebuilding = subprocess.Popen(
            [sys.executable, "-c", REBUILD, str(settings.search_index)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        beside = []
        while rebuilding.poll() is None:
            beside += timed([asked] * 5, lambda query: WhooshIndex.search(index, query, NOW))
            time.sleep(0.05)
        assert rebuilding.stdout is not None
        count, seconds = map(float, rebuilding.stdout.read().split())
        yield Row("full rebuild of the index, searched meanwhile", count / seconds, "a second", least=2000)
        yield Row("  a search beside it, p50", statistics.median(beside), "ms")
        taxonomy = load_taxonomy(session)
        document = next(public_documents(session, taxonomy))
        commits, searches = [], []
        for number in range(COMMITS):
            changed = replace(document, title=f"{document.title}{number}")
            commits += timed([changed], lambda each: index.apply([each], [], index.position()))
            searches += timed([asked], lambda query: index.search(query, NOW))
        yield Row("commit of one changed record, p50", statistics.median(commits), "ms", most=15)
        yield Row("the next search, p50", statistics.median(searches), "ms", most=3)
        same = timed(range(COMMITS), lambda _number: index.apply([changed], [], index.position()))
        yield Row("an event that changes no document, p50", statistics.median(same), "ms")
        index.apply([document], [], index.position())


REBUILD = """
import sys, time
from pathlib import Path
from sqlmodel import Session
from scenario_hall.config import load_settings
from scenario_hall.core.db import make_engine
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import rebuild
with Session(make_engine(load_settings().database_url)) as session:
    begun = time.perf_counter()
    count = rebuild(session, WhooshIndex(Path(sys.argv[1])))
    print(count, time.perf_counter() - begun)
"""


def measure_million(_folder: Path, products: int) -> Iterator[Row]:
    """Search alone over ten times as many documents as there are products."""
    count = 10 * products
    index = WhooshIndex(CACHE / f"index-{count}")
    if index.count() != count:
        begun = time.perf_counter()
        index.rebuild(documents(count), 1)
        yield Row(f"{count:,} documents, cut and written", count / (time.perf_counter() - begun), "a second")
    asked = [SearchQuery(text=" ".join(words), kind="scenario", facets=FACETS) for words in queries(SEARCHES, 1, 4)]
    cold = timed(asked, lambda query: index.search(query, NOW))
    warm = timed(asked, lambda query: index.search(query, NOW))
    yield Row(f"{count:,} documents: a search with facets, p50", statistics.median(warm), "ms", most=8)
    yield Row("  words that nobody asked for before, p50", statistics.median(cold), "ms")


def measure_start(folder: Path, products: int) -> Iterator[Row]:
    """The second start to the first page, and the worker's start until a product that changed meanwhile is matched."""
    settings = load_settings()
    begun = time.perf_counter()
    with served_in(folder, "--no-worker"):
        yield Row("second start, to the first page", time.perf_counter() - begun, "s", most=3)
    line = change_a_product()
    with started(["worker"]) as (process, begun):
        engine = make_engine(settings.database_url)
        wait_until(lambda: has_read(engine, ReaderName.MATCHER, line), PATIENCE, every=0.1)
        yield Row("start of the worker, to the first match", time.perf_counter() - begun, "s", most=20)
        yield Row("memory of the worker", megabytes(process.pid), "MB", most=1500)


def has_read(engine: Engine, name: str, line: int) -> bool:
    with Session(engine) as session:
        return cursor(session, name) >= line


@contextmanager
def started(command: list[str]) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "scenario_hall", *command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process, begun
    finally:
        process.terminate()
        process.wait(30)


def change_a_product() -> int:
    """Returns the log's line that tells of it."""
    with Session(make_engine(load_settings().database_url)) as session:
        product = session.exec(select(Product).where(col(Product.state) == "listed").order_by(col(Product.id))).first()
        assert product is not None
        member = select(Account).join(Membership, col(Membership.account_id) == col(Account.id))
        owner = session.exec(member.where(col(Membership.organization_id) == product.organization_id)).first()
        assert owner is not None
        actor = actor_of(session, owner)
        content = {"version_label": f"V{time.time():.0f}"}
        amend_product(actor, session=session, product=product, version=None, content=content, reason="新版本")
        return last_id(session)


def measure_pages(folder: Path, products: int) -> Iterator[Row]:
    """Pages of each role, signed in, and the memory of the processes that answered."""
    with served_in(folder, "--web-processes", "1") as (base, served):
        slowest: list[tuple[float, str]] = []
        taken: list[float] = []
        for role, email, paths in roles():
            browser = signed_in(base, email)
            for path in paths:
                times = timed(range(TIMES), lambda _number, path=path: browser.open(base + path, timeout=60).read())
                taken += times
                slowest.append((float(np.percentile(times, 95)), f"{path} ({role})"))
                if path == "/review/gaps":
                    yield Row("gaps of supply, p95", slowest[-1][0], "ms", most=100)
        yield Row("pages, signed in, p50", statistics.median(taken), "ms")
        yield Row("pages, signed in, p95", float(np.percentile(taken, 95)), "ms", most=150)
        for milliseconds, page in sorted(slowest, reverse=True)[:10]:
            yield Row(f"  {page}, p95", milliseconds, "ms", most=150)
        sizes = {process.pid: " ".join(process.cmdline()) for process in psutil.Process(served.pid).children(True)}
        web = [megabytes(pid) for pid, command in sizes.items() if "gunicorn" in command]
        yield Row("memory of the web process that grew most", max(web), "MB", most=450)


def roles() -> Iterator[tuple[str, str, list[str]]]:
    """Who asks, and for which pages; people of the demonstration and of the grown part."""
    with Session(make_engine(load_settings().database_url)) as session:
        scenario = session.exec(select(Scenario).where(col(Scenario.state) == "released")).first()
        product = session.exec(select(Product).where(col(Product.state) == "listed")).first()
        assert scenario is not None and product is not None
        demand, supplier = owner_of(session, scenario.organization), owner_of(session, product.organization)
        everybody = [
            "/",
            f"/search?q={quote('无人机巡检')}",
            f"/search?q={quote('机器人')}&kind=product",
            "/scenarios/",
            "/products/",
            f"/scenarios/{scenario.code}",
            f"/products/{product.code}",
            "/outcomes",
            "/progress",
            "/certificates",
            "/desk",
            "/log",
            "/organizations/",
            f"/organizations/{scenario.organization_id}",
            f"/organizations/{product.organization_id}",
        ]
        yield "supplier", supplier, [*everybody, f"/scenarios/{scenario.code}/apply", "/products/start", "/lists/"]
        yield "demand", demand, [*everybody, f"/organizations/{scenario.organization_id}/lacks", "/scenarios/new"]
        queues = [
            "/review/",
            "/review/gaps",
            "/review/overdue",
            "/review/follow-through",
            "/review/several?queue=scenarios",
        ]
        tools = ["/admin/", "/admin/accounts", "/admin/matching/", "/admin/work/", "/admin/log", "/admin/taxonomy"]
        yield "administrator", ADMINISTRATORS[0][0], [*everybody, *queues, *tools, "/lists/"]


def owner_of(session: Session, organization: Organization) -> str:
    member = select(Account).join(Membership, col(Membership.account_id) == col(Account.id))
    found = session.exec(member.where(col(Membership.organization_id) == organization.pk)).first()
    assert found is not None
    return found.email


def signed_in(base: str, email: str) -> urllib.request.OpenerDirector:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{base}/login", timeout=60).read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None, "the log-in page has no form"
    form = {"csrf_token": token[1], "email": email, "password": load_settings().demo_password}
    answer = browser.open(f"{base}/login", urllib.parse.urlencode(form).encode(), timeout=60)
    assert "/login" not in answer.url, f"{email} was not let in"
    return browser


def timed(items: Iterable[object], run: Callable[..., object]) -> list[float]:
    """Milliseconds of each."""
    times = []
    for item in items:
        begun = time.perf_counter()
        run(item)
        times.append((time.perf_counter() - begun) * 1000)
    return times


def megabytes(pid: int) -> float:
    """Of a process, without what it shares with others (PSS)."""
    return float(psutil.Process(pid).memory_full_info().pss) / 2**20


MEASURES: dict[str, Callable[[Path, int], Iterator[Row]]] = {
    "start": measure_start,
    "pages": measure_pages,
    "index": measure_index,
    "million": measure_million,
}


if __name__ == "__main__":
    main()
