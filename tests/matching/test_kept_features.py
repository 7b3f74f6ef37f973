"""Features that are kept are those that would be made; a start reads them, and whatever they depend on ends them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.core.clock import local_today
from scenario_hall.language.text import register_terms
from scenario_hall.log.chain import last_id
from scenario_hall.log.readers import catch_up
from scenario_hall.matching import from_rows, kept_features, reader
from scenario_hall.matching.engine.features import Features
from scenario_hall.matching.from_rows import features_of, state_of
from scenario_hall.matching.kept_features import Kept, KeptFeatures
from scenario_hall.matching.reader import MatchReader
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.products.models import Product
from scenario_hall.products.service import amend_product, delist_product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy
from tests.world import World


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes of the records whose features were made, not read."""
    found: list[str] = []

    def noting(record: Scenario | Product, taxonomy: Taxonomy) -> Features | None:
        found.append(record.code)
        return from_rows.features_of(record, taxonomy)

    monkeypatch.setattr(reader, "features_of", noting)
    return found


def started(engine: Engine, path: Path) -> MatchReader:
    """A matcher as a worker has it after its start."""
    found = MatchReader(kept=path)
    with Session(engine) as session:
        found.current(session)
    return found


def test_a_start_reads_what_was_kept_and_matches_as_one_that_made_all(
    small_world: World, sqlite_engine: Engine, tmp_path: Path, made: list[str]
) -> None:
    scenario, product = small_world.released_scenario(), small_world.listed_product()
    other, gone = small_world.listed_product(), small_world.listed_product()
    path = tmp_path / "kept.sqlite"
    catch_up(sqlite_engine, MatchReader(kept=path))
    session = small_world.session
    changed = {"summary": "水下机器人，用于桥墩检测。"}
    amend_product(small_world.supplier, session=session, product=other, version=None, content=changed, reason="x")
    small_world.accepted_change(other)
    delist_product(small_world.supplier, session=session, product=gone, version=None, reason="x")
    codes = {scenario.code, product.code, other.code}
    session.commit()
    made.clear()
    read = started(sqlite_engine, path)
    assert made == [other.code]
    anew = started(sqlite_engine, tmp_path / "empty.sqlite")
    assert set(made[1:]) == codes
    for code in codes:
        assert read.matcher.features(code) == anew.matcher.features(code)
        assert read.matcher.matches_of(code) == anew.matcher.matches_of(code)
    assert gone.code not in read.matcher and gone.code not in anew.matcher
    act_on_organization(
        small_world.admin, session=session, organization=small_world.maker, action="suspend", reason="x"
    )
    session.commit()
    assert product.code not in started(sqlite_engine, path).matcher


def test_features_come_back_as_they_were_kept(small_world: World, tmp_path: Path) -> None:
    taxonomy = load_taxonomy(small_world.session)
    kept = KeptFeatures(tmp_path / "kept.sqlite")
    for record in (small_world.released_scenario(), small_world.listed_product()):
        features = features_of(record, taxonomy)
        assert features is not None
        kept.put(taxonomy, [(record.code, state_of(record), features)])
        wanted = {record.code: (record.version, record.organization_id)}
        assert list(kept.read(taxonomy, wanted, local_today())) == [features]
        assert (
            list(kept.read(taxonomy, {record.code: (record.version + 1, record.organization_id)}, local_today())) == []
        )
        assert list(kept.read(taxonomy, {record.code: (record.version, 0)}, local_today())) == []


def test_what_features_depend_on_ends_them(small_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    product, taxonomy = small_world.listed_product(), load_taxonomy(small_world.session)
    features, today = features_of(product, taxonomy), local_today()
    kept = KeptFeatures(tmp_path / "kept.sqlite")
    wanted = {product.code: (product.version, product.organization_id)}

    def is_read(words: Taxonomy = taxonomy, day: date = today) -> bool:
        return [each.code for each in kept.read(words, wanted, day)] == [product.code]

    def keep(until: date = date.max) -> None:
        kept.put(taxonomy, [(product.code, Kept(product.version, product.organization_id, until), features)])

    keep(until=today)
    assert is_read() and not is_read(day=today + timedelta(days=1))
    keep()
    assert not is_read(Taxonomy(taxonomy.tags[1:]))
    keep()
    register_terms(["又一个没有人登记过的词"])
    assert not is_read()
    keep()
    monkeypatch.setattr(kept_features, "_code", lambda: "another version of the program")
    assert not is_read()
    monkeypatch.undo()
    keep()
    assert is_read()
    kept.put(taxonomy, [(product.code, state_of(product), None)])
    assert not is_read()


def test_a_file_that_is_none_costs_nothing_but_time(
    small_world: World, sqlite_engine: Engine, tmp_path: Path, made: list[str]
) -> None:
    product = small_world.listed_product()
    path = tmp_path / "kept.sqlite"
    path.write_bytes(b"this is no database" * 400)
    code = product.code
    small_world.session.commit()
    catch_up(sqlite_engine, found := MatchReader(kept=path))
    assert set(made) == {code} and code in found.matcher
    made.clear()
    assert code in started(sqlite_engine, path).matcher and made == []
    assert found.position(small_world.session) == last_id(small_world.session)


def test_a_file_that_cannot_be_written_stops_nothing(small_world: World, sqlite_engine: Engine, tmp_path: Path) -> None:
    product = small_world.listed_product()
    code = product.code
    small_world.session.commit()
    (tmp_path / "kept.sqlite").mkdir()
    catch_up(sqlite_engine, found := MatchReader(kept=tmp_path / "kept.sqlite"))
    assert code in found.matcher
    assert found.position(small_world.session) == last_id(small_world.session)
