"""The register of people's requests: due by the law of where they live, answered once, kept four years."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from scenario_hall.core import clock
from scenario_hall.core.clock import local_today, now
from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.log.chain import Event
from scenario_hall.privacy.models import PersonRequest
from scenario_hall.privacy.requests import answer_request, enter_request, overdue_requests, requests_of
from scenario_hall.privacy.retention import carry_out
from tests.conftest import settings_in
from tests.world import World

PERSON = "Chan Tai Man, chan@x.example"


def entered(world: World, place: str = "hong_kong", received_on: date | None = None) -> PersonRequest:
    return enter_request(
        world.admin,
        session=world.session,
        person=PERSON,
        place=place,
        kind="access",
        wanted="Everything that you hold of me",
        received_on=received_on or local_today(),
    )


@pytest.mark.parametrize(
    "place,due", [("hong_kong", date(2026, 12, 11)), ("mainland", date(2026, 11, 16)), ("macao", date(2026, 12, 1))]
)
def test_each_is_due_by_the_law_of_the_place_and_overdue_the_day_after(world: World, place: str, due: date) -> None:
    assert entered(world, place, date(2026, 11, 1)).due_on == due
    for days, count in ((0, 0), (1, 1)):
        with clock.at(clock.end_of_local_day(due + timedelta(days=days)) - timedelta(hours=1)):
            assert len(overdue_requests(world.session)) == count


def test_it_is_answered_once_and_a_refusal_says_why(world: World) -> None:
    first, second = entered(world), entered(world, "mainland")
    assert [row.pk for row in requests_of(world.session)] == [second.pk, first.pk]  # what is due first
    for answer in ("", "  "):
        with pytest.raises(Invalid):
            answer_request(world.admin, session=world.session, request_id=second.pk, answer=answer, is_refused=True)
    done = answer_request(
        world.admin, session=world.session, request_id=second.pk, answer="Not the person's own", is_refused=True
    )
    assert done.is_refused and done.answered_by == world.administrator.pk
    with pytest.raises(WrongState):
        answer_request(world.admin, session=world.session, request_id=second.pk, answer="x", is_refused=False)
    with pytest.raises(NotFound):
        answer_request(world.admin, session=world.session, request_id=9999, answer="x", is_refused=False)
    assert [row.pk for row in requests_of(world.session)] == [first.pk, second.pk]


def test_the_log_tells_of_it_without_saying_of_whom(world: World) -> None:
    row = entered(world)
    answer_request(world.admin, session=world.session, request_id=row.pk, answer="Sent to Chan", is_refused=False)
    events = world.session.exec(select(Event).where(col(Event.subject_kind) == "request")).all()
    assert [event.kind for event in events] == ["request.entered", "request.answered"]
    assert not any("Chan" in event.data for event in events)


def test_only_administrators_keep_it_and_only_what_can_be(world: World) -> None:
    with pytest.raises(Denied):
        answer_request(world.demand, session=world.session, request_id=entered(world).pk, answer="x", is_refused=False)
    good = {"person": PERSON, "place": "macao", "kind": "erasure", "wanted": "", "received_on": local_today()}
    with pytest.raises(Denied):
        enter_request(world.supplier, session=world.session, **good)
    tomorrow = local_today() + timedelta(days=1)
    for wrong in (
        {"person": " "},
        {"person": "x" * 301},
        {"place": "moon"},
        {"kind": "x"},
        {"received_on": tomorrow},
        {"wanted": "x" * 5001},
    ):
        with pytest.raises(Invalid):
            enter_request(world.admin, session=world.session, **{**good, **wrong})


def test_four_years_after_its_answer_it_goes(world: World, tmp_path: Path) -> None:
    answered, waiting = entered(world), entered(world)
    answer_request(world.admin, session=world.session, request_id=answered.pk, answer="Done", is_refused=False)
    kept = waiting.pk
    for days, count in ((1460, 2), (1462, 1)):
        with clock.at(now() + timedelta(days=days)):
            carry_out(world.session, settings_in(tmp_path, "sqlite://"))
        assert len(world.session.exec(select(PersonRequest.id)).all()) == count
    assert world.session.exec(select(PersonRequest.id)).one() == kept
