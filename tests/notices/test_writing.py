"""Every letter that the table of kinds names can be written, whole and in its reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pytest

from scenario_hall.applications.inviting import invite_supplier
from scenario_hall.config import Settings
from scenario_hall.core.policy import Role
from scenario_hall.log.chain import Subject, record_event
from scenario_hall.log.kinds.table import ALL
from scenario_hall.notices.letters.table import LETTERS
from scenario_hall.notices.writing import catalogue, letters_for
from scenario_hall.organizations.accounts import change_account
from scenario_hall.organizations.invitations import invite_colleague
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes.claim.models import Objection
from scenario_hall.outcomes.plan.amendments import propose_amendment
from scenario_hall.products.service import amend_product
from scenario_hall.publishing.amending import get_waiting
from scenario_hall.reviewing.models import ReviewTurn
from scenario_hall.scenarios.service import amend_scenario
from scenario_hall.web.kit.language import LOCALES
from tests.world import World

RETITLED = {"title": "新名称"}
# What an event may say, one value for each field that a letter reads.
SAID = {
    "title": "岸桥巡检",
    "name": "湾澜港务",
    "reason": "价格高了20%",
    "metric": "续航时间",
    "milestone": "started",
    "due": "2026-12-01",
    "month": 3,
    "fields": ["title"],
    "queue": "scenarios",
    "side": "demand",
    "until": "2026-12-24",
}


@dataclass(frozen=True)
class Alerts:
    """What the hall's own entries about saved searches are about."""

    subject: str = "alerts"
    pk: int = 0
    public_code: str = ""


def records(world: World) -> dict[str, Subject]:
    """One record of each kind that a letter may be about."""
    outcome = world.signed()
    amendment = propose_amendment(
        world.supplier,
        session=world.session,
        outcome=outcome,
        version=None,
        reason="台风，改期",
        place=outcome.place,
        starts_on=outcome.starts_on,
        ends_on=date(2026, 11, 20),
        metrics=outcome.metric_lines,
        terms=outcome.plan_terms,
    )
    application = world.application(outcome.scenario)
    product = application.product
    found: list[Subject] = [world.port_person, world.port, outcome.scenario, product, application, outcome]
    # Both have changed in substance since the application; of the scenario one more change waits.
    amend_product(world.supplier, session=world.session, product=product, version=None, content=RETITLED, reason="x")
    world.accepted_change(product)
    for title in ("新题目", "更新的题目"):
        amend_scenario(
            world.demand,
            session=world.session,
            scenario=outcome.scenario,
            version=None,
            content={"title": title},
            reason="x",
        )
        waiting = get_waiting(world.session, outcome.scenario)
        if title == "新题目":
            world.accepted_change(outcome.scenario)
    turn = ReviewTurn(queue="scenarios", row_id=1, code=outcome.scenario.code)
    world.session.add(turn)
    world.session.commit()
    return {record.subject: record for record in [*found, amendment, waiting, turn, Alerts()]}


def test_every_letter_is_caused_by_some_kind_and_every_kind_s_letters_exist() -> None:
    assert {name for kind in ALL for name in kind.letters} == set(LETTERS)


@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_every_letter_is_whole_in_every_language(small_world: World, hall_settings: Settings, locale: str) -> None:
    world, _ = small_world, catalogue(locale).gettext
    evaluator = world.person("reader@port.example", "Reader")
    add_member(world.session, account=evaluator, organization=world.port, role=Role.VIEWER)
    for person in (world.port_person, world.maker_person, evaluator, world.administrator):
        change_account(world.session, person, name=person.name, locale=locale)
    about = records(world)
    codes = {"with": about["scenario"].public_code, "scenario": about["scenario"].public_code}
    objection = Objection(
        outcome_id=about["outcome"].pk, account_id=evaluator.pk, reason="更早已有使用", answer="不属实"
    )
    world.session.add(objection)
    world.session.commit()
    invited = invite_colleague(
        world.demand,
        session=world.session,
        organization=world.port,
        email="new@x.example",
        role=Role.EDITOR,
        locale=locale,
    )
    supplier = invite_supplier(
        world.demand,
        session=world.session,
        scenario=world.released_scenario(),
        email="s@x.example",
        locale=locale,
    )
    said = {
        **SAID,
        "account": world.administrator.pk,
        "stand_in": world.administrator.pk,
        "objection": objection.id,
        **codes,
        "applications": [about["application"].public_code],
    }
    greeting = _("Dear %(name)s,").split("%")[0]
    for kind in (kind for kind in ALL if kind.letters):
        letters = []
        for row in (invited, supplier) if kind.name == "invitation.sent" else (invited,):
            data = {name: said[name] for name in kind.fields if name in said}
            if "invitation" in kind.fields:
                data |= {"invitation": row.pk, "number": row.number}
            event = record_event(world.session, None, about[kind.subject], kind.name, data)
            letters += letters_for(world.session, event, hall_settings)
        assert {letter.subject for letter in letters} == {_(LETTERS[name].subject) for name in kind.letters}, kind.name
        for letter in letters:
            assert letter.text.startswith(greeting if letter.account_id else _("Hello,")), kind.name
            assert hall_settings.base_url in letter.text, kind.name
            assert not re.search(r"%\(|%%|“”", letter.text), letter.text
