"""Webhooks by the API: those of one's organisation, or of the hall, and what was sent to them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from ssl import SSLSocket
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine
from sqlmodel import Session, select

from examples import webhook_receiver
from scenario_hall.config import ROOT, Settings
from scenario_hall.core.clock import now
from scenario_hall.core.kept_answers import KeptAnswer
from scenario_hall.webhooks.models import WebhookEndpoint
from scenario_hall.webhooks.post import WebhookPost
from scenario_hall.webhooks.sending import Reach
from tests.api.conftest import Program
from tests.webhooks.conftest import authority, reach, receiver
from tests.webhooks.receiver import HOST, Got, Receiver, answering
from tests.world import World

__all__ = ["authority", "reach", "receiver"]  # fixtures


New = Callable[..., dict[str, Any]]


@pytest.fixture
def hall_settings(hall_settings: Settings, receiver: Receiver) -> Settings:
    return replace(hall_settings, webhook_ports=(443, receiver.port))


@pytest.fixture
def new(hall: World, receiver: Receiver) -> New:
    """The body of a request for a webhook of the demand side."""

    def make(**more: Any) -> dict[str, Any]:
        url = f"https://{HOST}:{receiver.port}/hook?key=1"
        return {"organization": hall.port.pk, "name": "Ours", "url": url, **more}

    return make


@pytest.fixture
def post(sqlite_engine: Engine, hall_settings: Settings, reach: Reach, receiver: Receiver) -> Iterator[WebhookPost]:
    """The worker's part."""
    made = WebhookPost(sqlite_engine, hall_settings, reach)
    yield made
    made.close()


def test_a_program_makes_changes_pauses_and_deletes(new: New, demand: Program, supplier: Program) -> None:
    made = demand.send("POST", "/webhooks", new(kinds=["scenario.released"]), Idempotency_Key="a")
    assert made.status_code == 201
    told = made.json or {}
    assert (told["state"], told["reading"], told["kinds"]) == ("new", "own", ["scenario.released"])
    assert demand.send("POST", "/webhooks", new(kinds=["scenario.released"]), Idempotency_Key="a").json == told
    path = made.headers["Location"].removeprefix("/api/v1")
    for program_path in (path, f"{path}/deliveries"):
        assert supplier.get(program_path).status_code == 404
    assert [each["id"] for each in (demand.get("/webhooks").json or {})["items"]] == [told["id"]]
    assert (supplier.get("/webhooks").json or {})["items"] == []
    changed = demand.send("PATCH", path, {"regions": ["440300"]}, If_Match=made.headers["ETag"])
    assert (changed.json or {})["regions"] == ["440300"]
    assert (changed.json or {})["kinds"] == ["scenario.released"]
    assert demand.send("PATCH", path, {"name": "x"}, If_Match=made.headers["ETag"]).status_code == 412
    assert demand.send("POST", f"{path}/pause", If_Match="*").status_code == 409
    assert demand.send("POST", f"{path}/challenge").status_code == 200
    assert demand.send("POST", f"{path}/test").status_code == 409
    (waiting,) = (demand.get(f"{path}/deliveries").json or {})["items"]
    assert (waiting["purpose"], waiting["state"]) == ("challenge", "waiting")
    assert demand.send("DELETE", path, If_Match="*").status_code == 200
    assert demand.get(path).status_code == 404


def test_only_editors_of_a_verified_organisation_and_administrators_make_one(
    hall: World, new: New, demand: Program, supplier: Program, program: Callable[..., Program]
) -> None:
    assert supplier.send("POST", "/webhooks", new()).status_code == 403
    of_hall = {name: value for name, value in new().items() if name != "organization"}
    assert demand.send("POST", "/webhooks", of_hall).status_code == 403
    made = program(hall.administrator).send("POST", "/webhooks", of_hall)
    assert made.status_code == 201
    assert (made.json or {})["organization"] is None
    assert (made.json or {})["reading"] == "all"
    assert demand.get(f"/webhooks/{(made.json or {})['id']}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"url": "http://hooks.example/"}, "/url"),
        ({"url": "https://10.0.0.1/"}, "/url"),
        ({"url": f"https://{HOST}:8443/"}, "/url"),
        ({"kinds": ["account.registered"]}, "/kinds"),
        ({"regions": ["999999"]}, "/regions"),
        ({"format": "wecom"}, "/url"),
        ({"name": " "}, "/name"),
        ({"more": 1}, "/more"),
    ],
)
def test_what_is_wrong_is_pointed_at(new: New, demand: Program, wrong: dict[str, Any], pointer: str) -> None:
    answer = demand.send("POST", "/webhooks", new(**wrong))
    assert answer.status_code == 422
    assert pointer in {each.get("pointer") for each in (answer.json or {})["faults"]}


