"""An endpoint is told what its owner may see, as the API tells it, and no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select

from scenario_hall.app import create_app
from scenario_hall.bulletins.models import Bulletin
from scenario_hall.config import Settings
from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.table import KINDS, PUBLIC_KINDS
from scenario_hall.log.words import EventWord
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.scenarios.service import end_scenario
from scenario_hall.webhooks.content import FOLLOWED, SUBJECTS, kinds_of, message_of, seen_by
from scenario_hall.webhooks.models import WebhookEndpoint
from tests.world import World

Told = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def client(hall_settings: Settings, places: dict[str, str]) -> FlaskClient:
    return create_app(hall_settings).test_client()


@pytest.fixture
def told(small_world: World, hall_settings: Settings, places: dict[str, str]) -> Told:
    """What an endpoint is told of a hall with a record of each kind in each state."""

    def run(organization: Organization | None = None, **wanted: Any) -> list[dict[str, Any]]:
        owner = organization.pk if organization is not None else None
        endpoint = WebhookEndpoint(
            id=1, organization_id=owner, name="", sealed_url="", host="", format="standard", **wanted
        )
        events = small_world.session.exec(select(Event).order_by(col(Event.id)))
        found = [seen_by(small_world.session, endpoint, each) for each in events if each.kind in kinds_of(endpoint)]
        messages = [message_of(each, hall_settings.base_url) for each in found if each is not None]
        told = [json.loads(each.model_dump_json()) for each in messages]
        assert all(each["type"] == each["data"]["kind"] and each["timestamp"] == each["data"]["at"] for each in told)
        return [each["data"] for each in told]

    return run


def test_a_stranger_is_told_what_the_public_log_tells_and_as_it_tells_it(
    small_world: World, client: FlaskClient, told: Told
) -> None:
    person = small_world.person("else@else.example", "Else")
    other = small_world.organization(person, Side.SUPPLY, "别家公司")
    entries = told(other, reading="all")
    public: dict[int, dict[str, Any]] = {}
    after = 0
    while (page := client.get(f"/api/v1/changes?after={after}").json or {})["entries"]:
        public |= {each["id"]: each for each in page["entries"] if "kind" in each}
        after = page["next"]
    own = [each for each in entries if each["subject"] == "organization" and each["code"] == str(other.pk)]
    assert {each["kind"] for each in own} == {"organization.registered", "organization.verified"}
    others = {each["id"]: each for each in entries if each not in own}
    assert set(others) == set(public)
    for key, entry in others.items():
        assert {name: entry[name] for name in public[key] if name != "words"} == {
            name: value for name, value in public[key].items() if name != "words"
        }
        assert client.get(entry["link"].removeprefix("http://hall.test")).status_code in (200, 404)


def test_each_side_is_told_of_its_own_case_and_not_of_what_the_other_keeps_to_itself(
    small_world: World, told: Told
) -> None:
    demand = {each["kind"] for each in told(small_world.port, reading="own")}
    supplier = {each["kind"] for each in told(small_world.maker, reading="own")}
    both = {"application.submitted", "application.accepted", "outcome.planned", "outcome.confirmed", "outcome.approved"}
    assert both <= demand & supplier
    assert {"scenario.drafted", "scenario.submitted"} <= demand - supplier
    assert {"product.drafted", "product.submitted"} <= supplier - demand
    assert not any(kind.startswith("product.") for kind in demand)
    assert not any(kind.startswith("scenario.") for kind in supplier)


def test_the_hall_is_told_of_every_record_and_of_no_account(small_world: World, told: Told) -> None:
    entries = told()
    kinds = {each.kind for each in small_world.session.exec(select(Event))}
    wanted = {kind for kind in kinds if KINDS[kind].subject in SUBJECTS and KINDS[kind].visible_to != "view_judging"}
    assert {each["kind"] for each in entries} == wanted
    assert not any(each["subject"] in ("account", "request", "webhook") for each in entries)


def test_no_word_that_can_be_erased_is_sent_away(small_world: World, told: Told) -> None:
    made = small_world.released_scenario(title="一个要撤回的场景")
    end_scenario(
        small_world.demand,
        session=small_world.session,
        scenario=made,
        action="withdraw",
        version=None,
        reason="王某某离职了",
    )
    sent = json.dumps(told(), ensure_ascii=False)
    assert "一个要撤回的场景" in sent
    words = small_world.session.exec(select(EventWord).where(col(EventWord.field).in_(["reason", "notes", "remark"])))
    written = [str(each.read()) for each in words]
    assert "王某某离职了" in written
    assert [each for each in written if len(each) > 3 and each in sent] == []


@pytest.mark.parametrize(
    ("wanted", "some"),
    [
        ({"regions": ["440300"]}, True),
        ({"regions": ["440400"]}, False),
        ({"domains": ["low-altitude"]}, True),
        ({"domains": ["health"]}, False),
    ],
)
def test_filters_leave_out_what_was_not_asked_for(
    small_world: World, told: Told, wanted: dict[str, Any], some: bool
) -> None:
    found = [each for each in told(small_world.port, **wanted) if each["subject"] != "organization"]
    assert bool(found) is some
    kinds = {each["kind"] for each in told(small_world.port, kinds=["scenario.released"], **wanted)}
    assert kinds == ({"scenario.released"} if some else set())


def test_kinds_that_can_be_followed_are_public_or_of_the_records_own_people() -> None:
    # A bulletin is nobody's record; it is read at its address.
    assert FOLLOWED.keys() >= {name for name in PUBLIC_KINDS if KINDS[name].subject != Bulletin.subject}
    assert not any(kind.visible_to == "" and not kind.is_public for kind in FOLLOWED.values())
    assert not any(kind.startswith(("account.", "application.score", "application.conflict")) for kind in FOLLOWED)
