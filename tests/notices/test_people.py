"""Evaluators are written to when there is something for them to judge, and nobody who may not judge it."""

from __future__ import annotations

from scenario_hall.applications import service
from scenario_hall.applications.judging import service as judging
from scenario_hall.applications.judging.models import Mark
from scenario_hall.applications.models import Application
from scenario_hall.config import Settings
from scenario_hall.core.policy import Actor, Role
from scenario_hall.log.chain import events_after
from scenario_hall.notices.letter import Letter
from scenario_hall.notices.people import administrators_to_ask, people_of
from scenario_hall.notices.writing import letters_for
from scenario_hall.organizations.accounts import set_active
from scenario_hall.organizations.members import add_member
from scenario_hall.organizations.models import Account
from tests.world import World


def evaluator(world: World, name: str, *, is_suppliers_too: bool = False) -> Actor:
    person = world.person(f"{name}@port.example", name)
    add_member(world.session, account=person, organization=world.port, role=Role.VIEWER)
    if is_suppliers_too:
        add_member(world.session, account=person, organization=world.maker, role=Role.VIEWER)
    return world.actor(person)


def declare(world: World, actor: Actor, application: Application, *, has_conflict: bool = False) -> None:
    judging.declare_interest(
        actor, session=world.session, application=application, has_conflict=has_conflict, reason="持有股份"
    )


def score(world: World, actor: Actor, application: Application) -> None:
    declare(world, actor, application)
    judging.score_application(
        actor,
        session=world.session,
        application=application,
        version=None,
        marks=[Mark(mark=4, comment="依据现场资料")] * 5,
    )


def letters_of(world: World, settings: Settings, kind: str) -> dict[str, Letter]:
    """Of the newest event of this kind, by address."""
    event = events_after(world.session, 0, limit=1000, kinds=[kind])[-1]
    letters = letters_for(world.session, event, settings)
    found = {each.to: each for each in letters}
    assert len(found) == len(letters)  # nobody is written to twice
    return found


def test_an_evaluator_is_asked_to_judge_what_was_submitted(small_world: World, hall_settings: Settings) -> None:
    evaluator(small_world, "reader")
    application = small_world.application()
    told = letters_of(small_world, hall_settings, "application.submitted")
    assert set(told) == {"port@port.example", "reader@port.example"}
    assert told["reader@port.example"].text.count(f"/applications/{application.code}/judging") == 1
    assert "/judging" not in told["port@port.example"].text
    assert application.proposal not in told["reader@port.example"].text


def test_who_belongs_to_the_supplier_is_not_asked_to_judge_its_application(
    small_world: World, hall_settings: Settings
) -> None:
    evaluator(small_world, "both", is_suppliers_too=True)
    small_world.application()
    assert set(letters_of(small_world, hall_settings, "application.submitted")) == {"port@port.example"}


def test_nobody_is_asked_to_judge_what_was_withdrawn_meanwhile(small_world: World, hall_settings: Settings) -> None:
    world = small_world
    evaluator(world, "reader")
    application = world.application()
    service.act_on_application(world.supplier, session=world.session, application=application, action="withdraw")
    assert "reader@port.example" not in letters_of(world, hall_settings, "application.submitted")


def test_a_conflict_with_a_supplier_spares_the_evaluator_its_next_application(
    small_world: World, hall_settings: Settings
) -> None:
    world = small_world
    barred, scenario = evaluator(world, "barred"), world.released_scenario()
    evaluator(world, "reader")
    declare(world, barred, world.application(scenario), has_conflict=True)
    world.application(scenario)
    told = letters_of(world, hall_settings, "application.submitted")
    assert set(told) == {"port@port.example", "reader@port.example"}


def test_the_joint_round_is_told_to_those_who_take_part(small_world: World, hall_settings: Settings) -> None:
    world = small_world
    scored, impartial = evaluator(world, "scored"), evaluator(world, "impartial")
    barred, elsewhere = evaluator(world, "barred"), evaluator(world, "elsewhere")
    evaluator(world, "idle")
    evaluator(world, "both", is_suppliers_too=True)
    scenario = world.released_scenario()
    application, other = world.application(scenario), world.application()
    for actor in (world.demand, scored):
        score(world, actor, application)
    declare(world, impartial, application)
    declare(world, barred, application, has_conflict=True)
    declare(world, elsewhere, other)
    judging.reveal_scores(world.demand, session=world.session, scenario=scenario)
    told = letters_of(world, hall_settings, "scenario.scores_revealed")
    assert set(told) == {"port@port.example", "scored@port.example", "impartial@port.example"}
    assert all(f"/scenarios/{scenario.code}/judging" in each.text for each in told.values())


def test_a_conflict_with_one_application_keeps_nobody_from_the_joint_round_on_the_others(
    small_world: World, hall_settings: Settings
) -> None:
    world = small_world
    first, second = evaluator(world, "first"), evaluator(world, "second")
    scenario = world.released_scenario()
    one, two = world.application(scenario), world.application(scenario)
    declare(world, first, one, has_conflict=True)
    declare(world, world.demand, one, has_conflict=True)
    declare(world, world.demand, two, has_conflict=True)
    third = evaluator(world, "third")
    for actor, application in ((second, one), (third, one), (first, two), (second, two)):
        score(world, actor, application)
    judging.reveal_scores(world.demand, session=world.session, scenario=scenario)
    told = letters_of(world, hall_settings, "scenario.scores_revealed")
    assert set(told) == {"first@port.example", "second@port.example", "third@port.example"}


def test_only_who_has_confirmed_an_address_acts_and_is_still_there_is_written_to(small_world: World) -> None:
    world = small_world
    added = {
        name: world.person(f"{name}@port.example", name) for name in ("owner", "editor", "viewer", "gone", "asking")
    }
    added["unconfirmed"] = world.person("unconfirmed@port.example", is_confirmed=False)
    roles = {"owner": Role.OWNER, "viewer": Role.VIEWER}
    for name, person in added.items():
        made = add_member(world.session, account=person, organization=world.port, role=roles.get(name, Role.EDITOR))
        if name == "asking":
            made.is_active = False
            world.session.add(made)
            world.session.commit()
    set_active(world.admin, session=world.session, account=added["gone"], is_active=False, reason="注销")
    told = {each.email for each in people_of(world.session, [world.port.pk])}
    assert told == {"port@port.example", "owner@port.example", "editor@port.example"}
    viewers = {each.email for each in people_of(world.session, [world.port.pk], (Role.VIEWER,))}
    assert viewers == {"viewer@port.example"}


def test_administrators_without_a_confirmed_address_or_whose_account_is_closed_are_not_asked(
    small_world: World,
) -> None:
    world = small_world
    outcome = world.claimed()
    closed, unconfirmed = world.reviewers[1], world.make_administrator("unconfirmed@hall.example")
    unconfirmed.email_confirmed_at = None
    world.session.add(unconfirmed)
    world.session.commit()
    account = world.session.get_one(Account, closed.account_id)
    set_active(world.admin, session=world.session, account=account, is_active=False, reason="离任")
    asked = {each.email for each in administrators_to_ask(world.session, outcome, "answer_objection")}
    assert asked == {"admin@hall.example", "third@review.example"}
