"""What programs send and get of webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from scenario_hall.api.values import Asked, Day, Id, Told
from scenario_hall.webhooks.models import LONGEST_NAME, DeliveryState, Format, HookState, Purpose, Reading
from scenario_hall.webhooks.sending import LONGEST_URL
from scenario_hall.webhooks.service import LONGEST_ROBOT_SECRET

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=r"\S")]
Url = Annotated[str, Field(min_length=1, max_length=LONGEST_URL)]
Kinds = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=200)]
Slugs = Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=100)]
RobotSecret = Annotated[str, Field(max_length=LONGEST_ROBOT_SECRET)]


class Filters(Asked):
    """What is to be told; an empty list filters nothing."""

    name: Name
    reading: Reading = Reading.OWN
    kinds: Kinds = Field(default_factory=list)
    regions: Slugs = Field(default_factory=list)
    domains: Slugs = Field(default_factory=list)


class NewWebhook(Filters):
    """`organization` is left out for a webhook of the hall itself. `robot_secret` is that of a group's robot."""

    organization: Id | None = None
    url: Url
    format: Format = Format.STANDARD
    robot_secret: RobotSecret = ""


class WebhookChange(Asked):
    """What is not sent stays. Another `url` is asked its challenge first."""

    name: Name | None = None
    url: Url | None = None
    reading: Reading | None = None
    kinds: Kinds | None = None
    regions: Slugs | None = None
    domains: Slugs | None = None


class RobotCode(Asked):
    """What the robot has shown to its group."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class NewSecret(Asked):
    """Empty for a program's webhook; of a robot the secret that its group has now."""

    robot_secret: RobotSecret = ""


class Replay(Asked):
    """`since`: everything from the beginning of this day on, in Hong Kong; without it, only what comes from now on."""

    since: Day | None = None


class WebhookTold(Told):
    """One webhook. Its secret is told by its own operation alone, and of a robot's address the host alone."""

    id: int
    link: str
    version: int
    organization: int | None = Field(description="Null: the hall's own.")
    name: str
    url: str
    format: Format
    reading: Reading
    kinds: list[str]
    regions: list[str]
    domains: list[str]
    state: HookState
    position: int = Field(description="The last line of the log that is done with.")
    failing_since: datetime | None
    next_try_at: datetime | None = Field(description="While it fails.")
    taken_at: datetime | None = Field(description="When it took a message last.")
    created_at: datetime


class DeliveryTold(Told):
    """One message, and how its last attempt ended. `entry` is the line of the log that it tells of."""

    id: int
    message: str = Field(description="Its `webhook-id`, the same whenever it is sent.")
    purpose: Purpose
    kind: str
    entry: int | None
    code: str
    state: DeliveryState
    attempts: int
    status: int | None
    fault: str
    answer: str = Field(description="The first 1,000 bytes of what came back.")
    milliseconds: int | None
    last_at: datetime


class SecretTold(Told):
    """Told this once; null for a robot, whose secret its group makes."""

    id: int
    secret: str | None


class ReplayTold(Told):
    """Where it goes on."""

    id: int
    position: int


class WebhookDeleted(Told):
    """A webhook that is no more."""

    id: int
    is_deleted: bool = True


class SigningKey(Told):
    """One of the hall's public keys, as Standard Webhooks writes it."""

    key: str
    valid_from: datetime
    valid_until: datetime | None


class SigningKeys(Told):
    """By which `v1a` signatures are checked: the last one signs, those before it have."""

    keys: list[SigningKey]
