"""A dump is made each night, and at once when it would tell what is not to be told any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.open_data import schedule
from scenario_hall.open_data.rows import LEAVING
from scenario_hall.open_data.schedule import keep_dump, last_night
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.products.service import delist_product
from scenario_hall.scenarios.service import amend_scenario, end_scenario
from tests.world import World

EVENING = datetime(2026, 11, 30, 12, tzinfo=UTC)  # 20:00 in Hong Kong
NIGHT = datetime(2026, 11, 30, 18, tzinfo=UTC)  # 02:00 there, the day after


def made(hall: World, settings: Settings, moment: datetime = EVENING) -> int:
    hall.session.commit()
    with clock.at(moment), Session(hall.session.get_bind()) as session:
        return keep_dump(session, settings)


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        (NIGHT, NIGHT),
        (NIGHT - timedelta(milliseconds=1), NIGHT - timedelta(days=1)),
        (NIGHT + timedelta(hours=23), NIGHT),
    ],
)
def test_the_night_begins_at_two_in_hong_kong(moment: datetime, night: datetime) -> None:
    assert last_night(moment) == night


def test_once_a_night_and_not_again_before_the_next(small_world: World, hall_settings: Settings) -> None:
    with clock.at(EVENING - timedelta(hours=1)):
        small_world.released_scenario()
    asked = (
        (EVENING, 1),
        (EVENING + timedelta(hours=5, minutes=59), 0),
        (NIGHT, 1),
        (NIGHT + timedelta(hours=23, minutes=59), 0),
        (NIGHT + timedelta(days=3), 1),
        (NIGHT, 1),  # the clock was set back
    )
    assert [made(small_world, hall_settings, moment) for moment, _ in asked] == [due for _, due in asked]


def test_what_leaves_makes_a_new_one_at_once_and_what_is_written_waits(
    small_world: World, hall_settings: Settings
) -> None:
    hall, session = small_world, small_world.session
    with clock.at(EVENING - timedelta(hours=1)):
        scenario, kept, product = hall.released_scenario(), hall.released_scenario(), hall.listed_product()
        assert made(hall, hall_settings) == 1
        amend_scenario(
            hall.demand, session=session, scenario=kept, version=None, content={"timetable": "2031"}, reason="工期改了"
        )
        hall.released_scenario()
        assert made(hall, hall_settings) == 0
        end_scenario(
            hall.demand, session=session, scenario=scenario, action="withdraw", version=None, reason="计划改变"
        )
        assert (made(hall, hall_settings), made(hall, hall_settings)) == (1, 0)
        delist_product(hall.supplier, session=session, product=product, version=None, reason="停产")
        assert (made(hall, hall_settings), made(hall, hall_settings)) == (1, 0)
        act_on_organization(hall.admin, session=session, organization=hall.port, action="suspend", reason="x")
        assert (made(hall, hall_settings), made(hall, hall_settings)) == (1, 0)


def test_the_kinds_of_event_by_which_something_leaves_follow_from_the_lifecycles() -> None:
    assert {"scenario.withdrawn", "product.delisted", "organization.suspended", "outcome.rejected"} <= LEAVING
    assert not LEAVING & {"scenario.closed", "scenario.expired", "outcome.revoked", "scenario.amended"}


def test_another_log_or_setting_makes_a_new_one(
    small_world: World, hall_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (made(small_world, hall_settings), made(small_world, hall_settings)) == (1, 0)
    monkeypatch.setattr(schedule, "epoch_of", lambda _session: "0" * 16)
    assert made(small_world, hall_settings) == 1
    monkeypatch.undo()
    settings = hall_settings
    for name, value in (
        ("base_url", "https://x.example"),
        ("open_data_licence", "https://x"),
        ("ocds_prefix", "ocds-x"),
    ):
        settings = replace(settings, **{name: value})
        assert (made(small_world, settings), made(small_world, settings)) == (1, 0)
