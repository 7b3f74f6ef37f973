"""Make, change, turn on and off, delete an endpoint: by the editors of its organisation, those of the hall by
administrators."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, delete, func, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, StaleEdit, WrongState
from scenario_hall.core.lines import require_lines
from scenario_hall.core.policy import Actor, can
from scenario_hall.core.seals import SealError, seal, unseal
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import last_id, record_event
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import require_verified
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.webhooks.asking import ask_challenge
from scenario_hall.webhooks.content import FOLLOWED
from scenario_hall.webhooks.models import (
    LONGEST_NAME,
    Format,
    HookState,
    Reading,
    WebhookDelivery,
    WebhookEndpoint,
)
from scenario_hall.webhooks.robots import HOSTS
from scenario_hall.webhooks.sending import parsed_url
from scenario_hall.webhooks.signing import new_secret

PURPOSE = "webhook"  # of the seals
MOST = 20  # of one organisation, or of the hall
# So long the secret before signs as well, for receivers that have not changed to the new one.
BOTH_SIGN = timedelta(hours=24)
LONGEST_ROBOT_SECRET = 200


@dataclass(frozen=True)
class Wanted:
    """What an endpoint is to follow; empty lists: no filter."""

    name: str
    reading: Reading = Reading.OWN
    kinds: Sequence[str] = ()
    regions: Sequence[str] = ()
    domains: Sequence[str] = ()


def make_endpoint(
    actor: Actor,
    *,
    session: Session,
    secret_key: str,
    ports: frozenset[int],
    organization: Organization | None,
    url: str,
    wanted: Wanted,
    format_: Format = Format.STANDARD,
    robot_secret: str = "",
) -> tuple[WebhookEndpoint, str]:
    """An endpoint of the organisation, or of the hall (None), that is asked its challenge at once, and the secret of
    its signatures, which nobody can read again; empty for a robot, whose secret its own group makes.

    Raises Denied, NotFound, Invalid, WrongState (the organisation is not verified, or has very many).
    """
    _require_owner(actor, organization)
    if organization is not None:
        require_verified(organization)
    url, host = _checked_url(url, format_, ports)
    secret = new_secret() if format_ is Format.STANDARD else _checked_secret(robot_secret)
    fields = _checked(wanted, organization)
    with transaction(session):
        owner = organization.pk if organization is not None else None
        if len(endpoints_of(session, owner)) >= MOST:
            raise WrongState(N_("There are 20 webhooks already: delete one first."))
        endpoint = WebhookEndpoint(
            organization_id=owner,
            created_by=actor.account_id,
            sealed_url=seal(secret_key, PURPOSE, url),
            host=host,
            format=format_,
            sealed_key=seal(secret_key, PURPOSE, secret) if secret else "",
            position=last_id(session),
            **fields,
        )
        session.add(endpoint)
        session.flush()
        ask_challenge(session, endpoint)
        _record(session, actor, endpoint, "webhook.made")
    return endpoint, secret if format_ is Format.STANDARD else ""


def change_endpoint(
    actor: Actor,
    *,
    session: Session,
    secret_key: str,
    ports: frozenset[int],
    endpoint: WebhookEndpoint,
    version: int | None,
    wanted: Wanted,
    url: str | None = None,
) -> WebhookEndpoint:
    """Other filters or another name; another address (None: it stays) is asked its challenge first. Raises NotFound,
    Invalid, StaleEdit."""
    organization = owner_organization(session, endpoint)
    _require_owner(actor, organization)
    fields = _checked(wanted, organization)
    new = _checked_url(url, Format(endpoint.format), ports) if url is not None else None
    with transaction(session):
        _lock(session, endpoint, version)
        for name, value in fields.items():
            setattr(endpoint, name, value)
        if new is not None and new[0] != url_of(endpoint, secret_key):
            endpoint.sealed_url, endpoint.host = seal(secret_key, PURPOSE, new[0]), new[1]
            ask_challenge(session, endpoint)
        session.add(endpoint)
        _record(session, actor, endpoint, "webhook.changed")
    return endpoint


def renew_secret(
    actor: Actor,
    *,
    session: Session,
    secret_key: str,
    endpoint: WebhookEndpoint,
    version: int | None,
    robot_secret: str = "",
) -> str:
    """A new secret, shown this once; for a day the one before signs, too. Of a robot the secret that its group has now.
    Raises NotFound, Invalid, StaleEdit."""
    _require_owner(actor, owner_organization(session, endpoint))
    is_standard = endpoint.format == Format.STANDARD
    secret = new_secret() if is_standard else _checked_secret(robot_secret)
    with transaction(session):
        _lock(session, endpoint, version)
        if is_standard:
            endpoint.sealed_key_before, endpoint.previous_until = endpoint.sealed_key, now() + BOTH_SIGN
        endpoint.sealed_key = seal(secret_key, PURPOSE, secret) if secret else ""
        session.add(endpoint)
        _record(session, actor, endpoint, "webhook.secret_renewed")
    return secret if is_standard else ""


def pause_endpoint(
    actor: Actor, *, session: Session, endpoint: WebhookEndpoint, version: int | None, is_paused: bool
) -> WebhookEndpoint:
    """Send nothing for now, or go on where it stopped: the log keeps what comes meanwhile. One that was turned off is
    asked its challenge again. Raises NotFound, StaleEdit, WrongState."""
    _require_owner(actor, owner_organization(session, endpoint))
    with transaction(session):
        _lock(session, endpoint, version)
        if is_paused and endpoint.state == HookState.ON:
            endpoint.state = HookState.PAUSED
        elif not is_paused and endpoint.state == HookState.PAUSED:
            endpoint.state, endpoint.next_try_at = HookState.ON, now()
        elif not is_paused and endpoint.state == HookState.OFF:
            ask_challenge(session, endpoint)
        else:
            raise WrongState(N_("This does not go with the state that the webhook is in."))
        session.add(endpoint)
        _record(session, actor, endpoint, "webhook.changed")
    return endpoint


def confirm_robot(actor: Actor, *, session: Session, endpoint: WebhookEndpoint, code: str) -> WebhookEndpoint:
    """The code that the robot has shown to its group. Raises NotFound, Invalid (field ``code``), WrongState."""
    _require_owner(actor, owner_organization(session, endpoint))
    with transaction(session):
        _lock(session, endpoint, None)
        if endpoint.state != HookState.NEW or endpoint.format == Format.STANDARD:
            raise WrongState(N_("This webhook waits for no code."))
        if not endpoint.challenge or not secrets.compare_digest(endpoint.challenge.encode(), code.strip().encode()):
            raise Invalid({"code": N_("This is not the code that the robot has shown last.")})
        turn_on(endpoint)
        session.add(endpoint)
    return endpoint


def turn_on(endpoint: WebhookEndpoint) -> None:
    """Its challenge was answered: what has come since it was made, or turned off, is sent."""
    endpoint.state, endpoint.challenge = HookState.ON, ""
    endpoint.failing_since, endpoint.failing_from, endpoint.next_try_at = None, None, now()


def delete_endpoint(actor: Actor, *, session: Session, endpoint: WebhookEndpoint, version: int | None = None) -> None:
    """With its deliveries. Raises NotFound, StaleEdit."""
    _require_owner(actor, owner_organization(session, endpoint))
    with transaction(session):
        _lock(session, endpoint, version)
        _record(session, actor, endpoint, "webhook.deleted")
        session.exec(delete(WebhookDelivery).where(col(WebhookDelivery.endpoint_id) == endpoint.pk))
        session.delete(endpoint)


def endpoints_of(session: Session, organization_id: int | None) -> list[WebhookEndpoint]:
    """Those of an organisation, or of the hall (None), the newest first."""
    query = select(WebhookEndpoint).where(
        col(WebhookEndpoint.organization_id).is_(None)
        if organization_id is None
        else col(WebhookEndpoint.organization_id) == organization_id
    )
    return list(session.exec(query.order_by(col(WebhookEndpoint.id).desc())))


def endpoint_of(session: Session, actor: Actor, endpoint_id: int | None) -> WebhookEndpoint:
    """One that the actor looks after. Raises NotFound."""
    endpoint = session.get(WebhookEndpoint, endpoint_id) if endpoint_id is not None else None
    if endpoint is None or not looks_after(actor, owner_organization(session, endpoint)):
        raise NotFound()
    return endpoint


def looks_after(actor: Actor, organization: Organization | None) -> bool:
    """May the actor see and change the webhooks of the organisation, or of the hall (None)?"""
    if organization is None:
        return actor.is_administrator
    return can(actor, "draft", organization) and actor.edits(organization.pk)


def require_looked_after(actor: Actor, organization: Organization | None) -> None:
    """Raises Denied; NotFound where the actor may not see the organisation."""
    _require_owner(actor, organization)


def owner_organization(session: Session, endpoint: WebhookEndpoint) -> Organization | None:
    """The organisation that it belongs to; None: the hall."""
    key = endpoint.organization_id
    return session.get_one(Organization, key) if key is not None else None


def is_held(session: Session, endpoint: WebhookEndpoint) -> bool:
    """Nothing is sent for an organisation that is not verified, or suspended."""
    organization = owner_organization(session, endpoint)
    return organization is not None and organization.state != VERIFIED


def url_of(endpoint: WebhookEndpoint, secret_key: str) -> str:
    """Its address; empty where it was sealed with a secret key that the hall no longer has."""
    try:
        return unseal(secret_key, PURPOSE, endpoint.sealed_url)
    except SealError:
        return ""


def secrets_of(endpoint: WebhookEndpoint, secret_key: str) -> list[str]:
    """The secrets that sign now, the newest first. Raises SealError."""
    found = [unseal(secret_key, PURPOSE, endpoint.sealed_key)] if endpoint.sealed_key else []
    if endpoint.sealed_key_before and endpoint.previous_until is not None and endpoint.previous_until > now():
        found.append(unseal(secret_key, PURPOSE, endpoint.sealed_key_before))
    return found


def waiting_entries(session: Session, endpoint: WebhookEndpoint) -> int:
    """How many lines of the log lie behind its position, wanted or not."""
    return max(0, last_id(session) - endpoint.position)


def count_endpoints(session: Session, organization_id: int) -> int:
    """How many the organisation has."""
    query = select(func.count()).where(col(WebhookEndpoint.organization_id) == organization_id)
    return session.exec(query).one()


def _require_owner(actor: Actor, organization: Organization | None) -> None:
    if not looks_after(actor, organization):
        if organization is not None and not can(actor, "view", organization):
            raise NotFound()
        raise Denied()


def _lock(session: Session, endpoint: WebhookEndpoint, version: int | None) -> None:
    session.refresh(endpoint, with_for_update=True)
    if version is not None and endpoint.version != version:
        raise StaleEdit(endpoint)
    endpoint.version += 1


def _record(session: Session, actor: Actor, endpoint: WebhookEndpoint, kind: str) -> None:
    told = {"organization": endpoint.organization_id} if endpoint.organization_id is not None else {}
    record_event(session, actor, endpoint, kind, told)


def _checked(wanted: Wanted, organization: Organization | None) -> dict[str, Any]:
    name = " ".join(wanted.name.split())
    require_lines(names={"name": name})
    faults = {}
    if not name or len(name) > LONGEST_NAME:
        faults["name"] = N_("Give a name of at most 60 characters.")
    if not set(wanted.kinds) <= FOLLOWED.keys():
        faults["kinds"] = N_("Choose among the kinds that are listed.")
    if not set(wanted.regions) <= {each.code for each in REGIONS}:
        faults["regions"] = N_("Choose among the regions that are listed.")
    if len(wanted.domains) > 100 or any(len(each) > 80 for each in wanted.domains):
        faults["domains"] = N_("Choose among the domains that are listed.")
    if faults:
        raise Invalid(faults)
    return {
        "name": name,
        "reading": Reading.ALL if organization is None else wanted.reading,
        "kinds": sorted(set(wanted.kinds)),
        "regions": sorted(set(wanted.regions)),
        "domains": sorted(set(wanted.domains)),
    }


def _checked_url(url: str, format_: Format, ports: frozenset[int]) -> tuple[str, str]:
    """The address and its host. Raises Invalid (field ``url``)."""
    url = url.strip()
    try:
        host = (parsed_url(url, ports).hostname or "").removesuffix(".")
    except ValueError as error:
        raise Invalid({"url": str(error)}) from None
    if format_ in HOSTS and host not in HOSTS[format_]:
        raise Invalid({"url": N_("This is no address of such a robot: copy the one that the group's settings show.")})
    return url, host


def _checked_secret(secret: str) -> str:
    secret = secret.strip()
    if len(secret) > LONGEST_ROBOT_SECRET or not secret.isascii() or not (secret.isprintable() or not secret):
        raise Invalid({"secret": N_("Copy the secret as the robot's settings show it.")})
    return secret
