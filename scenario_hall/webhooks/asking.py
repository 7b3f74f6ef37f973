"""What somebody asks to be sent beside the order of the log: a challenge, a test, one entry again, all since a day."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, delete, func, select

from scenario_hall.core import limits
from scenario_hall.core.clock import HONG_KONG, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import NotFound, WrongState
from scenario_hall.core.pulse import wake_others
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event, last_id
from scenario_hall.webhooks.models import (
    DeliveryState,
    Format,
    HookState,
    Purpose,
    WebhookDelivery,
    WebhookEndpoint,
)

MOST_WAITING = 50  # messages beside the order of the log, of one endpoint
KEPT = timedelta(days=30)
CODE_DIGITS = 8  # of the code that a robot shows to its group


def ask_challenge(session: Session, endpoint: WebhookEndpoint) -> None:
    """Within the caller's transaction: nothing else is sent before its receiver has given a new challenge back."""
    is_robot = endpoint.format != Format.STANDARD
    endpoint.challenge = (
        f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}" if is_robot else secrets.token_urlsafe(24)
    )
    endpoint.state, endpoint.next_try_at = HookState.NEW, now()
    session.add(endpoint)
    _stop_waiting(session, endpoint, Purpose.CHALLENGE)
    _add(session, endpoint, Purpose.CHALLENGE)


def send_challenge(session: Session, endpoint: WebhookEndpoint) -> None:
    """Ask again. Raises TooMany, WrongState where it has been answered."""
    limits.count_attempt(session, limits.WEBHOOK_TESTS, str(endpoint.pk))
    with transaction(session):
        session.refresh(endpoint, with_for_update=True)
        if endpoint.state != HookState.NEW:
            raise WrongState(N_("This webhook waits for no challenge."))
        ask_challenge(session, endpoint)


def send_test(session: Session, endpoint: WebhookEndpoint) -> WebhookDelivery:
    """One message that means nothing, at once. Raises TooMany, WrongState."""
    limits.count_attempt(session, limits.WEBHOOK_TESTS, str(endpoint.pk))
    with transaction(session):
        if endpoint.state not in (HookState.ON, HookState.PAUSED):
            raise WrongState(N_("Its challenge comes first."))
        return _add(session, endpoint, Purpose.TEST)


def send_again(session: Session, endpoint: WebhookEndpoint, delivery_id: int) -> WebhookDelivery:
    """The same message, with the same id, at once. Raises NotFound, TooMany, WrongState."""
    limits.count_attempt(session, limits.WEBHOOK_TESTS, str(endpoint.pk))
    with transaction(session):
        delivery = session.get(WebhookDelivery, delivery_id, with_for_update=True, populate_existing=True)
        if delivery is None or delivery.endpoint_id != endpoint.pk or delivery.purpose != Purpose.EVENT:
            raise NotFound()
        if endpoint.state not in (HookState.ON, HookState.PAUSED):
            raise WrongState(N_("Its challenge comes first."))
        if delivery.state == DeliveryState.WAITING:
            raise WrongState(N_("This message waits to be sent anyway."))
        delivery.is_extra, delivery.state = True, DeliveryState.WAITING
        session.add(delivery)
        wake_others(session)
    return delivery


def replay(session: Session, endpoint: WebhookEndpoint, day: date | None) -> int:
    """Send everything again that has happened since the beginning of ``day`` (in Hong Kong), in order; None: leave out
    what waits and begin with what comes now. Returns the new position. Raises WrongState."""
    with transaction(session):
        session.refresh(endpoint, with_for_update=True)
        if endpoint.busy_until is not None and endpoint.busy_until > now():
            raise WrongState(N_("A message is on its way to it. Please try again in a moment."))
        if day is None:
            endpoint.position = last_id(session)
        else:
            begin = datetime.combine(day, time.min, tzinfo=HONG_KONG)
            first = session.exec(select(func.min(Event.id)).where(col(Event.at) >= begin)).one()
            endpoint.position = first - 1 if first is not None else last_id(session)
        # They are sent anew, with all tries.
        session.exec(
            delete(WebhookDelivery).where(
                col(WebhookDelivery.endpoint_id) == endpoint.pk,
                col(WebhookDelivery.event_id) > endpoint.position,
            )
        )
        endpoint.next_try_at, endpoint.failing_since, endpoint.failing_from = now(), None, None
        endpoint.version += 1
        session.add(endpoint)
        wake_others(session)
    return endpoint.position


def deliveries_of(session: Session, endpoint: WebhookEndpoint, *, limit: int = 50) -> Sequence[WebhookDelivery]:
    """The newest first."""
    query = select(WebhookDelivery).where(col(WebhookDelivery.endpoint_id) == endpoint.pk)
    return list(session.exec(query.order_by(col(WebhookDelivery.id).desc()).limit(limit)))


def prune_deliveries(session: Session) -> int:
    """Let go of what was taken or given up a month ago; returns how many."""
    old = delete(WebhookDelivery).where(
        col(WebhookDelivery.state) != DeliveryState.WAITING, col(WebhookDelivery.last_at) <= now() - KEPT
    )
    with transaction(session):
        return session.exec(old).rowcount


def _add(session: Session, endpoint: WebhookEndpoint, purpose: Purpose) -> WebhookDelivery:
    waiting = select(func.count()).where(
        col(WebhookDelivery.endpoint_id) == endpoint.pk,
        col(WebhookDelivery.is_extra),
        col(WebhookDelivery.state) == DeliveryState.WAITING,
    )
    if session.exec(waiting).one() >= MOST_WAITING:
        raise WrongState(N_("Many messages wait for it already."))
    delivery = WebhookDelivery(
        endpoint_id=endpoint.pk,
        purpose=purpose,
        message_id=f"{purpose}_{secrets.token_hex(16)}",
        kind=f"webhook.{purpose}",
        is_extra=True,
    )
    session.add(delivery)
    session.flush()
    wake_others(session)
    return delivery


def _stop_waiting(session: Session, endpoint: WebhookEndpoint, purpose: Purpose) -> None:
    session.exec(
        delete(WebhookDelivery).where(
            col(WebhookDelivery.endpoint_id) == endpoint.pk,
            col(WebhookDelivery.purpose) == purpose,
            col(WebhookDelivery.state) == DeliveryState.WAITING,
        )
    )
