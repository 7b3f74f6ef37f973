"""Where an item stands among what waits for an administrator, and what comes next."""

from __future__ import annotations

from scenario_hall.core.policy import Role
from scenario_hall.dossiers.waiting import next_waiting, place_in_queue
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.organizations.models import Membership
from scenario_hall.reviewing.queues import find_waiting
from scenario_hall.scenarios.service import release_scenario
from tests.world import World


def test_an_item_knows_its_place_and_its_neighbours(small_world: World) -> None:
    hall = small_world
    ids = [hall.submitted_scenario(title=f"第{number}个场景").pk for number in (1, 2, 3)]
    places = [place_in_queue(hall.session, hall.admin, "scenarios", each) for each in ids]
    assert [(each.number, each.count, each.before, each.after) for each in places if each is not None] == [
        (1, 3, None, ids[1]),
        (2, 3, ids[0], ids[2]),
        (3, 3, ids[1], None),
    ]
    assert [each.following for each in places if each is not None] == [ids[1], ids[2], ids[0]]
    assert place_in_queue(hall.session, hall.admin, "products", ids[0]) is None


def test_the_last_one_of_a_queue_leads_to_the_next_queue(small_world: World) -> None:
    hall = small_world
    scenario, product = hall.submitted_scenario(), hall.submitted_product()
    assert next_waiting(hall.session, hall.admin, "scenarios") == ("scenarios", scenario)
    release_scenario(hall.admin, session=hall.session, scenario=scenario, version=None)
    assert next_waiting(hall.session, hall.admin, "scenarios") == ("products", product)
    assert find_waiting(hall.session, hall.admin, "scenarios", scenario.pk) is None


def test_what_four_eyes_leave_to_another_administrator_is_not_what_follows(small_world: World) -> None:
    hall = small_world
    own, other = hall.submitted_scenario(), hall.submitted_product()
    person = hall.make_administrator("member@hall.example")
    hall.session.add(Membership(account_id=person.pk, organization_id=hall.port.pk, role=Role.VIEWER, is_active=True))
    hall.session.commit()
    member = actor_of(hall.session, person)
    place = place_in_queue(hall.session, member, "scenarios", own.pk)
    assert place is not None and place.following is None
    assert next_waiting(hall.session, member, "scenarios") == ("products", other)
    assert next_waiting(hall.session, hall.admin, "scenarios") == ("scenarios", own)
