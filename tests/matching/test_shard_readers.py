"""A matcher divided among several readers stores and tells what one undivided matcher does."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.values import Comparison, Requirement
from scenario_hall.log.chain import events_after
from scenario_hall.log.failures import count_failures
from scenario_hall.log.readers import ReaderRun, catch_up
from scenario_hall.matching import reader as matching_reader
from scenario_hall.matching import shard_readers
from scenario_hall.matching.models import MatchPart, StoredMatch
from scenario_hall.matching.reader import MatchReader
from scenario_hall.matching.shard_readers import AllShares, FollowingMatcher, MergingReader, ShardReader
from scenario_hall.matching.share import shares
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.outcomes.claim.models import PriorArtCheck
from scenario_hall.outcomes.claim.prior_art_reader import PriorArtReader
from scenario_hall.products.service import amend_product, delist_product
from scenario_hall.scenarios.service import amend_scenario, end_scenario
from tests.matching.test_gap_sums import counted_anew, kept
from tests.world import World

Rows = dict[tuple[int, int], tuple[int | None, float, Any]]


class Divided:
    """The readers of a divided matcher, in one process."""

    def __init__(self, engine: Engine, of: int) -> None:
        self.engine = engine
        self.shards = [ShardReader(None, share) for share in shares(of)]
        self.merging = MergingReader(of)
        self.merge = ReaderRun(engine, self.merging, behind=AllShares(self.shards))

    def follow(self) -> None:
        for shard in self.shards:
            catch_up(self.engine, shard)
        self.merge_all()

    def merge_all(self) -> None:
        while self.merge.run_slice(60.0):
            pass
        with Session(self.engine) as session:
            self.merging.merge_waiting(session)


def stored(session: Session, most: int = matching_reader.KEPT) -> Rows:
    """The best pairs of each scenario, as they are stored."""
    session.rollback()
    session.expire_all()
    found: Rows = {}
    counts: dict[int, int] = {}
    order = col(StoredMatch.rank).desc(), col(StoredMatch.product_id)
    for row in session.exec(select(StoredMatch).order_by(*order)):
        counts[row.scenario_id] = counts.get(row.scenario_id, 0) + 1
        if counts[row.scenario_id] <= most:
            found[row.scenario_id, row.product_id] = row.score, row.rank, row.reasons
    return found


def endurance(least: float) -> list[Requirement]:
    return [Requirement(metric="续航时间", comparison=Comparison.AT_LEAST, value=least, unit="min")]


@pytest.mark.parametrize("number", [0, 1, 7, 1_000_003])
def test_each_product_is_in_one_share(number: int) -> None:
    for of in (1, 2, 3, 8):
        assert sum(share.has(number) for share in shares(of)) == 1


def random_acts(world: World, source: random.Random) -> list[Callable[[], object]]:
    """Things that happen to a hall's records, in a random order, each once the last one has been done."""
    scenarios, products = [world.released_scenario()], [world.listed_product()]

    def text() -> str:
        return f"续航 {source.randint(10, 90)} 分钟，编号 {source.random()}"  # never what it was before

    def amend() -> None:
        record, content = source.choice(scenarios), {"wanted_result": text()}
        amend_scenario(world.demand, session=world.session, scenario=record, version=None, content=content, reason="x")
        world.accepted_change(record)

    def amend_other() -> None:
        record, content = source.choice(products), {"summary": text()}
        amend_product(world.supplier, session=world.session, product=record, version=None, content=content, reason="x")
        world.accepted_change(record)

    def end() -> None:
        if len(scenarios) > 1:
            ended = scenarios.pop(source.randrange(len(scenarios)))
            end_scenario(world.demand, session=world.session, scenario=ended, action="close", version=None, reason="x")

    def delist() -> None:
        if len(products) > 1:
            gone = products.pop(source.randrange(len(products)))
            delist_product(world.supplier, session=world.session, product=gone, version=None, reason="x")

    def suspend(side: str) -> Callable[[], None]:
        def act() -> None:
            records: list[Any] = list(scenarios) if side == "demand" else list(products)
            owner = world.session.get_one(Organization, records[0].organization_id)
            for action in ("suspend", "reinstate")[: source.randint(1, 2)]:
                if (action == "suspend") == (owner.state == "verified"):
                    act_on_organization(
                        world.admin, session=world.session, organization=owner, action=action, version=None, reason="x"
                    )
            if owner.state != "verified":
                act_on_organization(
                    world.admin, session=world.session, organization=owner, action="reinstate", version=None, reason="x"
                )

        return act

    kinds: list[Callable[[], object]] = [
        lambda: scenarios.append(world.released_scenario(requirements=endurance(source.randint(5, 120)))),
        lambda: products.append(world.listed_product(summary=f"巡检无人机，续航 {source.randint(10, 90)} 分钟")),
        lambda: products.append(world.listed_product()),
        amend,
        amend_other,
        end,
        delist,
        suspend("demand"),
        suspend("supply"),
    ]
    return [source.choice(kinds) for _ in range(14)]


