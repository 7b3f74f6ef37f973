"""A hall with a webhook, and the receiver that it leads to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core.policy import Actor
from scenario_hall.organizations.models import Organization
from scenario_hall.webhooks.models import Format, WebhookDelivery, WebhookEndpoint
from scenario_hall.webhooks.post import WebhookPost
from scenario_hall.webhooks.sending import Reach
from scenario_hall.webhooks.service import Wanted, make_endpoint
from tests.places import PLACES
from tests.webhooks.receiver import HOST, Authority, Receiver
from tests.world import World

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def receiver(authority: Authority) -> Iterator[Receiver]:
    made = Receiver(authority.server(HOST))
    yield made
    made.close()


@pytest.fixture
def reach(authority: Authority, receiver: Receiver) -> Reach:
    """Leads every name to this machine, as an operator may allow it."""
    return Reach(
        ports=frozenset({443, receiver.port}),
        networks=LOOPBACK,
        resolve=lambda _host, _port: ["127.0.0.1"],
        context=authority.client(),
        seconds=5.0,
    )


class Hooks:
    """Endpoints of the demand side, unless another owner is given, and the worker that sends."""

    def __init__(self, world: World, engine: Engine, settings: Settings, reach: Reach, receiver: Receiver) -> None:
        self.world, self.engine, self.settings, self.receiver = world, engine, settings, receiver
        self.post = WebhookPost(engine, settings, reach)
        self.reach = reach

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.receiver.port}/hook?to=us"

    def make(
        self,
        actor: Actor | None = None,
        organization: Organization | None = None,
        *,
        is_of_hall: bool = False,
        url: str = "",
        format_: Format = Format.STANDARD,
        robot_secret: str = "",
        **wanted: Any,
    ) -> tuple[int, str]:
        """The id of an endpoint and its secret."""
        made, secret = make_endpoint(
            actor or (self.world.admin if is_of_hall else self.world.demand),
            session=self.world.session,
            secret_key=self.settings.secret_key,
            ports=self.reach.ports,
            organization=None if is_of_hall else organization or self.world.port,
            url=url or self.url,
            wanted=Wanted(name="Ours", **wanted),
            format_=format_,
            robot_secret=robot_secret,
        )
        key = made.pk
        self.world.session.commit()
        return key, secret

    def made(self, *arguments: Any, **options: Any) -> tuple[int, str]:
        """The same, with its challenge answered."""
        key, secret = self.make(*arguments, **options)
        self.send()
        self.receiver.got.clear()
        assert self.row(key).state == "on"
        return key, secret

    def send(self) -> int:
        """All that is due now; how many messages that were."""
        self.world.session.commit()
        sent = 0
        while count := self.post.run_slice(20.0):
            sent += count
        self.world.session.expire_all()
        return sent

    def mine(self, key: int) -> WebhookEndpoint:
        """The endpoint in the session of the world, to be changed."""
        return self.world.session.get_one(WebhookEndpoint, key)

    def row(self, key: int) -> WebhookEndpoint:
        with Session(self.engine) as session:
            found = session.get_one(WebhookEndpoint, key)
            session.expunge(found)
        return found

    def deliveries(self, key: int) -> Sequence[WebhookDelivery]:
        with Session(self.engine) as session:
            query = select(WebhookDelivery).where(col(WebhookDelivery.endpoint_id) == key)
            found = list(session.exec(query.order_by(col(WebhookDelivery.id))))
            session.expunge_all()
        return found

    def restarted(self) -> None:
        """As a new worker."""
        self.post.close()
        self.post = WebhookPost(self.engine, self.settings, self.reach)

    def with_reach(self, **changes: Any) -> None:
        self.reach = replace(self.reach, **changes)
        self.restarted()


@pytest.fixture
def hooks(
    small_world: World, sqlite_engine: Engine, hall_settings: Settings, reach: Reach, receiver: Receiver
) -> Iterator[Hooks]:
    made = Hooks(small_world, sqlite_engine, hall_settings, reach, receiver)
    yield made
    made.post.close()


@pytest.fixture
def places(small_world: World, placed: Path) -> dict[str, str]:
    """The records of the hall, which the database of whoever asks for them has already; see ``tests/places.py``."""
    found: dict[str, str] = json.loads((placed / PLACES).read_text("utf-8"))
    return found
