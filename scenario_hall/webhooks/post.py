"""Sends what endpoints wait for. Each endpoint is a reader of the log with a position of its own and at most one
message on its way; those that answer slowly or not at all have threads of their own, so they keep nobody else waiting.
"""

from __future__ import annotations

import contextvars
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Engine, Executable, and_, false, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, events_after, last_id
from scenario_hall.log.failures import Failure, due_items, forget_failure, record_failure
from scenario_hall.log.readers import SURROUNDINGS
from scenario_hall.webhooks.content import Seen, kinds_of, seen_by
from scenario_hall.webhooks.models import DeliveryState, HookState, Purpose, WebhookDelivery, WebhookEndpoint
from scenario_hall.webhooks.outgoing import Outgoing, Refused, outgoing, send
from scenario_hall.webhooks.sending import Fault, Reach
from scenario_hall.webhooks.service import is_held
from scenario_hall.webhooks.settling import OURS, Result, delivery_of, settle

logger = logging.getLogger(__name__)
THREADS = 16  # for those that answer, and as many for those that failed or were slow the last time
CLAIMED_FOR = timedelta(seconds=60)  # a worker that dies gives an endpoint back after this
SLOW_MILLISECONDS = 1_000
LOOKED_THROUGH = 100  # entries at a time
# How many entries that an endpoint is not told may lie behind its stored position before that is moved for them alone.
PASSED_OVER = 1_000


@dataclass(frozen=True)
class _Next:
    """What is to be sent next: its row, which is stored when it was tried, and the entry, where it is one."""

    delivery: WebhookDelivery
    seen: Seen | None
    error: Exception | None = None  # the entry cannot be told


