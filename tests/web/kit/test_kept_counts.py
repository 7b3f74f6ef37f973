"""Counts are kept until the log has a new line or a minute is over, and never longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from scenario_hall.core import clock
from scenario_hall.web.kit.kept_counts import MOST, kept_count
from tests.world import World


def test_a_count_is_made_once_for_each_line_of_the_log_and_each_minute(app: Flask, small_world: World) -> None:
    made: list[int] = []

    def count() -> int:
        made.append(len(made))
        return len(made)

    with app.app_context(), clock.at(clock.now().replace(second=10)):
        assert [kept_count("a", count), kept_count("a", count)] == [1, 1]
        assert kept_count("b", count) == 2
        small_world.draft_scenario()
        assert kept_count("a", count) == 3
        with clock.at(clock.now() + timedelta(minutes=1)):
            assert kept_count("a", count) == 4


def test_only_so_many_counts_are_kept(app: Flask) -> None:
    with app.app_context(), clock.at(clock.now().replace(second=10)):
        for name in range(MOST + 1):
            kept_count(name, lambda: "old")
        assert kept_count(0, lambda: "new") == "new" and kept_count(MOST, lambda: "new") == "old"


def test_what_is_counted_on_pages_follows_each_release_and_deadline(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    """The pages of somebody who is signed in, so that no page is kept, only its figures."""
    reader = as_person("port@port.example")

    def open_scenarios() -> str:
        page = reader.get("/").text
        return page.split('data-figure="scenarios"', 1)[1].split(">", 1)[1].split("<", 1)[0].strip()

    before = open_scenarios()
    scenario = hall.released_scenario(deadline=clock.now() + timedelta(hours=1))
    assert int(open_scenarios()) == int(before) + 1
    assert scenario.deadline is not None
    with clock.at(scenario.deadline + timedelta(minutes=1)):
        assert int(open_scenarios()) == int(before)
