"""What stands on one line breaks none, and a name is no web address: the rule, and every service that holds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from scenario_hall.applications.judging.models import Criterion
from scenario_hall.applications.judging.service import set_criteria
from scenario_hall.applications.models import Answer, AnswerKind
from scenario_hall.applications.service import submit_application
from scenario_hall.config import Settings
from scenario_hall.core.errors import Invalid
from scenario_hall.core.lines import HAS_ADDRESS, NOT_ONE_LINE, line_fault
from scenario_hall.core.values import Comparison
from scenario_hall.log.chain import Event
from scenario_hall.notices.writing import letters_for
from scenario_hall.organizations import accounts, service
from scenario_hall.organizations.models import Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.outcomes.models import OutcomeKind
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.service import plan_outcome
from scenario_hall.publishing.fields import ContentField, ValueKind
from scenario_hall.scenarios.service import return_scenario
from scenario_hall.taxonomy.service import save_tag
from scenario_hall.taxonomy.taxonomy import TagKind
from tests.world import PASSWORD, World

BROKEN = "第一行\r\n\r\nYour account is locked"
ADDRESS = "Unlock: http://evil.example/unlock"


@pytest.mark.parametrize("mark", ["\n", "\r", "\t", "\x00", "\x1b", "\x85", "\u2028", "\u2029", "\u202e", "\u2066"])
def test_no_control_character_and_no_turning_mark(mark: str) -> None:
    assert line_fault(f"甲{mark}乙") == NOT_ONE_LINE


@pytest.mark.parametrize("text", ["http://a.example", "HTTPS://a", "www.a.example", "ftp：／／a", "见 www.a.cn"])
def test_a_name_is_no_web_address(text: str) -> None:
    assert (line_fault(text, is_name=True), line_fault(text)) == (HAS_ADDRESS, "")


@pytest.mark.parametrize(
    "text", ["", "Node.js/React 平台", "J.Smith", "58.com", "Ana Maria d’Ávila", "👩‍🔧 维修", "क्‍ष", " 两端 "]
)
def test_what_names_really_look_like_is_taken(text: str) -> None:
    assert line_fault(text, is_name=True) == ""


def organization(world: World, **details: Any) -> None:
    service.update_organization(
        world.demand,
        session=world.session,
        organization=world.port,
        version=None,
        details=service.OrganizationDetails(
            **{
                "name": "湾澜港务",
                "side": Side.DEMAND,
                "registration_kind": RegistrationKind.HK_BR,
                "registration_number": "12345678",
                **details,
            }
        ),
    )


def plan(world: World, **written: Any) -> None:
    plan_outcome(
        world.supplier,
        session=world.session,
        application=world.accepted(),
        kind=OutcomeKind.FIRST_TRIAL,
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 10),
        **{
            "place": "3号泊位",
            "metrics": [PlanMetric(metric="续航", comparison=Comparison.AT_LEAST, value=4)],
            **written,
        },
    )


def tag(world: World, **names: Any) -> None:
    texts = {"zh_hans": "甲", "zh_hant": "甲", "en": "a", **names}
    save_tag(world.admin, session=world.session, slug="a-tag", kind=TagKind.DOMAIN, **texts)


def register(world: World, text: str) -> None:
    accounts.register_account(world.session, email="x@x.example", name=text, password=PASSWORD)


def apply(world: World, text: str) -> None:
    answer = Answer(metric="续航时间", answer=AnswerKind.MEETS, statement=text)
    submit_application(
        world.supplier,
        session=world.session,
        scenario=world.released_scenario(),
        product=world.listed_product(),
        proposal="x",
        answers=[answer],
    )


def note(world: World, text: str) -> None:
    return_scenario(
        world.admin,
        session=world.session,
        scenario=world.submitted_scenario(),
        version=None,
        reason="x",
        notes={"title": text},
    )


def criteria(world: World, text: str) -> None:
    set_criteria(
        world.demand,
        session=world.session,
        scenario=world.released_scenario(),
        version=None,
        criteria=[Criterion(name=text), Criterion(name="乙")],
    )


def metric(text: str, place: str) -> PlanMetric:
    return PlanMetric(**{"metric": "续航", "comparison": Comparison.AT_LEAST, "value": 4, place: text})


# Every service that takes one-line texts: what is wrong with a broken one, and whether it is a name.
SERVICES: dict[str, tuple[Callable[[World, str], None], bool]] = {
    "account": (register, True),
    "profile": (
        lambda world, text: accounts.change_account(world.session, world.port_person, name=text, locale="en"),
        True,
    ),
    **{
        f"organization.{name}": (lambda world, text, name=name: organization(world, **{name: text}), is_name)
        for name, is_name in {
            "name": True,
            "legal_person": True,
            "registration_number": False,
            "address": False,
        }.items()
    },
    **{
        f"organization.{name}": (lambda world, text, name=name: organization(world, **{name: (text,)}), is_name)
        for name, is_name in {"owners": True, "tiers": False}.items()
    },
    "organization.website": (lambda world, text: organization(world, website=f"https://a.example/{text}"), False),
    **{
        f"tag.{name}": (lambda world, text, name=name: tag(world, **{name: text}), True)
        for name in ("zh_hans", "zh_hant", "en")
    },
    "tag.synonyms": (lambda world, text: tag(world, synonyms=(text,)), True),
    "plan.place": (lambda world, text: plan(world, place=text), False),
    **{
        f"plan.{name}": (lambda world, text, name=name: plan(world, terms={name: text}), True)
        for name in ("responsible_supplier", "responsible_demand")
    },
    **{
        f"plan.metrics.{name}": (lambda world, text, name=name: plan(world, metrics=[metric(text, name)]), False)
        for name in ("metric", "unit", "method", "sample", "note")
    },
    "application.answer": (apply, False),
    "review.note": (note, False),
    "judging.criteria": (criteria, True),
}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_refuses_a_broken_line(small_world: World, name: str) -> None:
    call, is_name = SERVICES[name]
    with pytest.raises(Invalid) as caught:
        call(small_world, BROKEN[:30])
    assert NOT_ONE_LINE in caught.value.fields.values()
    small_world.session.rollback()
    if is_name:
        with pytest.raises(Invalid) as caught:
            call(small_world, ADDRESS)
        assert HAS_ADDRESS in caught.value.fields.values()


ONE_LINE = (ValueKind.LINE, ValueKind.EMAIL, ValueKind.PHONE, ValueKind.WORDS, ValueKind.LINES)


@pytest.mark.parametrize("kind", ["scenario", "product"])
def test_every_declared_field_of_one_line_refuses_a_broken_one(small_world: World, kind: str) -> None:
    make = small_world.draft_scenario if kind == "scenario" else small_world.draft_product
    fields = type(make()).fields

    def written(field: ContentField) -> Any:
        if field.line is None:
            return [BROKEN] if field.kind is ValueKind.WORDS else BROKEN
        shape: dict[str, Any] = {"metric": BROKEN} if "metric" in field.line.model_fields else {"name": BROKEN}
        return [shape | ({"comparison": "has"} if "comparison" in field.line.model_fields else {})]

    for field in fields:
        if field.kind in ONE_LINE:
            with pytest.raises(Invalid) as caught:
                make(**{field.name: written(field)})
            expected = "not an e-mail address" if field.name == "contact_email" else NOT_ONE_LINE
            assert expected in caught.value.fields[field.name], field.name


def test_an_unconfirmed_address_is_greeted_without_a_name(small_world: World, hall_settings: Settings) -> None:
    def letter_to(email: str, *, is_confirmed: bool) -> str:
        small_world.person(email, "尊敬的客户", is_confirmed=is_confirmed).locale = "en"
        query = select(Event).where(col(Event.kind) == "account.registered").order_by(col(Event.id).desc())
        event = small_world.session.exec(query).first()
        assert event is not None
        (letter,) = letters_for(small_world.session, event, hall_settings)
        return letter.text

    assert "尊敬的客户" not in letter_to("victim@third.example", is_confirmed=False)
    assert "尊敬的客户" in letter_to("known@third.example", is_confirmed=True)
