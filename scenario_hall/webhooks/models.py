"""Tables of webhooks: endpoints, and what was sent to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.texts import N_

LONGEST_NAME = 60
# Standard Webhooks 1.0, “Deliverability and reliability”: at once, then after these pauses; 75 hours and a half in all.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
OFF_AFTER = timedelta(days=5)  # without one message that was taken


class Format(StrEnum):
    """What is posted: the standard's message, or a line of text for a group's robot."""

    STANDARD = "standard"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


FORMAT_NAMES: dict[str, str] = {
    Format.STANDARD: N_("Standard Webhooks, for your own program"),
    Format.WECOM: N_("Robot of a WeCom group"),
    Format.DINGTALK: N_("Robot of a DingTalk group"),
    Format.FEISHU: N_("Robot of a Feishu group"),
}


class Reading(StrEnum):
    """What of the log an endpoint follows."""

    OWN = "own"
    ALL = "all"


READING_NAMES: dict[str, str] = {
    Reading.OWN: N_("Only what concerns the organisation's own records"),
    Reading.ALL: N_("Those, and everything that is public in the hall"),
}


class HookState(StrEnum):
    NEW = "new"
    ON = "on"
    PAUSED = "paused"
    OFF = "off"


HOOK_STATE_NAMES: dict[str, str] = {
    HookState.NEW: N_("Waits for the answer to its challenge"),
    HookState.ON: N_("On"),
    HookState.PAUSED: N_("Paused"),
    HookState.OFF: N_("Turned off: it did not answer"),
}


class Purpose(StrEnum):
    EVENT = "event"
    TEST = "test"
    CHALLENGE = "challenge"


PURPOSE_NAMES: dict[str, str] = {
    Purpose.EVENT: N_("Entry of the log"),
    Purpose.TEST: N_("Test"),
    Purpose.CHALLENGE: N_("Challenge"),
}


class DeliveryState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    FAILED = "failed"


DELIVERY_NAMES: dict[str, str] = {
    DeliveryState.WAITING: N_("Waits"),
    DeliveryState.TAKEN: N_("Accepted by the receiver"),
    DeliveryState.FAILED: N_("Given up"),
}


class WebhookEndpoint(SQLModel, table=True):
    """Where one organisation (``organization_id``; None: the hall's administrators) wants the log sent.

    ``position`` is the last entry of the log that is done with. Its address is sealed, since that of a robot is a
    secret itself; ``host`` may be read by everybody who sees the endpoint.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (Index("webhook_endpoint_due", "state", "next_try_at"),)
    subject: ClassVar[str] = "webhook"

    id: int | None = Field(default=None, primary_key=True)
    version: int = Field(default=1)
    organization_id: int | None = Field(default=None, foreign_key="organization.id", index=True)
    created_by: int | None = None
    name: str = Field(max_length=LONGEST_NAME)
    sealed_url: str = Field(sa_type=Text)
    host: str = Field(max_length=253)
    format: str = Field(max_length=10)
    reading: str = Field(default=Reading.OWN, max_length=5)
    kinds: list[str] = Field(default_factory=list, sa_type=JSON)  # of entries; none: every kind
    regions: list[str] = Field(default_factory=list, sa_type=JSON)  # of the record; none: every region
    domains: list[str] = Field(default_factory=list, sa_type=JSON)
    sealed_key: str = Field(default="", sa_type=Text)
    sealed_key_before: str = Field(default="", sa_type=Text)  # signs, too, until ``previous_until``
    previous_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = Field(default=HookState.NEW, max_length=10)
    challenge: str = Field(default="", max_length=64)
    position: int = 0
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failing_from: int | None = None  # the position when it began to fail
    next_try_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    busy_until: datetime | None = Field(default=None, sa_type=UtcDateTime)  # a worker sends to it
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the last message that was
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def pk(self) -> int:
        """The row's id. Raises ValueError before the row was written."""
        if self.id is None:
            raise ValueError("the endpoint was not written yet")
        return self.id

    @property
    def public_code(self) -> str:
        return str(self.pk)


class WebhookDelivery(SQLModel, table=True):
    """One message to one endpoint, with what became of its last attempt.

    Those of entries are made when they are first tried. ``is_extra``: sent beside the order of the log, once, because
    somebody asked for it or because the endpoint answers again.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index("webhook_delivery_extra", "endpoint_id", "is_extra", "id"),
        Index("webhook_delivery_last", "last_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    endpoint_id: int = Field(foreign_key="webhook_endpoint.id")
    purpose: str = Field(default=Purpose.EVENT, max_length=10)
    event_id: int | None = None
    message_id: str = Field(max_length=80)
    kind: str = Field(default="", max_length=60)
    code: str = Field(default="", max_length=40)  # of the record
    is_extra: bool = False
    state: str = Field(default=DeliveryState.WAITING, max_length=10)
    attempts: int = 0
    status: int | None = None
    fault: str = Field(default="", max_length=15)
    answer: str = Field(default="", sa_type=Text)
    milliseconds: int | None = None
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    last_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
