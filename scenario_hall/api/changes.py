"""The log for programs that keep a copy of what is public: entry by entry without a gap, in pages that caches may
keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from scenario_hall.api.contents import content_told
from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.problems import ProblemError, Restart
from scenario_hall.api.products import PRODUCTS
from scenario_hall.api.records import RecordKind
from scenario_hall.api.scenarios import SCENARIOS
from scenario_hall.api.values import OrganizationRef, Query, Told
from scenario_hall.core.bounds import LARGEST_ID
from scenario_hall.core.texts import N_
from scenario_hall.dossiers.change_feed import (
    ChangePage,
    EpochOver,
    PublicRecord,
    ToldEntry,
    change_page,
)
from scenario_hall.log.epoch import epoch_of
from scenario_hall.outcomes.models import Outcome

FOR_EVER = "public, max-age=31536000, immutable"
ASKED_AGAIN = "public, no-cache"
KINDS: Mapping[str, RecordKind] = {"scenario": SCENARIOS, "product": PRODUCTS}
PLACES = {"scenario": "scenarios", "product": "products", "outcome": "outcomes"}


class ChangesAsked(Query):
    """Where in the log, and how much of each entry."""

    after: int = Field(default=0, ge=0, le=LARGEST_ID, description="`next` of the page before; 0: from the beginning.")
    epoch: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{16}$", description="`epoch` of the page before; 410 when it is over."
    )
    words: bool = Field(
        default=False, description="With the words of entries, and the records that they name, as they are now."
    )


class Hidden(Told):
    """A private entry: that it is there."""

    id: int


class RecordTouched(Told):
    """A private entry by which a public record ceased to be public."""

    id: int
    at: datetime
    subject: str
    code: str


class OrganizationTouched(Told):
    """A private entry by which all public records of an organisation are others, are no longer public, or are again."""

    id: int
    at: datetime
    organization: int


class PublicEntry(Told):
    """A public entry: what happened to which record, and when."""

    id: int
    at: datetime
    kind: str
    subject: str
    code: str
    revision: int | None = Field(description="That became public by it.")
    marks: dict[str, Any] = Field(description="Numbers, codes, days and states that belong to this kind of entry.")
    words: dict[str, str | None] | None = Field(
        description="With `words=true`: what was said, as far as it is public now; null for what was erased."
    )


class RecordNow(Told):
    """A record that the page names, as it is public now; without `content` when it is not public any more."""

    subject: str
    code: str
    link: str
    is_public: bool
    state: str | None = None
    revision: int | None = None
    organization: OrganizationRef | None = None
    content: dict[str, Any] | None = None


class CheckpointTold(Told):
    """The oldest signed checkpoint of the log that has all entries of the page; the root is hexadecimal."""

    size: int
    root: str
    at: datetime


class ChangesTold(Told):
    """A page of the log."""

    epoch: str = Field(description="Of this log; another one after a backup was restored.")
    after: int
    next: int = Field(description="Where to go on.")
    is_full: bool = Field(description="It begins and ends where all pages are cut, so that its entries never change.")
    checkpoint: CheckpointTold | None
    entries: list[PublicEntry | OrganizationTouched | RecordTouched | Hidden]
    records: list[RecordNow] = Field(description="With `words=true`: the records that the entries name.")


def _entry(entry: ToldEntry) -> Told:
    if entry.is_public:
        names = ("id", "at", "kind", "subject", "code", "revision")
        told = {name: getattr(entry, name) for name in names}
        return PublicEntry(**told, marks=dict(entry.marks), words=None if entry.words is None else dict(entry.words))
    if not entry.touches:
        return Hidden(id=entry.id)
    if entry.subject == "organization":
        return OrganizationTouched(id=entry.id, at=entry.at, organization=entry.number)
    return RecordTouched(id=entry.id, at=entry.at, subject=entry.subject, code=entry.code)


def _record(record: PublicRecord) -> RecordNow:
    link, row = f"/api/v1/{PLACES[record.subject]}/{record.code}", record.row
    told = RecordNow(subject=record.subject, code=record.code, link=link, is_public=row is not None)
    if row is None:
        return told
    told.state = row.state
    if isinstance(row, Outcome):
        parties = {"scenario": row.scenario.code, "product": row.product.code}
        told.content = {"kind": row.kind, **parties, "scope": row.scope, "certificate": record.certificate}
        return told
    told.revision, told.organization = row.revision, OrganizationRef.model_validate(row.organization)
    content = content_told(KINDS[record.subject].content, row, is_private=False)
    told.content = content.model_dump(mode="json")
    return told


def _page(call: Call, after: int) -> ChangePage:
    """Raises ProblemError (410)."""
    query: ChangesAsked = call.query
    try:
        return change_page(call.session, after, epoch=query.epoch, with_words=query.words)
    except EpochOver:
        text = N_("The log is another one since a backup was restored. Begin anew, with nothing, where “restart” says.")
        raise ProblemError(410, text, restart=Restart(after=0, epoch=epoch_of(call.session))) from None


def _changes(call: Call) -> ChangesTold:
    page = _page(call, call.query.after)
    return ChangesTold(
        epoch=page.epoch,
        after=page.after,
        next=page.following,
        is_full=page.is_full,
        checkpoint=None if page.checkpoint is None else CheckpointTold.model_validate(page.checkpoint),
        entries=[_entry(each) for each in page.entries],
        records=[_record(each) for each in page.records],
    )


def _lines(call: Call) -> Iterator[Told]:
    after = call.query.after
    while (page := _page(call, after)).entries:
        yield from [_entry(each) for each in page.entries]
        after = page.following
        call.session.rollback()  # no long look at the database while a slow reader reads
        call.session.expunge_all()


def _caching(call: Call, told: ChangesTold) -> str:
    """For ever what can never be otherwise: a page that begins and ends where all pages do, under a signed checkpoint,
    without anything that can be erased, and at an address that names this log (after a restoration there is another).
    """
    is_fixed = told.is_full and told.checkpoint is not None
    return FOR_EVER if is_fixed and call.query.epoch is not None and not call.query.words else ASKED_AGAIN


OPERATIONS = [
    Operation(
        name="list_changes",
        method="GET",
        path="/changes",
        subject="hall",
        summary=N_("The log without a gap, page by page: to keep a copy of what is public"),
        query=ChangesAsked,
        answer=ChangesTold,
        run=_changes,
        lines=_lines,
        caching=_caching,
        more_problems=frozenset({410}),
    )
]
