"""What becomes of an endpoint when a message was sent to it: it moves on, or is tried again, or turned off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.sql.dml import Update
from sqlmodel import Session, col, select, update

from scenario_hall.core.clock import now
from scenario_hall.log.chain import record_event
from scenario_hall.webhooks.models import (
    OFF_AFTER,
    PAUSES,
    DeliveryState,
    Format,
    HookState,
    Purpose,
    WebhookDelivery,
    WebhookEndpoint,
)
from scenario_hall.webhooks.sending import Fault
from scenario_hall.webhooks.service import turn_on

GONE = 410
OURS = (Fault.HALL, Fault.UNSEEN)  # not the receiver's doing: the next entry gets its turn


@dataclass(frozen=True)
class Result:
    """How one attempt ended; ``fault`` is None when the message was taken."""

    fault: Fault | None
    status: int | None = None
    answer: str = ""
    seconds: float = 0.0
    retry_after: int | None = None


def settle(session: Session, endpoint: WebhookEndpoint, delivery: WebhookDelivery, result: Result) -> None:
    """Within the caller's transaction, keep the result and draw its consequences."""
    delivery.attempts += 1
    delivery.last_at = now()
    delivery.status, delivery.fault, delivery.answer = result.status, result.fault or "", result.answer
    delivery.milliseconds = round(result.seconds * 1000)
    was_extra, delivery.is_extra = delivery.is_extra, False
    if result.fault is None:
        _taken(session, endpoint, delivery, was_extra=was_extra)
    elif was_extra or result.fault in OURS:
        delivery.state = DeliveryState.FAILED
        if not was_extra and delivery.event_id is not None:
            endpoint.position = delivery.event_id
    else:
        _not_taken(session, endpoint, delivery, result.retry_after)
    session.add(delivery)
    session.add(endpoint)
    if result.status == GONE and endpoint.state in (HookState.ON, HookState.PAUSED):
        _turn_off(session, endpoint, "webhook.gone")
    elif _is_silent(endpoint):
        _turn_off(session, endpoint, "webhook.silent")


def _taken(session: Session, endpoint: WebhookEndpoint, delivery: WebhookDelivery, *, was_extra: bool) -> None:
    delivery.state = DeliveryState.TAKEN
    endpoint.taken_at = now()
    if delivery.purpose == Purpose.CHALLENGE:
        if endpoint.format == Format.STANDARD:  # a robot's group gives its code back by a page
            turn_on(endpoint)
    elif endpoint.state == HookState.ON:
        _is_back(session, endpoint)
    if not was_extra and delivery.event_id is not None:
        endpoint.position = delivery.event_id


def _is_back(session: Session, endpoint: WebhookEndpoint) -> None:
    """It answers again: what was given up while it did not is sent once more."""
    if endpoint.failing_from is not None:
        session.exec(_given_up(endpoint).values(is_extra=True, state=DeliveryState.WAITING))
    endpoint.failing_since, endpoint.failing_from, endpoint.next_try_at = None, None, now()


def _not_taken(session: Session, endpoint: WebhookEndpoint, delivery: WebhookDelivery, retry_after: int | None) -> None:
    event_id = delivery.event_id or 0
    if endpoint.failing_since is None:
        endpoint.failing_since, endpoint.failing_from = now(), endpoint.position
    if delivery.attempts > len(PAUSES):
        # The next entry gets its turn: this one may be what the receiver cannot take.
        delivery.state = DeliveryState.FAILED
        endpoint.position, endpoint.next_try_at = event_id, now()
        return
    pause = max(PAUSES[delivery.attempts - 1], timedelta(seconds=retry_after or 0))
    endpoint.next_try_at = min(now() + pause, _end_of_patience(endpoint.failing_since))


def _end_of_patience(since: datetime) -> datetime:
    return max(since + OFF_AFTER, now() + PAUSES[0])


def _is_silent(endpoint: WebhookEndpoint) -> bool:
    since = endpoint.failing_since
    return endpoint.state == HookState.ON and since is not None and now() >= since + OFF_AFTER


def _turn_off(session: Session, endpoint: WebhookEndpoint, kind: str) -> None:
    """Its position goes back to where it began to fail, so that nothing is missing when it is turned on again."""
    if endpoint.failing_from is not None:
        session.exec(_given_up(endpoint).values(attempts=0, state=DeliveryState.WAITING))
        endpoint.position = endpoint.failing_from
    endpoint.state = HookState.OFF
    endpoint.failing_since, endpoint.failing_from = None, None
    endpoint.version += 1
    session.add(endpoint)
    session.flush()
    told = {"organization": endpoint.organization_id} if endpoint.organization_id is not None else {}
    record_event(session, None, endpoint, kind, told)


def _given_up(endpoint: WebhookEndpoint) -> Update:
    return update(WebhookDelivery).where(
        col(WebhookDelivery.endpoint_id) == endpoint.pk,
        col(WebhookDelivery.state) == DeliveryState.FAILED,
        col(WebhookDelivery.event_id) > endpoint.failing_from,
    )


def delivery_of(session: Session, endpoint: WebhookEndpoint, event_id: int) -> WebhookDelivery | None:
    """The row of an entry that was tried before."""
    query = select(WebhookDelivery).where(
        col(WebhookDelivery.endpoint_id) == endpoint.pk, col(WebhookDelivery.event_id) == event_id
    )
    return session.exec(query).first()