@pytest.mark.parametrize(("of", "seed"), [(2, 1), (3, 2)])
def test_after_any_history_the_shares_have_stored_what_an_undivided_matcher_does(
    small_world: World, sqlite_engine: Engine, of: int, seed: int
) -> None:
    """Whichever share is ahead of the others, and however many restart."""
    world, source, divided = small_world, random.Random(seed), Divided(sqlite_engine, of)
    most = 0
    for act in random_acts(world, source):
        act()
        world.session.commit()
        for shard in source.sample(divided.shards, source.randint(0, of)):
            catch_up(sqlite_engine, shard)
        divided.merge_all()
        most = max(most, len(stored(world.session)))
        if source.random() < 0.2:
            divided = Divided(sqlite_engine, of)
    divided.follow()
    found = stored(world.session)
    assert kept(world.session) == counted_anew(world.session)
    MatchReader().recompute(world.session)
    assert found == stored(world.session)
    assert most > 1
    assert world.session.exec(select(MatchPart)).all() == []


def test_the_best_of_the_shares_best_are_the_best_of_all(
    small_world: World, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more products than are kept, one share having most of the good ones."""
    monkeypatch.setattr(matching_reader, "KEPT", 3)
    monkeypatch.setattr(shard_readers, "KEPT", 3)
    world = small_world
    for minutes in (90, 5, 80, 6, 70, 7, 60, 30):
        world.listed_product(summary=f"巡检无人机，续航 {minutes} 分钟")
    scenario = world.released_scenario(requirements=endurance(40))
    Divided(sqlite_engine, 2).follow()
    found = stored(world.session)
    assert len(found) == 3 and {key[0] for key in found} == {scenario.pk}
    MatchReader().recompute(world.session)
    assert found == stored(world.session)


def told(world: World) -> list[str]:
    world.session.rollback()
    kinds = ["scenario.matched", "product.matched"]
    return [event.data for event in events_after(world.session, 0, limit=1000, kinds=kinds)]


def test_a_match_is_told_once_over_all_shares(small_world: World, sqlite_engine: Engine) -> None:
    for _ in range(4):
        small_world.listed_product()
    small_world.released_scenario()
    divided = Divided(sqlite_engine, 3)
    divided.follow()
    divided.follow()
    news = told(small_world)
    assert len(news) == 5  # each product and the scenario
    assert sum('"matches":4' in data for data in news) == 1


def test_a_share_that_fails_at_an_event_leaves_the_others_matches_and_brings_its_own_later(
    small_world: World, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, divided = small_world, Divided(sqlite_engine, 2)
    for _ in range(4):
        world.listed_product()
    divided.follow()
    world.released_scenario()
    world.session.commit()
    failing = divided.shards[0]
    rows_of = failing._rows_of

    def raises(session: Session, record: Any) -> Any:
        raise ValueError("this share cannot")

    monkeypatch.setattr(failing, "_rows_of", raises)
    divided.follow()
    assert len(stored(world.session)) == 2
    with Session(sqlite_engine) as session:
        assert count_failures(session) == {failing.name: 1}
    monkeypatch.setattr(failing, "_rows_of", rows_of)
    with clock.at(now() + timedelta(hours=1)):  # when it is due again
        divided.follow()
    with Session(sqlite_engine) as session:
        assert count_failures(session) == {}
    assert len(stored(world.session)) == 4


def test_a_hall_can_be_divided_otherwise_and_put_together_again(small_world: World, sqlite_engine: Engine) -> None:
    world = small_world
    world.listed_product()
    for work in (
        lambda: catch_up(sqlite_engine, MatchReader()),
        Divided(sqlite_engine, 2).follow,
        Divided(sqlite_engine, 3).follow,
        lambda: catch_up(sqlite_engine, MatchReader()),
        Divided(sqlite_engine, 2).follow,  # its shares' cursors are of a time long ago
        Divided(sqlite_engine, 3).follow,
    ):
        world.released_scenario()
        world.listed_product()
        world.session.commit()
        work()
        found = stored(world.session)
        assert len({scenario for scenario, _ in found}) * len({product for _, product in found}) == len(found)
    MatchReader().recompute(world.session)
    assert found == stored(world.session)


def test_prior_art_of_a_divided_matcher_reads_on_by_itself(small_world: World, sqlite_engine: Engine) -> None:
    world, matcher = small_world, FollowingMatcher()
    reader = PriorArtReader(matcher, reads_memory=False)
    world.session.commit()
    catch_up(sqlite_engine, reader)
    first = world.claimed()
    like = world.listed_product(
        **{name: getattr(first.product, name) for name in ("title", "summary", "domains", "tags")}
    )
    world.session.commit()
    catch_up(sqlite_engine, reader)
    second = world.claimed()
    world.session.commit()
    catch_up(sqlite_engine, reader)
    for claim in (first, second):
        check = world.session.get_one(PriorArtCheck, claim.pk, populate_existing=True)
        assert like.pk in [product_id for product_id, _share in check.alike]
