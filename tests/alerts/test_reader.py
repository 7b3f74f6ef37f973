"""What a changed record means to saved searches: found once, with why; told again only for what matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.alerts.compiling import compile_stale, words_mark
from scenario_hall.alerts.models import AlertHit, Rhythm, SavedSearch, SavedSearchKey, Watch
from scenario_hall.alerts.reader import AlertReader
from scenario_hall.alerts.service import change_search, delete_search
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied, NotFound
from scenario_hall.exchange.models import ImportedContent
from scenario_hall.log.chain import cursor, events_after
from scenario_hall.log.readers import Batch
from scenario_hall.scenarios.service import amend_scenario, end_scenario, release_scenario
from scenario_hall.taxonomy.service import load_taxonomy
from tests.alerts.conftest import Watcher
from tests.world import World


def test_a_release_is_found_once_by_each_search_that_it_answers(watcher: Watcher) -> None:
    yes = [watcher.save(q="无人机 -桥梁", region=["440300"]), watcher.save(q='"岸桥"'), watcher.save(region=["440300"])]
    watcher.save(q="机器人")
    watcher.save(q="无人机", region=["820000"])
    watcher.save(q="无人机", kind="product")
    record = watcher.world.released_scenario()
    watcher.read()
    assert {hit.search_id for hit in watcher.hits()} == {each.pk for each in yes}
    assert {(hit.record_kind, hit.record_id) for hit in watcher.hits()} == {("scenario", record.pk)}
    by_search = {hit.search_id: hit.why for hit in watcher.hits()}
    assert by_search[yes[0].pk] == {"words": ["无人机"], "filters": ["regions"]}
    assert by_search[yes[1].pk]["words"] == ["岸桥"]
    assert by_search[yes[2].pk] == {"words": [], "filters": ["regions"]}


def test_reading_the_log_again_finds_nothing_twice(watcher: Watcher, sqlite_engine: Engine) -> None:
    watcher.save(q="无人机")
    watcher.world.released_scenario()
    watcher.read()
    first = [(hit.id, hit.event_id) for hit in watcher.hits()]
    with Session(sqlite_engine) as session:
        end = cursor(session, "alerts")
        again = events_after(session, 0, limit=500, kinds=sorted(AlertReader().wants))
        assert again
        AlertReader().advance(session, Batch(again, end, end))
    assert [(hit.id, hit.event_id) for hit in watcher.hits()] == first


def test_what_matters_is_told_again_once_and_nothing_else(
    watcher: Watcher, text_of: Callable[[EmailMessage], str]
) -> None:
    watcher.save(q="无人机")
    world = watcher.world
    scenario = world.released_scenario()
    assert len(watcher.letters()) == 1

    def amend(**content: object) -> None:
        amend_scenario(
            world.demand, session=world.session, scenario=scenario, version=None, content=content, reason="x"
        )

    amend(timetable="2031")
    assert watcher.letters() == []
    with clock.at(now() + timedelta(minutes=30)):
        amend(deadline=now() + timedelta(days=60))
        (letter,) = watcher.letters()
        assert "Deadline" in text_of(letter)
        assert watcher.letters() == []
    with clock.at(now() + timedelta(minutes=60)):
        amend(budget_max=900_000)
        (letter,) = watcher.letters()
        assert "Budget" in text_of(letter) and "Deadline" not in text_of(letter)


def test_what_no_longer_answers_before_it_was_told_is_not_told(watcher: Watcher) -> None:
    watcher.save(Rhythm.DAILY, budget_max=850_000)
    watcher.save(Rhythm.DAILY, q="无人机")
    world = watcher.world
    scenario = world.released_scenario(budget_min=800_000)
    watcher.read()
    assert len(watcher.hits()) == 2
    amend_scenario(
        world.demand,
        session=world.session,
        scenario=scenario,
        version=None,
        content={"budget_min": 900_000, "budget_max": 950_000},
        reason="x",
    )
    watcher.read()
    assert len(watcher.hits()) == 1
    end_scenario(
        world.demand, session=world.session, scenario=scenario, version=None, action="withdraw", reason="No money"
    )
    watcher.read()
    with clock.at(now() + timedelta(days=1)):
        assert watcher.letters() == []
    assert [hit.told_at for hit in watcher.hits()] == [None]


def test_paused_and_deleted_searches_find_nothing(watcher: Watcher) -> None:
    actor, session = watcher.world.actor(watcher.person), watcher.world.session
    paused, deleted = watcher.save(q="无人机"), watcher.save(q="岸桥")
    change_search(actor, session=session, search_id=paused.pk, version=1, name="x", rhythm=Rhythm.DAILY, is_paused=True)
    delete_search(actor, session=session, search_id=deleted.pk)
    watcher.world.released_scenario()
    watcher.read()
    assert watcher.hits() == []
    keys = session.exec(select(SavedSearchKey.search_id).distinct()).all()
    assert list(keys) == [paused.pk]


def test_what_comes_with_a_list_waits_for_the_morning_and_old_news_is_none(watcher: Watcher) -> None:
    watcher.save(q="无人机")
    with clock.at(now() - timedelta(days=4)):
        watcher.world.released_scenario()
    listed = watcher.world.submitted_scenario(deadline=now() + timedelta(days=30))
    watcher.world.session.add(ImportedContent(subject="scenario", record_id=listed.pk))
    watcher.world.session.commit()
    release_scenario(watcher.world.admin, session=watcher.world.session, scenario=listed, version=None)
    assert watcher.letters() == []
    (hit,) = watcher.hits()
    assert hit.record_id == listed.pk and hit.is_of_many
    with clock.at(now() + timedelta(days=1)):
        assert len(watcher.letters()) == 1


def test_matches_are_told_to_both_sides_with_the_matchers_reasons(watcher: Watcher) -> None:
    world = watcher.world
    scenario = world.released_scenario()
    watcher.read(matches=True)
    for_it = watcher.save(person=world.port_person, watch=Watch.PRODUCTS, subject=("scenario", scenario.pk))
    product = world.listed_product()
    watcher.read(matches=True)
    (hit,) = watcher.hits()
    assert (hit.search_id, hit.record_kind, hit.record_id) == (for_it.pk, "product", product.pk)
    assert hit.why["score"] >= 50 and hit.why["words"]
    fits = watcher.save(person=world.maker_person, watch=Watch.SCENARIOS, subject=("product", product.pk))
    other = world.released_scenario(title="第二处岸桥无人机巡检")
    watcher.read(matches=True)
    assert {(each.search_id, each.record_id) for each in watcher.hits()} == {
        (for_it.pk, product.pk),
        (fits.pk, other.pk),
    }


def test_nobody_watches_matches_that_are_not_theirs(watcher: Watcher) -> None:
    world = watcher.world
    scenario, product, draft = world.released_scenario(), world.listed_product(), world.draft_scenario()
    for watch, subject in (
        (Watch.PRODUCTS, ("scenario", scenario.pk)),
        (Watch.SCENARIOS, ("product", product.pk)),
    ):
        with pytest.raises(Denied):
            watcher.save(watch=watch, subject=subject)
    for watch, hidden in (
        (Watch.RECORD, ("scenario", draft.pk)),
        (Watch.RECORD, ("scenario", 999)),
        (Watch.RECORD, ("organization", world.port.pk)),
        (Watch.PRODUCTS, None),
    ):
        with pytest.raises(NotFound):
            watcher.save(watch=watch, subject=hidden)


def test_a_record_and_an_organisation_are_followed(watcher: Watcher) -> None:
    world = watcher.world
    scenario = world.released_scenario()
    watcher.read()
    record = watcher.save(watch=Watch.RECORD, subject=("scenario", scenario.pk))
    house = watcher.save(watch=Watch.ORGANIZATION, subject=("organization", world.port.pk))
    end_scenario(
        world.demand, session=world.session, scenario=scenario, version=None, action="close", reason="Enough offers"
    )
    other = world.released_scenario()
    watcher.read()
    assert {(hit.search_id, hit.record_id, *hit.changed) for hit in watcher.hits()} == {
        (record.pk, scenario.pk, "closed"),
        (house.pk, other.pk),
    }


def test_other_words_of_the_taxonomy_compile_every_search_anew(watcher: Watcher) -> None:
    session = watcher.world.session
    search = watcher.save(q="无人机")
    taxonomy = load_taxonomy(session)
    assert search.words_mark == words_mark(taxonomy) and compile_stale(session, taxonomy) == 0
    search.words_mark, search.compiled = "another", {}
    session.add(search)
    session.commit()
    watcher.world.released_scenario()
    watcher.read()
    assert [hit.search_id for hit in watcher.hits()] == [search.pk]
    kept = session.exec(select(SavedSearch).where(col(SavedSearch.id) == search.pk)).one()
    assert kept.words_mark == words_mark(taxonomy) and kept.compiled["has_words"]


def test_each_hit_is_one_row_of_search_and_record(world: World) -> None:
    """On both databases."""
    row = {"search_id": 1, "record_kind": "scenario", "record_id": 1}
    assert any(
        {column.name for column in constraint.columns} == set(row)  # type: ignore[attr-defined]
        for constraint in AlertHit.__table__.constraints  # type: ignore[attr-defined]
    )
