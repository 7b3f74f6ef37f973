"""What one event of the log means to saved searches: which of them its record answers, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.alerts.compiling import Candidate, candidates, watch_key
from scenario_hall.alerts.models import Watch
from scenario_hall.core.clock import now
from scenario_hall.core.policy import can
from scenario_hall.exchange.models import ImportedContent
from scenario_hall.language.text import tokens
from scenario_hall.log.chain import Event
from scenario_hall.matching.engine.pairing import WEIGHTS
from scenario_hall.matching.models import StoredMatch
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.organizations.models import Account
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.documents import product_document, scenario_document
from scenario_hall.search.engine.index import IndexDocument
from scenario_hall.search.engine.standing import DocumentTerms, StandingQuery, answers, matched_terms
from scenario_hall.taxonomy.taxonomy import Taxonomy

RECORDS: dict[str, Any] = {"scenario": Scenario, "product": Product}
NEW, CHANGED = frozenset({"scenario.released", "product.listed"}), frozenset({"scenario.amended", "product.amended"})
MATCHED = {"scenario.matched": Watch.SCENARIOS, "product.matched": Watch.PRODUCTS}
ENDED = {"scenario.closed": "closed", "scenario.expired": "expired"}
# What is told a second time when it changes.
MATTERS: Mapping[str, frozenset[str]] = {
    "scenario": frozenset({"deadline", "budget_min", "budget_max", "currency", "region"}),
    "product": frozenset({"price_min", "price_max", "currency", "regions_served"}),
}
# More records than this within so long came together, as by a list: nobody is written to about each.
MANY, TOGETHER = 20, timedelta(minutes=1)
MOST_WORDS = 5


@dataclass(frozen=True)
class Finding:
    """A record answers a search. ``changed``: what of it, where the search may know it already."""

    search: Candidate
    record_kind: str
    record_id: int
    event_id: int
    why: dict[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    is_of_many: bool = False


def findings(session: Session, event: Event, taxonomy: Taxonomy) -> tuple[list[Finding], bool]:
    """What the event's record answers as it is now, and whether that is all that it answers: searches that it
    answered before, and that are not named, it answers no longer."""
    record = session.get(RECORDS[event.subject_kind], event.subject_id)
    if record is None:
        return [], False
    if event.kind in ENDED:
        return _watched(session, event, record, ENDED[event.kind]), False
    if event.kind in MATCHED:
        return _matched(session, event, record), False
    return _answered(session, event, record, taxonomy), True


def _answered(session: Session, event: Event, record: Any, taxonomy: Taxonomy) -> list[Finding]:
    document = (scenario_document if isinstance(record, Scenario) else product_document)(record, taxonomy)
    if document is None:
        return []
    terms, written, moment = DocumentTerms(document), _Written(document), now()
    changed = tuple(sorted(MATTERS[record.subject] & set(event.fields.get("fields", ()))))
    is_of_many = _is_of_many(session, event, record)
    keys = {*terms.keys(), watch_key(Watch.ORGANIZATION, "organization", record.organization_id)}
    if event.kind in CHANGED and changed:
        keys.add(watch_key(Watch.RECORD, record.subject, record.pk))
    found = []
    for search in candidates(session, keys):
        why: dict[str, Any] = {}
        if search.watch == Watch.SEARCH:
            query = StandingQuery.from_data(search.compiled)
            if not answers(query, terms, moment):
                continue
            why = _why(query, terms, written)
        elif search.watch == Watch.ORGANIZATION and event.kind not in NEW:
            continue
        found.append(Finding(search, record.subject, record.pk, event.id, why, changed, is_of_many))
    return found


class _Written:
    """A record's title and text, cut once for however many searches: where each word stands first."""

    def __init__(self, document: IndexDocument) -> None:
        self.text = f"{document.title}\n{document.body}"
        self._places = {token.text: (token.start, token.end) for token in reversed(tokens(self.text))}

    def words(self, folded: Iterable[str]) -> list[str]:
        """The words as they are written; those that overlap, a long word and its parts, as one."""
        joined: list[tuple[int, int]] = []
        for start, end in sorted(self._places[each] for each in folded if each in self._places):
            if joined and start < joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return list(dict.fromkeys(self.text[start:end] for start, end in joined))


def _why(query: StandingQuery, terms: DocumentTerms, written: _Written) -> dict[str, Any]:
    """The words as the record has them, else the names that its tags have, and the filters that it passes."""
    asked = matched_terms(query, terms)
    phrases = [phrase.text for phrase in query.phrases if terms.has_phrase(phrase)]
    words = list(dict.fromkeys([*phrases, *(written.words(asked) or asked)]))[:MOST_WORDS]
    names = [name for name, value in vars(query.filters).items() if value not in (None, "", (), [], False)]
    return {"words": words, "filters": names}


def _matched(session: Session, event: Event, record: Any) -> list[Finding]:
    """Of pairs that qualify: who watches the other side of each is told of this record."""
    watch = MATCHED[event.kind]
    mine, other = (
        (StoredMatch.scenario_id, StoredMatch.product_id)
        if watch is Watch.SCENARIOS
        else (StoredMatch.product_id, StoredMatch.scenario_id)
    )
    subject = "product" if watch is Watch.SCENARIOS else "scenario"
    query = select(other, StoredMatch.score, StoredMatch.reasons).where(
        col(mine) == record.pk, col(StoredMatch.score) >= WEIGHTS.qualifies, ~col(StoredMatch.has_unmet_must)
    )
    pairs = {key: (score, reasons) for key, score, reasons in session.exec(query)}
    found = []
    for search in candidates(session, (watch_key(watch, subject, key) for key in pairs)):
        watched = session.get(RECORDS[subject], search.subject_id)
        account = session.get_one(Account, search.account_id)
        # Who has left the organisation meanwhile sees its matches no longer.
        if watched is None or not watched.is_open() or not can(actor_of(session, account), "view_matches", watched):
            continue
        score, reasons = pairs[watched.pk]
        why = {
            "score": score,
            "tags": reasons.get("shared_tags", [])[:MOST_WORDS],
            "words": [word for word, _ in reasons.get("words", [])][:MOST_WORDS],
        }
        found.append(Finding(search, record.subject, record.pk, event.id, why))
    return found


def _watched(session: Session, event: Event, record: Any, what: str) -> list[Finding]:
    found = candidates(session, [watch_key(Watch.RECORD, record.subject, record.pk)])
    return [Finding(search, record.subject, record.pk, event.id, changed=(what,)) for search in found]


def _is_of_many(session: Session, event: Event, record: Any) -> bool:
    """Did it come with a list, or with more than MANY others within a minute?"""
    if event.kind not in NEW:
        return False
    imported = select(ImportedContent.id).where(
        col(ImportedContent.subject) == record.subject, col(ImportedContent.record_id) == record.pk
    )
    if session.exec(imported).first() is not None:
        return True
    before = select(Event.at).where(col(Event.kind).in_(NEW), col(Event.id) <= event.id)
    nth = session.exec(before.order_by(col(Event.id).desc()).offset(MANY).limit(1)).first()
    return nth is not None and nth >= event.at - TOGETHER
