"""The grown hall is a whole hall: its log verifies, nothing is left to do, and everything in it is found and matched."""

from __future__ import annotations

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from benchmarks.grown_hall import OPEN_SCENARIOS, Size, build
from scenario_hall.cli.doctor import _breaches, _failures
from scenario_hall.config import Settings
from scenario_hall.log.chain import last_id
from scenario_hall.log.readers import lag_of
from scenario_hall.log.tree import LOWEST, subtrees
from scenario_hall.log.verifying import verify
from scenario_hall.matching.models import StoredMatch
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.worker.health import health_of
from scenario_hall.worker.readers import make_readers

SIZE = Size(products=25, scenarios=5, lines=200)


def test_a_small_one_is_whole(hall_settings: Settings, sqlite_engine: Engine) -> None:
    build(hall_settings, SIZE, with_story=False)
    with Session(sqlite_engine) as session:
        readers = make_readers(hall_settings)
        assert [lag_of(session, reader).events for reader in readers] == [0] * len(readers)
        assert [*_failures(health_of(session, readers)), *_breaches(session)] == []
        assert session.exec(select(func.count(col(Product.id))).where(Product.state == "listed")).one() == 25
        by_state = dict(
            session.exec(select(Scenario.state, func.count(col(Scenario.id))).group_by(Scenario.state)).all()
        )
        assert by_state == {"released": 5 // OPEN_SCENARIOS, "closed": 5 - 5 // OPEN_SCENARIOS}
        assert all(each.organization.offers for each in session.exec(select(Product)))
        assert all(each.organization.demands for each in session.exec(select(Scenario)))
        assert all(not record.missing() for record in session.exec(select(Product)))
        assert abs(last_id(session) - SIZE.lines) < 40
        assert WhooshIndex(hall_settings.search_index).count() == 30
        assert session.exec(select(func.count()).select_from(StoredMatch)).one() > 0
        # The tree over the log is the one that its lines give.
        assert len(subtrees(session)(LOWEST, 0)) == 32
        assert verify(session).fault is None
