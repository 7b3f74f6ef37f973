"""What people did with matches, as judgements: the weightiest counts, and where it stood is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from scenario_hall.applications.service import act_on_application
from scenario_hall.log.readers import catch_up
from scenario_hall.matching.engine.evaluation import evaluate_match
from scenario_hall.matching.models import Opinion
from scenario_hall.matching.opinions import say_of_match
from scenario_hall.matching.reader import MatchReader
from scenario_hall.outcomes.judgements import (
    Judgement,
    by_place,
    judged_by_people,
    judgements,
    precision_by_band,
    wilson,
)
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags
from tests.world import World


def told(world: World) -> list[tuple[str, int]]:
    return [(each.by, each.grade) for each in judgements(world.session)]


def test_what_was_done_outweighs_what_was_said_and_an_application_alone_does_not(world: World, engine: Engine) -> None:
    product, scenario = world.listed_product(), world.released_scenario()
    catch_up(engine, MatchReader())
    assert told(world) == []
    say_of_match(world.demand, session=world.session, scenario=scenario, product=product, opinion=Opinion.NOT_USEFUL)
    application = world.application(scenario, product)
    assert told(world) == [("not_useful", 0)]
    act_on_application(world.demand, session=world.session, application=application, action="shortlist")
    assert told(world) == [("shortlisted", 2)]
    act_on_application(world.demand, session=world.session, application=application, action="accept")
    assert told(world) == [("accepted", 3)]
    [only] = judgements(world.session)
    assert (only.scenario, only.product, only.place) == (scenario.code, product.code, 1)
    assert only.score is not None and 0 < only.score <= 100


def test_an_application_alone_is_the_suppliers_word(world: World, engine: Engine) -> None:
    world.application()
    catch_up(engine, MatchReader())
    assert told(world) == [("applied", 1)]
    assert precision_by_band(judgements(world.session)) == []


def test_an_approved_outcome_is_the_strongest_word(world: World, engine: Engine) -> None:
    world.approved()
    catch_up(engine, MatchReader())
    assert told(world) == [("approved", 3)]


def test_what_is_no_longer_listed_stays_a_judgement_and_is_not_looked_for(world: World, engine: Engine) -> None:
    product, scenario = world.listed_product(), world.released_scenario()
    catch_up(engine, MatchReader())
    say_of_match(world.demand, session=world.session, scenario=scenario, product=product, opinion=Opinion.USEFUL)
    product.state = "delisted"
    world.session.add(product)
    world.session.commit()
    assert told(world) == [("useful", 2)]
    results = evaluate_match(judged_by_people(world.session), Taxonomy(load_shipped_tags()))
    assert results["hall"]["recall@20"] == 1.0  # nothing that is offered was found useful


def judgement(score: int | None, grade: int, place: int | None = 1, by: str = "useful") -> Judgement:
    return Judgement("S", f"P{score}{grade}{place}", by=by, grade=grade, score=score, place=place)


def test_precision_is_told_by_band_beside_what_was_promised() -> None:
    judged = [judgement(90, 3), judgement(100, 0), judgement(81, 2), judgement(45, 0), judgement(None, 3)]
    judged.append(judgement(50, 1, by="applied"))
    bands = {(band.low, band.high): band for band in precision_by_band(judged)}
    assert set(bands) == {(40, 60), (80, 100)}
    assert (bands[80, 100].judged, bands[80, 100].useful) == (3, 2)
    assert bands[80, 100].promised == pytest.approx((90 + 100 + 81) / 300)
    assert bands[40, 60].share == 0.0


def test_places_say_what_was_judged_at_all() -> None:
    judged = [judgement(50, 2, place) for place in (1, 3, 4, 10, 20, 21, 400, None)]
    assert list(by_place(judged).values()) == [2, 2, 1, 2, 1]


def test_the_interval_is_wilsons() -> None:
    """Newcombe (1998), table I: 81 of 263 is 0.2553 to 0.3662, 0 of 20 is 0 to 0.1611, 1 of 29 is 0.0061 to 0.1718."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=1e-4)


@given(st.integers(1, 500).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_the_share_lies_in_its_interval(counts: tuple[int, int]) -> None:
    low, high = wilson(*counts)
    assert 0 <= low <= counts[0] / counts[1] + 1e-12 and counts[0] / counts[1] - 1e-12 <= high <= 1
