"""Webhooks of the organisation that the token speaks for, and with an administrator's scope those of the hall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.api.declaring import Call, Listing, Operation
from scenario_hall.api.values import ListQuery, RecordQuery
from scenario_hall.api.webhook_bodies import (
    DeliveryTold,
    NewSecret,
    NewWebhook,
    Replay,
    ReplayTold,
    RobotCode,
    SecretTold,
    SigningKey,
    SigningKeys,
    WebhookChange,
    WebhookDeleted,
    WebhookTold,
)
from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import NotFound
from scenario_hall.core.texts import N_
from scenario_hall.log.key_ring import key_ring
from scenario_hall.organizations.service import get_organization
from scenario_hall.organizations.tokens import Scope
from scenario_hall.web.kit.request import settings
from scenario_hall.webhooks import asking, service
from scenario_hall.webhooks.models import (
    DeliveryState,
    Format,
    HookState,
    Purpose,
    Reading,
    WebhookDelivery,
    WebhookEndpoint,
)
from scenario_hall.webhooks.signing import public_key_text

SUBJECT = "webhooks"


def _tell(_call: Call, endpoint: WebhookEndpoint) -> WebhookTold:
    is_robot = endpoint.format != Format.STANDARD
    names = ("name", "kinds", "regions", "domains", "position", "failing_since", "taken_at", "created_at", "version")
    return WebhookTold(
        id=endpoint.pk,
        link=f"/api/v1/{SUBJECT}/{endpoint.pk}",
        organization=endpoint.organization_id,
        url=f"https://{endpoint.host}/" if is_robot else service.url_of(endpoint, settings().secret_key),
        format=Format(endpoint.format),
        reading=Reading(endpoint.reading),
        state=HookState(endpoint.state),
        next_try_at=endpoint.next_try_at if endpoint.failing_since is not None else None,
        **{name: getattr(endpoint, name) for name in names},
    )


def _tell_delivery(_call: Call, delivery: WebhookDelivery) -> DeliveryTold:
    names = ("kind", "code", "attempts", "status", "fault", "answer", "milliseconds", "last_at")
    return DeliveryTold(
        id=delivery.id or 0,
        message=delivery.message_id,
        purpose=Purpose(delivery.purpose),
        entry=delivery.event_id,
        state=DeliveryState(delivery.state),
        **{name: getattr(delivery, name) for name in names},
    )


def _load(call: Call) -> WebhookEndpoint:
    return service.endpoint_of(call.session, call.actor, whole_number(call.path["id"]))


def _rows(call: Call) -> SelectOfScalar[WebhookEndpoint]:
    organization = col(WebhookEndpoint.organization_id)
    mine = organization.in_([each for each in call.actor.spoken_for if call.actor.edits(each)])
    return select(WebhookEndpoint).where(or_(mine, organization.is_(None)) if call.actor.is_administrator else mine)


def _is_mine(call: Call, endpoint: WebhookEndpoint) -> bool:
    return service.looks_after(call.actor, service.owner_organization(call.session, endpoint))


def _delivery_rows(call: Call) -> SelectOfScalar[WebhookDelivery]:
    return select(WebhookDelivery).where(col(WebhookDelivery.endpoint_id) == _load(call).pk)


def _create(call: Call) -> WebhookTold:
    body: NewWebhook = call.body
    organization = get_organization(call.session, body.organization) if body.organization is not None else None
    made, _secret = service.make_endpoint(
        call.actor,
        session=call.session,
        secret_key=settings().secret_key,
        ports=frozenset(settings().webhook_ports),
        organization=organization,
        url=body.url,
        wanted=service.Wanted(body.name, body.reading, body.kinds, body.regions, body.domains),
        format_=body.format,
        robot_secret=body.robot_secret,
    )
    return _tell(call, made)


def _change(call: Call) -> WebhookTold:
    body: WebhookChange = call.body
    endpoint: WebhookEndpoint = call.record
    told = {name: getattr(body, name) for name in ("name", "reading", "kinds", "regions", "domains")}
    kept = {name: getattr(endpoint, name) if value is None else value for name, value in told.items()}
    changed = service.change_endpoint(
        call.actor,
        session=call.session,
        secret_key=settings().secret_key,
        ports=frozenset(settings().webhook_ports),
        endpoint=endpoint,
        version=call.version,
        wanted=service.Wanted(**{**kept, "reading": Reading(kept["reading"])}),
        url=body.url,
    )
    return _tell(call, changed)


def _pausing(*, is_paused: bool) -> Callable[[Call], WebhookTold]:
    def run(call: Call) -> WebhookTold:
        paused = service.pause_endpoint(
            call.actor, session=call.session, endpoint=call.record, version=call.version, is_paused=is_paused
        )
        return _tell(call, paused)

    return run


def _confirm(call: Call) -> WebhookTold:
    confirmed = service.confirm_robot(call.actor, session=call.session, endpoint=call.record, code=call.body.code)
    return _tell(call, confirmed)


def _challenge(call: Call) -> WebhookTold:
    asking.send_challenge(call.session, call.record)
    return _tell(call, call.record)


def _renew(call: Call) -> SecretTold:
    endpoint: WebhookEndpoint = call.record
    secret = service.renew_secret(
        call.actor,
        session=call.session,
        secret_key=settings().secret_key,
        endpoint=endpoint,
        version=call.version,
        robot_secret=call.body.robot_secret,
    )
    return SecretTold(id=endpoint.pk, secret=secret or None)


def _delete(call: Call) -> WebhookDeleted:
    key = call.record.pk
    service.delete_endpoint(call.actor, session=call.session, endpoint=call.record, version=call.version)
    return WebhookDeleted(id=key)


def _test(call: Call) -> DeliveryTold:
    return _tell_delivery(call, asking.send_test(call.session, call.record))


def _again(call: Call) -> DeliveryTold:
    number = whole_number(call.path["delivery"])
    if number is None:
        raise NotFound()
    return _tell_delivery(call, asking.send_again(call.session, call.record, number))


def _replay(call: Call) -> ReplayTold:
    since: date | None = call.body.since
    return ReplayTold(id=call.record.pk, position=asking.replay(call.session, call.record, since))


def _keys(call: Call) -> SigningKeys:
    ring = key_ring(call.session, settings())
    ring.ensure_key()
    return SigningKeys(
        keys=[
            SigningKey(key=public_key_text(each), valid_from=each.valid_from, valid_until=each.valid_until)
            for each in ring.public_keys()
        ]
    )


_COMMON: dict[str, Any] = {"subject": SUBJECT}
_CHANGES: dict[str, Any] = {**_COMMON, "scopes": (Scope.WRITE, Scope.REVIEW), "load": _load}
_ONE: dict[str, Any] = {**_CHANGES, "path": f"/{SUBJECT}/{{id}}"}
_ACT: dict[str, Any] = {**_CHANGES, "method": "POST", "answer": WebhookTold}
OPERATIONS = [
    Operation(
        name="get_webhook_keys",
        method="GET",
        path="/webhook-keys",
        summary=N_("The public keys by which signatures of messages are checked"),
        answer=SigningKeys,
        run=_keys,
        **_COMMON,
    ),
    Operation(
        name="list_webhooks",
        method="GET",
        path=f"/{SUBJECT}",
        summary=N_("The webhooks that you look after"),
        query=ListQuery,
        answer=WebhookTold,
        scopes=(Scope.READ, Scope.REVIEW),
        listing=Listing(_rows, WebhookEndpoint.id, _is_mine, _tell, WebhookTold),
        **_COMMON,
    ),
    Operation(
        name="create_webhook",
        method="POST",
        path=f"/{SUBJECT}",
        summary=N_("Have the log sent to an address; it is asked a challenge first"),
        answer=WebhookTold,
        body=NewWebhook,
        status=201,
        scopes=(Scope.WRITE, Scope.REVIEW),
        run=_create,
        example={"organization": 1, "name": "Our system", "url": "https://hooks.example/hall", "kinds": []},
        **_COMMON,
    ),
    Operation(
        name="get_webhook",
        method="GET",
        summary=N_("One of them"),
        query=RecordQuery,
        answer=WebhookTold,
        run=lambda call: _tell(call, call.record),
        **{**_ONE, "scopes": (Scope.READ, Scope.REVIEW)},
    ),
    Operation(
        name="change_webhook",
        method="PATCH",
        summary=N_("Another name, address or filter"),
        answer=WebhookTold,
        body=WebhookChange,
        is_versioned=True,
        run=_change,
        example={"kinds": ["scenario.released"]},
        **_ONE,
    ),
    Operation(
        name="delete_webhook",
        method="DELETE",
        summary=N_("Delete it, with what was sent to it"),
        answer=WebhookDeleted,
        is_versioned=True,
        run=_delete,
        **_ONE,
    ),
    Operation(
        name="pause_webhook",
        path=f"/{SUBJECT}/{{id}}/pause",
        summary=N_("Send nothing for now; the log keeps what comes"),
        is_versioned=True,
        run=_pausing(is_paused=True),
        **_ACT,
    ),
    Operation(
        name="resume_webhook",
        path=f"/{SUBJECT}/{{id}}/resume",
        summary=N_("Go on where it stopped; one that was turned off is asked its challenge again"),
        is_versioned=True,
        run=_pausing(is_paused=False),
        **_ACT,
    ),
    Operation(
        name="challenge_webhook",
        path=f"/{SUBJECT}/{{id}}/challenge",
        summary=N_("Ask its receiver a new challenge"),
        run=_challenge,
        **_ACT,
    ),
    Operation(
        name="confirm_webhook",
        path=f"/{SUBJECT}/{{id}}/confirm",
        summary=N_("Say which code a robot has shown to its group"),
        body=RobotCode,
        run=_confirm,
        example={"code": "00000000"},
        **_ACT,
    ),
    Operation(
        name="renew_webhook_secret",
        path=f"/{SUBJECT}/{{id}}/secret",
        summary=N_("Make a new secret, told this once; the one before signs a day longer"),
        body=NewSecret,
        is_versioned=True,
        is_kept=False,
        run=_renew,
        example={},
        **{**_ACT, "answer": SecretTold},
    ),
    Operation(
        name="test_webhook",
        path=f"/{SUBJECT}/{{id}}/test",
        summary=N_("Send a message that means nothing"),
        run=_test,
        **{**_ACT, "answer": DeliveryTold},
    ),
    Operation(
        name="replay_webhook",
        path=f"/{SUBJECT}/{{id}}/replay",
        summary=N_("Send everything since a day again, or begin with what comes now"),
        body=Replay,
        run=_replay,
        example={"since": "2026-11-01"},
        **{**_ACT, "answer": ReplayTold},
    ),
    Operation(
        name="list_webhook_deliveries",
        method="GET",
        path=f"/{SUBJECT}/{{id}}/deliveries",
        summary=N_("What was sent to it, and how that ended"),
        query=ListQuery,
        answer=DeliveryTold,
        scopes=(Scope.READ, Scope.REVIEW),
        listing=Listing(_delivery_rows, WebhookDelivery.id, lambda _call, _row: True, _tell_delivery, DeliveryTold),
        **_COMMON,
    ),
    Operation(
        name="send_webhook_delivery_again",
        path=f"/{SUBJECT}/{{id}}/deliveries/{{delivery}}/again",
        summary=N_("Send one message again, with the same id"),
        run=_again,
        **{**_ACT, "answer": DeliveryTold},
    ),
]
