"""What the pages of webhooks show: those of an organisation or of the hall, and one with what was sent to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.core.keys import Ring
from scenario_hall.core.policy import Actor
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import get_organization
from scenario_hall.webhooks.asking import deliveries_of
from scenario_hall.webhooks.models import Format, HookState, WebhookDelivery, WebhookEndpoint
from scenario_hall.webhooks.service import (
    endpoint_of,
    endpoints_of,
    is_held,
    owner_organization,
    require_looked_after,
    url_of,
    waiting_entries,
)
from scenario_hall.webhooks.signing import public_key_text


@dataclass(frozen=True)
class WebhooksPage:
    """The webhooks of an organisation; None: of the hall."""

    organization: Organization | None
    endpoints: Sequence[WebhookEndpoint]
    public_key: str


@dataclass(frozen=True)
class WebhookPage:
    """One webhook; ``url``: its address, of a robot the host alone; ``waits``: lines of the log behind its position."""

    endpoint: WebhookEndpoint
    organization: Organization | None
    url: str
    deliveries: Sequence[WebhookDelivery]
    waits: int
    is_held: bool

    @property
    def is_robot(self) -> bool:
        return self.endpoint.format != Format.STANDARD

    @property
    def is_new(self) -> bool:
        return self.endpoint.state == HookState.NEW


def webhooks_page(session: Session, actor: Actor, organization_id: int | None, keys: Ring) -> WebhooksPage:
    """Raises NotFound, Denied."""
    organization = get_organization(session, organization_id) if organization_id is not None else None
    require_looked_after(actor, organization)
    return WebhooksPage(organization, endpoints_of(session, organization_id), public_key_text(keys.ensure_key()))


def webhook_page(session: Session, actor: Actor, webhook_id: int, secret_key: str) -> WebhookPage:
    """Raises NotFound."""
    endpoint = endpoint_of(session, actor, webhook_id)
    is_robot = endpoint.format != Format.STANDARD
    return WebhookPage(
        endpoint=endpoint,
        organization=owner_organization(session, endpoint),
        url=f"https://{endpoint.host}/…" if is_robot else url_of(endpoint, secret_key),
        deliveries=deliveries_of(session, endpoint),
        waits=waiting_entries(session, endpoint),
        is_held=is_held(session, endpoint),
    )
