"""Who may decide on what, walked over every lifecycle: each state, each action, each kind of person who stands too near.

What is right is told by people about whom there is no doubt: somebody of one side alone, and an administrator who never
had to do with anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from scenario_hall.applications.service import act_on_application, submit_application
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied
from scenario_hall.core.policy import (
    ACTED_FOR_ANOTHER,
    HAS_TIES,
    SYSTEM,
    WORKED_ON_IT,
    Actor,
    Role,
    can,
    cautions,
    require,
)
from scenario_hall.log.transitions import Stateful
from scenario_hall.organizations.accounts import set_administrator
from scenario_hall.organizations.members import (
    add_member,
    members_of,
    organizations_of,
    remove_member,
    request_membership,
)
from scenario_hall.organizations.models import Account, Organization, Side
from scenario_hall.outcomes.plan.amendments import propose_amendment
from scenario_hall.outcomes.plan.service import sign_plan
from scenario_hall.outcomes.run.service import confirm_results, report_results, start_outcome
from scenario_hall.products.service import amend_product, list_product
from scenario_hall.scenarios.service import amend_scenario, release_scenario, save_draft, submit_scenario
from tests.world import World

KINDS = ("scenario", "product", "application", "outcome", "amendment", "organization")
# Nobody who belongs to the side that reported or proposed answers it, whatever else they belong to.
ANSWERS = {"confirm", "object", "agree", "refuse"}
WITH_SIDES = ("application", "outcome", "amendment")


@dataclass
class Records:
    """One record of each lifecycle, of one case; ``both`` has two memberships."""

    scenario: Stateful
    product: Stateful
    application: Stateful
    outcome: Stateful
    amendment: Stateful
    organization: Stateful


def records_with(world: World, both: Account, side: str) -> Records:
    """The case in which ``both`` acted for ``side``: applied, or shortlisted; all else was done by others."""
    session = world.session
    scenario, product = world.released_scenario(), world.listed_product()
    applicant = world.actor(both) if side == "supplier" else world.supplier
    application = submit_application(applicant, session=session, scenario=scenario, product=product, proposal="建议")
    if side == "demand":
        act_on_application(world.actor(both), session=session, application=application, action="shortlist")
    act_on_application(world.demand, session=session, application=application, action="accept")
    outcome = world.signed(application)
    amendment = propose_amendment(
        world.demand,
        session=session,
        outcome=outcome,
        version=None,
        reason="改期",
        place="5号泊位",
        starts_on=outcome.starts_on,
        ends_on=outcome.ends_on,
        metrics=outcome.metric_lines,
        terms=outcome.plan_terms,
    )
    start_outcome(world.supplier, session=session, outcome=outcome)
    report_results(world.supplier, session=session, outcome=outcome, version=None, measured=[43.0], summary="完成")
    return Records(scenario, product, application, outcome, amendment, world.maker)


def two_sided(world: World) -> Account:
    made = world.person("both@hall.example", "Both")
    for organization in (world.port, world.maker):
        add_member(world.session, account=made, organization=organization, role=Role.OWNER)
    return made


def colleague(world: World, organization: Organization) -> Actor:
    made = world.person(f"colleague{organization.pk}@x.example")
    add_member(world.session, account=made, organization=organization, role=Role.OWNER)
    return world.actor(made)


def everything(record: Stateful) -> Iterator[tuple[str, str]]:
    """Every state with every action that its lifecycle or its permissions know."""
    for state in record.lifecycle.states:
        for action in {**dict.fromkeys(record.lifecycle.actions), **record.permissions}:
            record.state = state
            yield state, action


def is_reading(action: str) -> bool:
    return action.startswith("view")


@pytest.mark.parametrize("kind", WITH_SIDES)
@pytest.mark.parametrize("side", ["supplier", "demand"])
def test_who_acted_for_one_side_may_do_what_its_people_may_and_only_read_on_the_other(
    small_world: World, kind: str, side: str
) -> None:
    world = small_world
    both = two_sided(world)
    record: Stateful = getattr(records_with(world, both, side), kind)
    own, other = (world.maker, world.port) if side == "supplier" else (world.port, world.maker)
    one_sided, of_the_other = colleague(world, own), colleague(world, other)
    taken = 0
    with world.session.no_autoflush:
        for state, action in everything(record):
            may = can(world.actor(both), action, record)
            taken += can(of_the_other, action, record) and not may
            if action in ("judge", "view_scores"):  # for those who belong to one side only
                assert not may
            elif is_reading(action):
                assert may == (can(one_sided, action, record) or can(of_the_other, action, record))
            elif action in ANSWERS:
                assert not may, (state, action)
            else:
                assert may == can(one_sided, action, record), (state, action)
        assert taken  # there was something to take away


def test_who_applied_for_a_supplier_decides_nothing_for_the_scenarios_owner(small_world: World) -> None:
    """How the applications are judged, for one."""
    both = two_sided(small_world)
    scenario = records_with(small_world, both, "supplier").scenario
    with small_world.session.no_autoflush:
        for state, action in everything(scenario):
            if action == "ask_question":  # nobody asks their own organisation
                assert not can(small_world.actor(both), action, scenario)
            elif not is_reading(action):
                assert can(small_world.actor(both), action, scenario) == can(small_world.supplier, action, scenario), (
                    state,
                    action,
                )


def test_who_wrote_the_scenario_does_not_apply_to_it_for_a_supplier(small_world: World) -> None:
    both = two_sided(small_world)
    small_world.port_person = both
    scenario = small_world.released_scenario()
    with pytest.raises(Denied, match="another side"):
        submit_application(
            small_world.actor(both),
            session=small_world.session,
            scenario=scenario,
            product=small_world.listed_product(),
            proposal="建议",
        )


def test_another_record_is_free_again(small_world: World) -> None:
    """The first act binds within its case, not for life."""
    both = two_sided(small_world)
    records_with(small_world, both, "supplier")
    another = small_world.application(product=small_world.listed_product())
    assert can(small_world.actor(both), "shortlist", another)


def test_before_the_first_act_a_person_of_both_sides_may_take_either(small_world: World) -> None:
    both, planned = two_sided(small_world), small_world.planned()
    sign_plan(small_world.supplier, session=small_world.session, outcome=planned, version=None)
    signed = sign_plan(small_world.actor(both), session=small_world.session, outcome=planned, version=None)
    assert signed.state == "signed"
    assert can(small_world.actor(both), "start", signed)


def test_nobody_signs_for_both_sides_and_the_refusal_says_whom_to_ask(world: World) -> None:
    both, planned = two_sided(world), world.planned()
    sign_plan(world.actor(both), session=world.session, outcome=planned, version=None)
    person = world.actor(both)
    # Leaving the side that one signed for changes nothing.
    own = next(row for row, account in members_of(world.session, world.maker) if account.pk == both.pk)
    remove_member(person, session=world.session, organization=world.maker, membership_id=own.id or 0)
    with pytest.raises(Denied, match="Ask a colleague"):
        sign_plan(world.actor(both), session=world.session, outcome=planned, version=None)
    assert ACTED_FOR_ANOTHER in cautions(world.actor(both), planned)
    assert sign_plan(world.demand, session=world.session, outcome=planned, version=None).state == "signed"


def test_who_reported_does_not_confirm_from_another_organisation(world: World) -> None:
    reported = world.signed()
    start_outcome(world.supplier, session=world.session, outcome=reported)
    report_results(
        world.supplier, session=world.session, outcome=reported, version=None, measured=[43.0], summary="完成"
    )
    colleague(world, world.maker)  # so that the reporter may leave
    own = next(row for row, account in members_of(world.session, world.maker) if account.pk == world.maker_person.pk)
    other = next(row for row, account in members_of(world.session, world.maker) if account.pk != world.maker_person.pk)
    assert other.role == Role.OWNER
    remove_member(world.supplier, session=world.session, organization=world.maker, membership_id=own.id or 0)
    add_member(world.session, account=world.maker_person, organization=world.port, role=Role.EDITOR)
    with pytest.raises(Denied, match="another side"):
        confirm_results(world.supplier, session=world.session, outcome=reported)


# Administrators


def administrator(world: World, name: str) -> Account:
    return world.make_administrator(f"{name}@office.example")


def leave(world: World, account: Account, organization: Organization, days_ago: int) -> None:
    add_member(world.session, account=account, organization=organization, role=Role.VIEWER)
    own = next(row for row, who in members_of(world.session, organization) if who.pk == account.pk)
    with clock.at(now() - timedelta(days=days_ago)):
        remove_member(world.actor(account), session=world.session, organization=organization, membership_id=own.id or 0)


def leave_all(world: World, account: Account) -> None:
    for membership, organization in organizations_of(world.session, account.pk):
        if len(members_of(world.session, organization)) == 1:
            colleague(world, organization)  # one owner stays
        remove_member(
            world.actor(account), session=world.session, organization=organization, membership_id=membership.id or 0
        )


def neutral_rows(record: Stateful) -> set[str]:
    """The actions that the tables leave to neutral administrators."""
    rows = {row.action for row in record.lifecycle.transitions if row.who == ("neutral_administrator",)}
    return rows | {name for name, who in record.permissions.items() if who == ("neutral_administrator",)}


def compare(world: World, record: Stateful, account: Account, *, is_neutral: bool) -> int:
    """How many decisions were taken from the account; all else it may do as any administrator may."""
    actor, plain = world.actor(account), world.admin
    taken = 0
    with world.session.no_autoflush:
        for state, action in everything(record):
            if action == "view_scores":  # no decision; tests/applications/judging holds who reads them
                continue
            may = can(actor, action, record)
            if action in neutral_rows(record) and not is_neutral:
                assert not may, (state, action)
                taken += can(plain, action, record)
            else:
                assert may == can(plain, action, record), (state, action)
    return taken


@pytest.mark.parametrize("kind", KINDS)
def test_an_administrator_near_a_party_decides_nothing_on_its_records(small_world: World, kind: str) -> None:
    world = small_world
    record: Stateful = getattr(records_with(world, two_sided(world), "supplier"), kind)
    party = world.session.get_one(Organization, next(iter(record.parties().values())))
    inside, lately, asking, long_ago = (administrator(world, name) for name in ("in", "lately", "asking", "long-ago"))
    add_member(world.session, account=inside, organization=party, role=Role.VIEWER)
    leave(world, lately, party, days_ago=365)
    leave(world, long_ago, party, days_ago=2 * 366)
    request_membership(world.actor(asking), session=world.session, organization=party)
    has_decisions = bool(neutral_rows(record))
    # A member sees and does what members do besides: only the decisions are looked at.
    with world.session.no_autoflush:
        for state, action in everything(record):
            assert not (action in neutral_rows(record) and can(world.actor(inside), action, record)), (state, action)
    for account in (lately, asking):
        assert bool(compare(world, record, account, is_neutral=False)) == has_decisions
    assert compare(world, record, long_ago, is_neutral=True) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_an_administrator_who_worked_on_a_record_never_decides_on_it(small_world: World, kind: str) -> None:
    """He applied, saved, or described his organisation as its owner, left three years ago and became an administrator."""
    world = small_world
    three_years_ago = now() - timedelta(days=3 * 366)
    with clock.at(three_years_ago):
        worker = two_sided(world)
        if kind in ("scenario", "product", "organization"):
            world.port_person, world.maker_person = worker, worker
        records = records_with(world, worker, "supplier") if kind in WITH_SIDES else None
        if kind == "scenario":
            record: Stateful = world.released_scenario()
        elif kind == "product":
            record = world.listed_product()
        elif kind == "organization":
            record = world.organization(worker, Side.BOTH, "自建单位")
        else:
            record = getattr(records, kind)
        leave_all(world, worker)
    set_administrator(SYSTEM, session=world.session, account=worker, is_administrator=True)
    assert bool(compare(world, record, worker, is_neutral=False)) == bool(neutral_rows(record))


def test_an_administrator_cannot_leave_release_and_come_back(world: World) -> None:
    insider = administrator(world, "insider")
    add_member(world.session, account=insider, organization=world.port, role=Role.EDITOR)
    scenario = world.submitted_scenario()
    own = next(row for row, account in members_of(world.session, world.port) if account.pk == insider.pk)
    remove_member(world.actor(insider), session=world.session, organization=world.port, membership_id=own.id or 0)
    with pytest.raises(Denied, match="two years"):
        release_scenario(world.actor(insider), session=world.session, scenario=scenario, version=None)
    assert HAS_TIES in cautions(world.actor(insider), scenario)


def test_whose_request_was_declined_is_neutral_again(small_world: World) -> None:
    world, asking = small_world, administrator(small_world, "asking")
    scenario = world.submitted_scenario()
    asked = request_membership(world.actor(asking), session=world.session, organization=world.port)
    assert not can(world.actor(asking), "release", scenario)
    remove_member(world.demand, session=world.session, organization=world.port, membership_id=asked.id or 0)
    assert can(world.actor(asking), "release", scenario)


def test_an_administrator_verifies_no_organisation_that_he_entered(small_world: World) -> None:
    world = small_world
    entered = world.organization(world.administrator, Side.BOTH, "代录单位", is_verified=False)
    with pytest.raises(Denied, match="worked on this record"):
        require(world.admin, "verify", entered)
    assert can(world.reviewers[1], "verify", entered)


def test_a_list_that_the_hall_keeps_has_no_side_to_take(small_world: World) -> None:
    """An administrator who corrected an imported scenario may still release it: nobody else is there to do it."""
    world = small_world
    world.port.is_imported_list_owner = True
    world.session.commit()
    world.port_person = world.administrator
    scenario = world.draft_scenario()
    save_draft(world.admin, session=world.session, scenario=scenario, version=None, content={"place": "2号泊位"})
    submit_scenario(world.admin, session=world.session, scenario=scenario, version=None)
    assert can(world.admin, "release", scenario)


def test_the_same_holds_after_an_amendment(small_world: World) -> None:
    """A record's editor who becomes an administrator returns to none of its reviews."""
    world = small_world
    scenario, product = world.released_scenario(), world.listed_product()
    editor = world.person("editor@hall.example")
    for organization in (world.port, world.maker):
        add_member(world.session, account=editor, organization=organization, role=Role.EDITOR)
    person = world.actor(editor)
    amend_scenario(
        person, session=world.session, scenario=scenario, version=None, content={"place": "4号泊位"}, reason="更正"
    )
    amend_product(
        person, session=world.session, product=product, version=None, content={"limits": "6级风以下"}, reason="更正"
    )
    set_administrator(SYSTEM, session=world.session, account=editor, is_administrator=True)
    scenario.state = product.state = "submitted"
    world.session.commit()
    for record, act in ((scenario, "release"), (product, "list")):
        assert not can(world.actor(editor), act, record)
        assert can(world.admin, act, record)
    with pytest.raises(Denied):
        list_product(world.actor(editor), session=world.session, product=product, version=None)
    assert WORKED_ON_IT not in cautions(world.admin, scenario)
