"""Measuring the matcher by what the hall's own people said and did."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine

from scenario_hall.log.readers import catch_up
from scenario_hall.matching.models import Opinion
from scenario_hall.matching.opinions import say_of_match
from scenario_hall.matching.reader import MatchReader
from scenario_hall.matching.service import matches_of_scenario
from tests.cli.test_commands import run  # noqa: F401
from tests.world import World


@pytest.fixture
def judged_world(small_world: World, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    """A scenario with two matches, of which its owner found the first useful and the other not."""
    monkeypatch.setenv("HALL_MEANING", "off")
    session, scenario = small_world.session, small_world.released_scenario()
    for title in ("岸桥巡检无人机", "无人机支架"):
        small_world.listed_product(title=title)
    session.commit()
    catch_up(sqlite_engine, MatchReader())
    matches = matches_of_scenario(small_world.demand, session=session, scenario=scenario)
    for match, opinion in zip(matches, (Opinion.USEFUL, Opinion.NOT_USEFUL), strict=True):
        say_of_match(small_world.demand, session=session, scenario=scenario, product=match.product, opinion=opinion)
    return small_world


@pytest.mark.usefixtures("judged_world")
def test_what_owners_said_is_evaluated_with_its_bias(run) -> None:  # noqa: F811
    told = json.loads(run("evaluate", "match", "--opinions", "--json").output)
    assert told["hall"]["ndcg@10"] == 1.0
    said = told["opinions"]
    assert said["judgements"] == 2 and said["by"] == {"useful": 1, "not_useful": 1}
    assert sum(said["by_place"].values()) == 2
    assert sum(band["judged"] for band in said["by_band"]) == 2
    assert all(band["interval"][0] <= band["useful"] <= band["interval"][1] for band in said["by_band"])


@pytest.mark.usefixtures("judged_world")
def test_the_bias_of_the_list_is_said_in_words(run) -> None:  # noqa: F811
    printed = run("evaluate", "match", "--opinions").output
    assert "Position bias: owners judge what the list shows first" in printed
    assert "useful 1" in printed and "promised" in printed


@pytest.mark.usefixtures("small_world")
def test_without_a_word_from_anybody_there_is_nothing_to_evaluate(run) -> None:  # noqa: F811
    refused = run("evaluate", "match", "--opinions")
    assert refused.exit_code == 2 and "no owner has said anything of a match yet" in refused.output
    refused = run("evaluate", "match")
    assert refused.exit_code == 2 and "--opinions" in refused.output
