"""A message as it goes out, and what its answer means."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.seals import SealError
from scenario_hall.core.texts import N_
from scenario_hall.log.key_ring import key_ring
from scenario_hall.notices.writing import catalogue
from scenario_hall.organizations.models import Account
from scenario_hall.webhooks.content import Message, Seen, line_of, message_of
from scenario_hall.webhooks.models import Format, Purpose, WebhookDelivery, WebhookEndpoint
from scenario_hall.webhooks.robots import robot_message, robot_took_it
from scenario_hall.webhooks.sending import Answer, Fault, Reach, SendingFailed, post
from scenario_hall.webhooks.service import secrets_of, url_of
from scenario_hall.webhooks.settling import Result
from scenario_hall.webhooks.signing import standard_headers

AGENT = "ScenarioHall-Webhooks/1"


@dataclass(frozen=True)
class Outgoing:
    """What is posted where; ``challenge``: what the answer has to give back, empty for none."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    format: str
    challenge: str = ""


@dataclass(frozen=True)
class Refused:
    """Nothing is sent."""

    fault: Fault


def outgoing(
    session: Session, endpoint: WebhookEndpoint, delivery: WebhookDelivery, seen: Seen | None, settings: Settings
) -> Outgoing | Refused:
    """The message that is to be sent now, signed at this moment."""
    timestamp, url = int(now().timestamp()), url_of(endpoint, settings.secret_key)
    try:
        keys = secrets_of(endpoint, settings.secret_key)
    except SealError:
        url = ""
    if not url:
        return Refused(Fault.SECRET)
    headers = {"Content-Type": "application/json", "User-Agent": AGENT}
    if endpoint.format != Format.STANDARD:
        text = _line(session, endpoint, delivery, seen, settings)
        url, body = robot_message(endpoint.format, url, text, secret=keys[0] if keys else "", timestamp=timestamp)
        return Outgoing(url, body, headers, endpoint.format)
    body = _message(endpoint, delivery, seen, settings).model_dump_json().encode()
    headers |= standard_headers(
        key_ring(session, settings),
        message_id=delivery.message_id,
        timestamp=timestamp,
        body=body,
        secrets_=keys,
    )
    challenge = endpoint.challenge if delivery.purpose == Purpose.CHALLENGE else ""
    return Outgoing(url, body, headers, endpoint.format, challenge)


def _message(endpoint: WebhookEndpoint, delivery: WebhookDelivery, seen: Seen | None, settings: Settings) -> Message:
    if seen is not None:
        return message_of(seen, settings.base_url)
    data = {"challenge": endpoint.challenge} if delivery.purpose == Purpose.CHALLENGE else {"webhook": endpoint.pk}
    return Message(type=f"webhook.{delivery.purpose}", timestamp=delivery.made_at, data=data)


def _line(
    session: Session, endpoint: WebhookEndpoint, delivery: WebhookDelivery, seen: Seen | None, settings: Settings
) -> str:
    """In the language of whoever made the endpoint."""
    maker = session.get(Account, endpoint.created_by) if endpoint.created_by is not None else None
    locale = maker.locale if maker is not None else "zh_Hans"
    if seen is not None:
        return line_of(seen, settings.base_url, locale)
    _ = catalogue(locale).gettext
    if delivery.purpose == Purpose.CHALLENGE:
        return _(CODE_LINE) % {"code": endpoint.challenge, "address": settings.base_url}
    return _(TEST_LINE) % {"address": settings.base_url}


CODE_LINE = N_(
    "Scenario Hall: the code of this webhook is %(code)s. Enter it at %(address)s if you want messages here."
)
TEST_LINE = N_("Scenario Hall: this is a test. Nothing has happened. %(address)s")


def send(message: Outgoing, reach: Reach) -> Result:
    """Post the message and say how it ended."""
    begun = time.monotonic()
    try:
        answer = post(message.url, message.body, message.headers, reach)
    except SendingFailed as error:
        return Result(error.fault, seconds=time.monotonic() - begun)
    return Result(_fault(message, answer), answer.status, _shown(answer.body), answer.seconds, answer.retry_after)


def _fault(message: Outgoing, answer: Answer) -> Fault | None:
    if not 200 <= answer.status < 300:
        return Fault.REDIRECT if 300 <= answer.status < 400 else Fault.STATUS
    if message.format != Format.STANDARD and not robot_took_it(message.format, answer.body):
        return Fault.ROBOT
    if message.challenge and not _gives_back(answer.body, message.challenge):
        return Fault.CHALLENGE
    return None


def _gives_back(body: bytes, challenge: str) -> bool:
    """Is it the challenge itself, or JSON with a member of that name?"""
    text = body.decode(errors="replace").strip()
    try:
        found: Any = json.loads(text)
    except ValueError:
        found = None
    given = found.get("challenge") if isinstance(found, dict) else text
    return isinstance(given, str) and secrets.compare_digest(given.encode(), challenge.encode())


def _shown(body: bytes) -> str:
    """The beginning of the answer as text that both databases take."""
    text = body.decode(errors="replace")
    return "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text)
