"""From the release of a scenario to its being searchable, matched and on an open hall page.

A hall of its own with the demonstration data is served as `make run` serves it (web process and worker), an open
feed listens, and scenarios are released one after another. Times are from the commit of the release.
"""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
import urllib.request

from sqlmodel import Session, col, select

from benchmarks.hall import served_hall, wait_until
from scenario_hall.config import load_settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import make_engine
from scenario_hall.core.policy import Actor
from scenario_hall.log.chain import cursor, last_id
from scenario_hall.organizations.accounts import actor_of, find_account
from scenario_hall.organizations.models import Organization
from scenario_hall.scenarios import service
from scenario_hall.search.engine.index import SearchQuery
from scenario_hall.search.engine.whoosh_index import WhooshIndex

RELEASES = 20
PATIENCE = 30.0
TITLES = ("港口岸桥夜间无人机巡检", "输电走廊树障无人机测量", "桥梁钢箱梁爬壁机器人检测", "医院药品配送机器人")


class Feed(threading.Thread):
    """An open hall page: notes when each code comes by."""

    def __init__(self, base: str) -> None:
        super().__init__(daemon=True)
        self.answer = urllib.request.urlopen(f"{base}/live", timeout=PATIENCE * 4)
        self.seen: dict[str, float] = {}

    def run(self) -> None:
        for line in self.answer:
            if line.startswith(b"data: "):
                told = json.loads(line[6:])
                if told["kind"] == "scenario.released":
                    self.seen.setdefault(told["url"].rsplit("/", 1)[1], time.perf_counter())


def main() -> None:
    with served_hall() as (base, _folder):
        report(measure(base))


def measure(base: str) -> dict[str, list[float]]:
    settings = load_settings()
    engine, index = make_engine(settings.database_url), WhooshIndex(settings.search_index)
    feed = Feed(base)
    feed.start()
    times: dict[str, list[float]] = {"searchable": [], "matched": [], "on an open hall page": [], "all three": []}
    with Session(engine) as session:
        administrator = find_account(session, "admin@hall.example")
        assert administrator is not None
        owner = session.exec(
            select(Organization).where(col(Organization.state) == "verified", col(Organization.side) == "demand")
        ).first()
        assert owner is not None
        operator = Actor(name="bench", is_confirmed=True, is_system=True)
        for number in range(RELEASES):
            content = {
                "title": f"{TITLES[number % len(TITLES)]} {number}",
                "situation": "人工检查费时,夜间无法作业,存在安全风险。",
                "wanted_result": "自动完成检查并识别缺陷。",
                "domains": ["low-altitude"],
                "region": "440300",
                "contact_name": "b",
                "contact_email": "b@b.example",
            }
            made = service.create_scenario(operator, session=session, organization=owner, content=content)
            service.submit_scenario(operator, session=session, scenario=made, version=None)
            service.release_scenario(actor_of(session, administrator), session=session, scenario=made, version=None)
            code, line, begun = made.code, last_id(session), time.perf_counter()
            done: dict[str, float] = {}

            def check(code: str = code, line: int = line, done: dict[str, float] = done) -> bool:
                if "searchable" not in done:
                    hits = index.search(SearchQuery(text=f"code:{code}"), now()).hits
                    if hits:
                        done["searchable"] = time.perf_counter()
                if "matched" not in done:
                    session.rollback()
                    if cursor(session, "matcher") >= line:
                        done["matched"] = time.perf_counter()
                if code in feed.seen:
                    done["on an open hall page"] = feed.seen[code]
                return len(done) == 3

            try:
                wait_until(check, PATIENCE)
            except TimeoutError:
                raise TimeoutError(f"{code}: only {sorted(done)} within {PATIENCE} s") from None
            for name, moment in done.items():
                times[name].append(moment - begun)
            times["all three"].append(max(done.values()) - begun)
    return times


def report(times: dict[str, list[float]]) -> None:
    rows = {
        name: {
            "p50_ms": round(statistics.median(values) * 1000, 1),
            "p95_ms": round(statistics.quantiles(values, n=20)[-1] * 1000, 1),
        }
        for name, values in times.items()
    }
    if "--json" in sys.argv:
        print(json.dumps({"releases": RELEASES, **rows}, ensure_ascii=False))
        return
    print(f"{RELEASES} releases, demonstration data; milliseconds from the commit of the release")
    for name, row in rows.items():
        print(f"  {name:<22} p50 {row['p50_ms']:>8}   p95 {row['p95_ms']:>8}")


if __name__ == "__main__":
    main()
