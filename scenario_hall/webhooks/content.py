"""What an endpoint is told: the entries of the log that its owner may see and has asked for, as the API tells them.

A message says what happened to which record and where to read it; the record itself is fetched, and whoever fetches it
has to be allowed to. So nothing that is taken back or erased later lies in foreign systems because the hall sent it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from scenario_hall.applications.models import Application
from scenario_hall.core.policy import Actor, Role, can
from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.kind import BOTH_SIDES, ITS_PEOPLE, EventKind
from scenario_hall.log.kinds.table import ALL, KINDS
from scenario_hall.log.subjects import SUBJECT_NAMES
from scenario_hall.log.told import told_marks
from scenario_hall.notices.writing import catalogue
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import PlanAmendment
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.webhooks.models import Reading, WebhookEndpoint

SUBJECTS: dict[str, Any] = {
    each.subject: each for each in (Scenario, Product, Application, Outcome, PlanAmendment, Organization)
}
# How evaluators score is for them alone, and what happens to accounts for administrators; neither leaves the hall.
SEEN_BY = frozenset({ITS_PEOPLE, BOTH_SIDES})


def _is_followed(kind: EventKind) -> bool:
    return kind.subject in SUBJECTS and (kind.is_public or kind.visible_to in SEEN_BY)


FOLLOWED: dict[str, EventKind] = {kind.name: kind for kind in ALL if _is_followed(kind)}


class Entry(BaseModel):
    """One entry, in the shape that ``/api/v1/changes`` gives public ones, with the record's title and address."""

    id: int
    at: datetime
    kind: str
    subject: str
    code: str
    revision: int | None
    marks: dict[str, Any]
    title: str | None
    link: str | None


class Message(BaseModel):
    """The body of a message (Standard Webhooks 1.0, “Payload structure”)."""

    type: str
    timestamp: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """An entry that the endpoint is told, with its record; None: the owner may not see what the record is now."""

    event: Event
    record: Any | None


def owner_of(endpoint: WebhookEndpoint) -> Actor:
    """The endpoint as policy sees it: an editor of its organisation and of no other, or an administrator."""
    if endpoint.organization_id is None:
        return Actor(account_id=0, is_confirmed=True, is_administrator=True)
    return Actor(account_id=0, is_confirmed=True, memberships={endpoint.organization_id: Role.EDITOR})


def kinds_of(endpoint: WebhookEndpoint) -> list[str]:
    """The kinds that it may be told of, and wants."""
    return sorted(FOLLOWED.keys() & set(endpoint.kinds) if endpoint.kinds else FOLLOWED.keys())


def seen_by(session: Session, endpoint: WebhookEndpoint, event: Event) -> Seen | None:
    """The entry as the endpoint is told it; None where its owner may not see it or does not want it."""
    if event.kind not in FOLLOWED:
        return None
    kind = KINDS[event.kind]
    record = session.get(SUBJECTS[event.subject_kind], event.subject_id)
    if record is not None and record.public_code != event.subject_code:  # the id was given again
        record = None
    owner = owner_of(endpoint)
    is_seen = record is not None and can(owner, "view", record)
    if not kind.is_public and (record is None or not can(owner, kind.visible_to, record)):
        return None
    if not _is_wanted(endpoint, record):
        return None
    return Seen(event, record if is_seen else None)


def _is_wanted(endpoint: WebhookEndpoint, record: Any | None) -> bool:
    """Do the filters let it through? What is narrowed by a record's own data says nothing of one that is no more."""
    is_own = endpoint.organization_id is not None and endpoint.reading == Reading.OWN
    if not (is_own or endpoint.regions or endpoint.domains):
        return True
    if record is None or (is_own and endpoint.organization_id not in record.parties().values()):
        return False
    place = _placed(record)
    region = getattr(place, "region", "") or getattr(getattr(place, "organization", None), "region", "")
    return (not endpoint.regions or region in endpoint.regions) and (
        not endpoint.domains or not set(endpoint.domains).isdisjoint(getattr(place, "domains", ()))
    )


def _placed(record: Any) -> Any:
    """The record by whose region and domains it is filtered: what happens in a case belongs to its scenario."""
    if isinstance(record, PlanAmendment):
        record = record.outcome
    return record.scenario if isinstance(record, Application | Outcome) else record


def message_of(seen: Seen, base_url: str) -> Message:
    """The message of an entry."""
    event, marks = seen.event, dict(told_marks(seen.event))
    entry = Entry(
        id=event.id,
        at=event.at,
        kind=event.kind,
        subject=event.subject_kind,
        code=event.subject_code,
        revision=marks.pop("revision", None),
        marks=marks,
        title=_title(seen.record),
        link=base_url + path if (path := api_path(event)) else None,
    )
    return Message(type=event.kind, timestamp=event.at, data=entry.model_dump(mode="json"))


def api_path(event: Event) -> str:
    """Where the record is read by the API."""
    if event.subject_kind == "amendment":
        return f"/api/v1/outcomes/{event.subject_code.partition('/')[0]}"
    return f"/api/v1/{event.subject_kind}s/{event.subject_code}"


def line_of(seen: Seen, base_url: str, locale: str) -> str:
    """The same for people, in one line and an address: what a robot says to its group."""
    event, kind = seen.event, KINDS[seen.event.kind]
    _ = catalogue(locale).gettext
    happened = _(kind.feed.headline) if kind.feed else f"{_(SUBJECT_NAMES[kind.subject])} · {_(kind.title)}"
    title = _title(seen.record)
    about = f"{title} ({event.subject_code})" if title and event.subject_kind != "organization" else title
    page = base_url + api_path(event).removeprefix("/api/v1")
    return f"{happened}: {about or event.subject_code}\n{page}"


def _title(record: Any | None) -> str | None:
    if record is None:
        return None
    found = getattr(record, "title", None) or getattr(record, "name", None)
    return str(found or _placed(record).title)