def test_the_secret_is_told_once_sealed_where_it_is_kept_and_in_no_kept_answer(
    new: New, demand: Program, sqlite_engine: Engine
) -> None:
    path = f"/webhooks/{(demand.send('POST', '/webhooks', new()).json or {})['id']}"
    told = demand.send("POST", f"{path}/secret", {}, If_Match="*", Idempotency_Key="again").json or {}
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/=]{44}", told["secret"])
    other = demand.send("POST", f"{path}/secret", {}, If_Match="*", Idempotency_Key="again").json or {}
    assert other["secret"] != told["secret"]
    assert "whsec_" not in str(demand.get(path).json)
    with Session(sqlite_engine) as session:
        kept = [row.body for row in session.exec(select(KeptAnswer))]
        (row,) = session.exec(select(WebhookEndpoint))
        assert not any(told["secret"] in each for each in [*kept, *map(str, row.model_dump().values())])
        assert HOST not in row.sealed_url


def test_the_example_of_the_documentation_takes_each_message_once(
    hall: World, new: New, demand: Program, post: WebhookPost, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    path = f"/webhooks/{(demand.send('POST', '/webhooks', new()).json or {})['id']}"
    secret = (demand.send("POST", f"{path}/secret", {}, If_Match="*").json or {})["secret"]
    webhook_receiver.seen.clear()

    def example(connection: SSLSocket, got: Got) -> None:
        status, told = webhook_receiver.answer(secret, got.headers, got.body, now().timestamp())
        answering(status, json.dumps(told).encode())(connection, got)

    receiver.behaviour = example
    post.run_slice(10.0)
    assert (demand.get(path).json or {})["state"] == "on"
    scenario = hall.draft_scenario()
    hall.session.commit()
    post.run_slice(10.0)
    newest = (demand.get(f"{path}/deliveries").json or {})["items"][0]
    assert (newest["kind"], newest["state"], newest["status"]) == ("scenario.drafted", "taken", 200)
    assert demand.send("POST", f"{path}/deliveries/{newest['id']}/again").status_code == 200
    post.run_slice(10.0)
    assert [got.headers["webhook-id"] for got in receiver.got][-2:] == [newest["message"]] * 2
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1
    assert f"/api/v1/scenarios/{scenario.code}" in printed[0]
    got = receiver.got[-1]
    forged = got.headers | {"webhook-id": "entry_0"}
    assert webhook_receiver.answer(secret, forged, got.body, now().timestamp())[0] == 401
    assert webhook_receiver.answer(secret, got.headers, got.body + b" ", now().timestamp())[0] == 401
    assert webhook_receiver.answer(secret, got.headers, got.body, now().timestamp() + 301)[0] == 401


def test_everything_since_a_day_is_asked_for_by_one_request(
    hall: World, new: New, demand: Program, post: WebhookPost, receiver: Receiver
) -> None:
    path = f"/webhooks/{(demand.send('POST', '/webhooks', new()).json or {})['id']}"
    post.run_slice(10.0)
    receiver.got.clear()
    answer = demand.send("POST", f"{path}/replay", {"since": "2026-01-01"})
    assert (answer.json or {})["position"] == 0
    post.run_slice(10.0)
    assert receiver.events()
    assert receiver.events() == sorted(receiver.events())


def test_the_public_keys_check_the_signatures_without_a_secret(
    new: New, demand: Program, anybody: Program, post: WebhookPost, receiver: Receiver
) -> None:
    demand.send("POST", "/webhooks", new())
    post.run_slice(10.0)
    (got,) = receiver.got
    key = (anybody.get("/webhook-keys").json or {})["keys"][-1]["key"].removeprefix("whpk_")
    (signature,) = (
        each.removeprefix("v1a,") for each in got.headers["webhook-signature"].split() if each.startswith("v1a,")
    )
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(base64.b64decode(signature), signed)


def test_the_documentation_shows_what_a_message_looks_like(
    hall: World, new: New, demand: Program, post: WebhookPost, receiver: Receiver
) -> None:
    """The members that docs/api.md names are those that come."""
    demand.send("POST", "/webhooks", new())
    post.run_slice(10.0)
    hall.released_scenario()
    hall.session.commit()
    post.run_slice(10.0)
    shown = re.search(r'\{"type": "scenario.released".*?\n\n', (ROOT / "docs" / "api.md").read_text("utf-8"), re.S)
    assert shown is not None
    names = set(re.findall(r'"(\w+)":', shown[0]))
    got = next(each.json for each in receiver.got if each.json["type"] == "scenario.released")
    assert names == {*got, *got["data"], *got["data"]["marks"]}