class WebhookPost:
    """Gives every endpoint that waits for something a thread, a slice of time at a turn."""

    name = "webhooks"

    def __init__(self, engine: Engine, settings: Settings, reach: Reach | None = None) -> None:
        self.engine = engine
        self.settings = settings
        self.reach = reach or Reach(ports=frozenset(settings.webhook_ports), networks=settings.webhook_networks)
        self._quick = ThreadPoolExecutor(THREADS, thread_name_prefix="webhook")
        self._slow = ThreadPoolExecutor(THREADS, thread_name_prefix="slow webhook")
        self._under_way: dict[int, Future[int]] = {}
        self._was_slow: set[int] = set()
        # Endpoint → its version and position, and the last entry that it was held against.
        self._looked: dict[int, tuple[int, int, int]] = {}

    def run_slice(self, seconds: float) -> int:
        """Send for about ``seconds``; returns how many messages were sent, taken or not. Raises what the surroundings
        raise."""
        until = time.monotonic() + seconds
        self._retry()
        begun = self._begin(until)
        # What is slow goes on in its thread; the turn is over all the same.
        done, _ = wait(begun, timeout=max(0.0, until - time.monotonic()))
        self._under_way = {key: each for key, each in self._under_way.items() if not each.done()}
        return sum(each.result() for each in done)

    def close(self) -> None:
        """Wait for what is under way."""
        self._quick.shutdown()
        self._slow.shutdown()

    def _begin(self, until: float) -> list[Future[int]]:
        with Session(self.engine) as session:
            due = session.execute(_due()).all()
            end = last_id(session)
        begun = []
        for key, version, position, is_failing, has_extra in due:
            if key in self._under_way or (not has_extra and self._looked.get(key) == (version, position, end)):
                continue
            pool = self._slow if is_failing or key in self._was_slow else self._quick
            # A thread begins with an empty context; the clock of a test is part of it.
            run: Callable[..., int] = contextvars.copy_context().run
            self._under_way[key] = pool.submit(run, self._see_to, key, until)
            begun.append(self._under_way[key])
        return begun

    def _see_to(self, key: int, until: float) -> int:
        """Send one message after the other to one endpoint; returns how many."""
        sent, is_mine = 0, False
        try:
            while (found := self._next(key)) is not None:
                if not is_mine and not (is_mine := self._claim(key)):
                    break
                sent += 1
                if not self._send(key, found) or time.monotonic() >= until:
                    break
        except Exception:
            logger.exception("webhook %d: nothing could be sent; it is tried again", key)
        finally:
            if is_mine:
                self._release(key)
        return sent

    def _next(self, key: int) -> _Next | None:
        """What the endpoint is to be sent now; None when it waits for nothing, or may not be sent anything."""
        with Session(self.engine, expire_on_commit=False) as session:
            endpoint = session.get(WebhookEndpoint, key)
            if endpoint is None or is_held(session, endpoint):
                return None
            extra = session.exec(_extras(endpoint)).first()
            if extra is not None:
                return _told(session, endpoint, extra)
            if endpoint.state != HookState.ON or endpoint.next_try_at > now():
                return None
            return self._next_entry(session, endpoint)

    def _next_entry(self, session: Session, endpoint: WebhookEndpoint) -> _Next | None:
        """The next entry that it is told."""
        end, after, kinds = last_id(session), endpoint.position, kinds_of(endpoint)
        while events := events_after(session, after, limit=LOOKED_THROUGH, kinds=kinds):
            for event in events:
                row = delivery_of(session, endpoint, event.id)
                if (row is None or row.state == DeliveryState.WAITING) and (
                    found := _told(session, endpoint, row or _row(endpoint, event))
                ):
                    return found
            after = events[-1].id
        key, version, position = endpoint.pk, endpoint.version, endpoint.position
        if end - position >= PASSED_OVER:
            unmoved = col(WebhookEndpoint.id) == key, col(WebhookEndpoint.position) == position
            with transaction(session):
                session.exec(update(WebhookEndpoint).where(*unmoved).values(position=end))
        self._looked[key] = (version, position, end)
        return None

    def _send(self, key: int, found: _Next) -> bool:
        """Send it and keep how it ended; was it taken?"""
        is_unseen = found.delivery.event_id is not None and found.seen is None and found.error is None
        made: Outgoing | Refused = Refused(Fault.UNSEEN if is_unseen else Fault.HALL)
        error = found.error
        if error is None and not is_unseen:
            try:
                with Session(self.engine) as session:
                    endpoint = session.get_one(WebhookEndpoint, key)
                    made = outgoing(session, endpoint, found.delivery, found.seen, self.settings)
            except Exception as raised:
                error = raised
        # No connection to the database is held while the other side thinks.
        result = Result(made.fault) if isinstance(made, Refused) else send(made, self.reach)
        if result.seconds * 1_000 > SLOW_MILLISECONDS:
            self._was_slow.add(key)
        else:
            self._was_slow.discard(key)
        self._settle(key, found.delivery, result)
        self._keep_failure(key, found.delivery, error)
        return result.fault is None or result.fault in OURS

    def _settle(self, key: int, delivery: WebhookDelivery, result: Result) -> None:
        with Session(self.engine) as session, transaction(session):
            endpoint = session.get(WebhookEndpoint, key, with_for_update=True, populate_existing=True)
            if endpoint is None:  # deleted meanwhile
                return
            row = session.get(WebhookDelivery, delivery.id) if delivery.id is not None else None
            if row is None and delivery.id is not None:
                return
            endpoint.busy_until = now() + CLAIMED_FOR
            settle(session, endpoint, row or WebhookDelivery(**delivery.model_dump()), result)

    def _keep_failure(self, key: int, delivery: WebhookDelivery, error: Exception | None) -> None:
        """What the hall itself could not write is shown to its administrators, and tried again."""
        if delivery.event_id is None:
            return
        item = f"{key}:{delivery.event_id}"
        with Session(self.engine) as session:
            if error is not None:
                logger.error("webhook %d passes entry %d, which raises", key, delivery.event_id, exc_info=error)
                record_failure(session, self.name, item, error)
            elif session.get(Failure, (self.name, item)) is not None:
                forget_failure(session, self.name, item)

    def _retry(self) -> None:
        """What raised before and is due again is sent beside the order of the log."""
        with Session(self.engine) as session:
            for item in due_items(session, self.name):
                endpoint_id, _, event_id = item.partition(":")
                mine = update(WebhookDelivery).where(
                    col(WebhookDelivery.endpoint_id) == int(endpoint_id),
                    col(WebhookDelivery.event_id) == int(event_id),
                    col(WebhookDelivery.state) == DeliveryState.FAILED,
                )
                with transaction(session):
                    count = session.exec(mine.values(is_extra=True, state=DeliveryState.WAITING)).rowcount
                if not count and not _is_waiting(session, int(endpoint_id), int(event_id)):
                    forget_failure(session, self.name, item)

    def _claim(self, key: int) -> bool:
        """Take the endpoint for this thread alone until it is released; false when another worker is at it."""
        mine = update(WebhookEndpoint).where(col(WebhookEndpoint.id) == key, _is_free())
        with Session(self.engine) as session, transaction(session):
            return session.exec(mine.values(busy_until=now() + CLAIMED_FOR)).rowcount == 1

    def _release(self, key: int) -> None:
        with Session(self.engine) as session, transaction(session):
            session.exec(update(WebhookEndpoint).where(col(WebhookEndpoint.id) == key).values(busy_until=None))


