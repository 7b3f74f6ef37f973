"""What is declared of one operation: from it the request is checked, the answer written and the document made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.api.values import ListQuery, Query, Told
from scenario_hall.core.policy import Actor
from scenario_hall.organizations.tokens import ApiToken, Scope

if TYPE_CHECKING:
    from sqlmodel import Session

READS = frozenset({"GET"})
RAW = "application/octet-stream"


@dataclass
class Call:
    """One request, checked: who, what it names, what it sent."""

    session: Session
    actor: Actor
    token: ApiToken | None
    path: Mapping[str, str]
    query: Any
    body: Any = None
    record: Any = None  # what ``Operation.load`` found, locked and of the version that was seen
    prepared: Any = None  # what ``Operation.prepare`` made of the body before anything was locked

    @property
    def version(self) -> int:
        """The record's, which the caller saw."""
        version: int = self.record.version
        return version


@dataclass(frozen=True)
class Listing:
    """A list by id: its rows, who may see each, and what each is told as."""

    rows: Callable[[Call], SelectOfScalar[Any]]
    key: Any  # the column of the id
    may_see: Callable[[Call, Any], bool]
    tell: Callable[[Call, Any], Told]
    item: type[Told]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method at one address. ``scopes``: any of them; none: public, with or without a token."""

    name: str
    method: str
    path: str
    subject: str
    summary: str  # message id
    answer: type[Told]
    run: Callable[[Call], Any] | None = None
    scopes: tuple[Scope, ...] = ()
    query: type[Query] = Query
    body: type[BaseModel] | None = None
    is_raw: bool = False  # takes a file's bytes
    gives_raw: bool = False  # answers with a file's bytes; ``answer`` says which file
    status: int = 200
    load: Callable[[Call], Any] | None = None
    prepare: Callable[[Call], Any] | None = None
    is_versioned: bool = False  # demands If-Match
    is_kept: bool = True  # its answer may be kept for who asks again; false for one with a secret
    listing: Listing | None = None
    lines: Callable[[Call], Iterator[Told]] | None = None  # of an answer that can be had as JSON lines, too
    # The Cache-Control of an answer that is the same for everybody who asks without a token.
    caching: Callable[[Call, Any], str] | None = None
    example: Mapping[str, Any] | None = None  # a body that can be sent
    more_problems: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_read(self) -> bool:
        return self.method in READS

    @property
    def has_lines(self) -> bool:
        """Can be had as JSON lines."""
        return self.listing is not None or self.lines is not None

    @property
    def keeps_answers(self) -> bool:
        """Takes an Idempotency-Key. A deletion is idempotent as it is."""
        return not self.is_read and self.method != "DELETE" and self.is_kept

    @property
    def parameters(self) -> list[str]:
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    @property
    def problems(self) -> frozenset[int]:
        """Every status of a problem that it may answer; all follow from what is declared."""
        found = {400, 401, 406, 422, 429, 503} | self.more_problems
        if self.scopes:
            found.add(403)
        if self.parameters or not self.is_read:
            found.add(404)
        if not self.is_read:
            found |= {403, 409}
        if self.body is not None or self.is_raw:
            found |= {413, 415}
        if self.is_versioned:
            found |= {412, 428}
        if self.body is not None and "version" in self.body.model_fields:  # of something beside the record
            found.add(412)
        return frozenset(found)

    def __post_init__(self) -> None:
        if (self.run is None) == (self.listing is None):
            raise ValueError(f"{self.name}: either run or listing")
        if self.listing is not None and not issubclass(self.query, ListQuery):
            raise ValueError(f"{self.name}: a list is asked for by a ListQuery")
        if not self.is_read and not self.scopes:
            raise ValueError(f"{self.name}: a change asks for a scope")
        if self.is_versioned and self.load is None:
            raise ValueError(f"{self.name}: no record to have a version")


def unique(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """The operations, each name and each method at an address once. Raises ValueError."""
    found = tuple(operations)
    for what in ({each.name for each in found}, {(each.method, each.path) for each in found}):
        if len(what) != len(found):
            raise ValueError("two operations have one name or one address")
    return found
