"""From one changed record to what it means to 100,000 saved searches.

A database of its own: people, saved searches of one to three words with the frequencies of natural language (half of
them with a filter), compiled as the hall compiles them; then scenarios of 50 words are released and read by the
worker's reader, one after another, with what each of them finds stored.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time

import numpy as np
from sqlmodel import Session, insert, select

from benchmarks.corpus import SEED, documents, queries
from scenario_hall.alerts.asked import AskedSearch
from scenario_hall.alerts.compiling import words_mark
from scenario_hall.alerts.models import AlertHit, Rhythm, SavedSearch, SavedSearchKey, Watch
from scenario_hall.alerts.reader import AlertReader
from scenario_hall.core.clock import now
from scenario_hall.core.db import make_engine, transaction
from scenario_hall.core.policy import Actor
from scenario_hall.language.text import register_terms
from scenario_hall.log.readers import ReaderRun, catch_up
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.accounts import actor_of, register_account, set_administrator
from scenario_hall.organizations.models import Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.scenarios import service
from scenario_hall.schema import upgrade
from scenario_hall.search.engine.standing import keys_of
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.taxonomy.service import load_taxonomy, seed_taxonomy

SEARCHES, RELEASES = 100_000, 20
SYSTEM = Actor(name="bench", is_confirmed=True, is_system=True)


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:] if each.isdigit()] or [SEARCHES]
    for size in sizes:
        report(size, *measure(size))


def measure(size: int) -> tuple[list[float], list[int]]:
    """Seconds of the reader for each release, and how many searches each one answered."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/hall.sqlite")
        upgrade(engine)
        with Session(engine) as session:
            seed_taxonomy(session)
            person = register_account(
                session, email="a@bench.example", name="A", password="a long enough password", is_confirmed=True
            )
            set_administrator(SYSTEM, session=session, account=person, is_administrator=True)
            details = organizations.OrganizationDetails(
                name="湾澜港务",
                side=Side.DEMAND,
                registration_kind=RegistrationKind.HK_BR,
                registration_number="10000000",
                region="440300",
            )
            owner = organizations.create_organization(SYSTEM, session=session, details=details)
            organizations.act_on_organization(
                actor_of(session, person), session=session, organization=owner, action="verify"
            )
            fill(session, size, person.pk)
            reader = AlertReader()
            catch_up(engine, reader)
            run, times, found = ReaderRun(engine, reader), [], []
            for document in documents(RELEASES, "scenario"):
                made = service.create_scenario(
                    SYSTEM,
                    session=session,
                    organization=owner,
                    content={
                        "title": document.title,
                        "situation": document.body,
                        "wanted_result": document.title,
                        "domains": list(document.domains),
                        "region": document.region[0],
                        "contact_name": "b",
                        "contact_email": "b@b.example",
                    },
                )
                service.submit_scenario(SYSTEM, session=session, scenario=made, version=None)
                service.release_scenario(actor_of(session, person), session=session, scenario=made, version=None)
                begun = time.perf_counter()
                while run.run_slice(60.0):
                    pass
                times.append(time.perf_counter() - begun)
                hits = select(AlertHit.id).where(AlertHit.record_id == made.pk)
                found.append(len(session.exec(hits).all()))
        return times, found


def fill(session: Session, size: int, account_id: int) -> None:
    """Saved searches, as ``service.save_search`` writes them, in bulk."""
    taxonomy = load_taxonomy(session)
    register_terms(taxonomy.terms())
    mark, generator = words_mark(taxonomy), np.random.default_rng(SEED)
    rows, keys = [], []
    for number, words in enumerate(queries(size, 1, 3), start=1):
        filters = {"region": [REGIONS[int(generator.integers(len(REGIONS)))].code]} if number % 2 else {}
        asked = AskedSearch.model_validate({"q": " ".join(words), **filters})
        query = asked.standing(taxonomy)
        rows.append(
            {
                "id": number,
                "version": 1,
                "account_id": account_id,
                "name": asked.q,
                "watch": Watch.SEARCH,
                "subject_kind": "",
                "subject_id": None,
                "asked": asked.told(),
                "rhythm": Rhythm.DAILY,
                "is_paused": False,
                "compiled": query.as_data(),
                "words_mark": mark,
                "created_at": now(),
                "updated_at": now(),
            }
        )
        keys += [{"key": key, "search_id": number} for key in keys_of(query)]
    with transaction(session):
        session.exec(insert(SavedSearch), params=rows)
        session.exec(insert(SavedSearchKey), params=keys)


def report(size: int, times: list[float], found: list[int]) -> None:
    told = {
        "searches": size,
        "releases": len(times),
        "p50_s": round(statistics.median(times), 3),
        "worst_s": round(max(times), 3),
        "answered_p50": int(statistics.median(found)),
        "answered_most": max(found),
    }
    if "--json" in sys.argv:
        print(json.dumps(told))
        return
    print(
        f"{told['searches']:,} saved searches, {told['releases']} releases; seconds from the event to stored hits:\n"
        f"  p50 {told['p50_s']}   worst {told['worst_s']}   (searches answered: p50 {told['answered_p50']:,}, "
        f"most {told['answered_most']:,})"
    )


if __name__ == "__main__":
    main()