def _is_free() -> ColumnElement[bool]:
    return or_(col(WebhookEndpoint.busy_until).is_(None), col(WebhookEndpoint.busy_until) <= now())


def _due() -> Executable:
    """Id, version, position, does it fail, does it wait for something beside the order of the log."""
    waiting = select(WebhookDelivery.id).where(
        col(WebhookDelivery.endpoint_id) == col(WebhookEndpoint.id),
        col(WebhookDelivery.is_extra),
        col(WebhookDelivery.state) == DeliveryState.WAITING,
    )
    state = col(WebhookEndpoint.state)
    extra = or_(
        and_(state == HookState.NEW, waiting.where(col(WebhookDelivery.purpose) == Purpose.CHALLENGE).exists()),
        and_(state.in_([HookState.ON, HookState.PAUSED]), waiting.exists()),
    )
    in_order = and_(state == HookState.ON, col(WebhookEndpoint.next_try_at) <= now())
    is_failing = col(WebhookEndpoint.failing_since).is_not(None)
    own = (col(WebhookEndpoint.id), col(WebhookEndpoint.version), col(WebhookEndpoint.position))
    query = sa_select(*own, is_failing, extra).where(_is_free(), or_(in_order, extra))
    return query.order_by(col(WebhookEndpoint.id))


def _extras(endpoint: WebhookEndpoint) -> SelectOfScalar[WebhookDelivery]:
    """What waits beside the order of the log, and may be sent in the endpoint's state."""
    query = select(WebhookDelivery).where(
        col(WebhookDelivery.endpoint_id) == endpoint.pk,
        col(WebhookDelivery.is_extra),
        col(WebhookDelivery.state) == DeliveryState.WAITING,
    )
    if endpoint.state == HookState.NEW:
        query = query.where(col(WebhookDelivery.purpose) == Purpose.CHALLENGE)
    elif endpoint.state == HookState.OFF:
        query = query.where(false())
    return query.order_by(col(WebhookDelivery.id)).limit(1)


def _told(session: Session, endpoint: WebhookEndpoint, row: WebhookDelivery) -> _Next | None:
    """The row with its entry as the endpoint is told it; None for one that it is not told. Of what it asked for again
    and may not see any more, only that."""
    if row.event_id is None:
        return _Next(row, None)
    try:
        seen = seen_by(session, endpoint, session.get_one(Event, row.event_id))
    except SURROUNDINGS:
        raise
    except Exception as error:
        return _Next(row, None, error)
    if seen is None:
        return _Next(row, None, None) if row.is_extra else None
    return _Next(row, seen)


def _row(endpoint: WebhookEndpoint, event: Event) -> WebhookDelivery:
    """Of an entry that is sent for the first time. Its id is made of the line's hash, which is of this log alone."""
    return WebhookDelivery(
        endpoint_id=endpoint.pk,
        event_id=event.id,
        message_id=f"entry_{event.hash[:32]}",
        kind=event.kind,
        code=event.subject_code,
    )


def _is_waiting(session: Session, endpoint_id: int, event_id: int) -> bool:
    query = select(WebhookDelivery.id).where(
        col(WebhookDelivery.endpoint_id) == endpoint_id,
        col(WebhookDelivery.event_id) == event_id,
        col(WebhookDelivery.state) == DeliveryState.WAITING,
    )
    return session.exec(query).first() is not None
