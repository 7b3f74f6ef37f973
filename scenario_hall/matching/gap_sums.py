"""Keeps the sums of the gaps in supply with the stored matches that they count, in the same transaction.

A page that lists the gaps would have to read every stored match of the hall. Instead, whoever replaces the matches of a
record takes what the old ones counted out of the sums and puts in what the new ones count. The sums are at any moment
what counting all stored matches of the open scenarios anew would give.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, delete, exists, select, update

from scenario_hall.core.db import transaction
from scenario_hall.matching.engine.explanation import ChangeKind, Reasons, reasons_from_data
from scenario_hall.matching.engine.pairing import WEIGHTS
from scenario_hall.matching.models import ALL_SUPPLIERS, GapCount, GapKind, GapScenario, StoredMatch
from scenario_hall.products.models import Product
from scenario_hall.quantities.verdicts import Verdict
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.metrics import metric_slug

SCENARIOS_A_TRANSACTION = 10
# Organisation, domain, kind, name: the key of a sum.
Key = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class _Pair:
    """What a stored match counts."""

    scenario_id: int
    product_id: int
    qualifies: bool
    items: Sequence[tuple[GapKind, str]]


def replace_matches(
    session: Session, record: Scenario | Product, rows: Sequence[Mapping[str, Any]], *, is_open: bool
) -> None:
    """Within the caller's transaction, store ``rows`` (of ``StoredMatch``) instead of those that the record has, and
    move the sums. ``is_open``: whether it takes part in matching."""
    if isinstance(record, Scenario):
        own = col(StoredMatch.scenario_id) == record.pk
        _recount_scenario(session, record, rows, is_open=is_open)
    else:
        own = col(StoredMatch.product_id) == record.pk
        _recount_product(session, record, rows)
    session.exec(delete(StoredMatch).where(own))
    if rows:
        session.exec(insert(StoredMatch), params=list(rows))


def _recount_scenario(
    session: Session, scenario: Scenario, rows: Sequence[Mapping[str, Any]], *, is_open: bool
) -> None:
    """Before ``rows`` replace those stored for the scenario: move the sums from the old ones to the new ones."""
    old, new = _stored(session, col(StoredMatch.scenario_id) == scenario.pk), [_pair(**row) for row in rows]
    was_in = _domains(session, [scenario.pk]).get(scenario.pk, {})
    is_in = dict.fromkeys(scenario.domains or [""], sum(pair.qualifies for pair in new)) if is_open else {}
    owners = _owners(session, {pair.product_id for pair in (*old, *new)})
    sums: Counter[Key] = Counter()
    for sign, domains, pairs in ((-1, was_in, old), (1, is_in, new)):
        for pair in pairs:
            _add(sums, pair, domains, owners[pair.product_id], sign)
        for domain, qualifying in domains.items():
            sums[ALL_SUPPLIERS, domain, GapKind.OPEN, ""] += sign
            sums[ALL_SUPPLIERS, domain, GapKind.UNANSWERED, ""] += sign * (not qualifying)
    session.exec(delete(GapScenario).where(col(GapScenario.scenario_id) == scenario.pk))
    if is_in:
        counted = [{"scenario_id": scenario.pk, "domain": key, "qualifying": count} for key, count in is_in.items()]
        session.exec(insert(GapScenario), params=counted)
    _store(session, sums)


def _recount_product(session: Session, product: Product, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same for a product. A scenario that is not counted yet is left: its own turn counts all of its matches."""
    old, new = _stored(session, col(StoredMatch.product_id) == product.pk), [_pair(**row) for row in rows]
    domains = _domains(session, {pair.scenario_id for pair in (*old, *new)})
    sums: Counter[Key] = Counter()
    turned: Counter[int] = Counter()
    for sign, pairs in ((-1, old), (1, new)):
        for pair in pairs:
            _add(sums, pair, domains.get(pair.scenario_id, {}), product.organization_id, sign)
            turned[pair.scenario_id] += sign * pair.qualifies
    for scenario_id, more in turned.items():
        if not more or scenario_id not in domains:
            continue
        for domain, before in domains[scenario_id].items():
            sums[ALL_SUPPLIERS, domain, GapKind.UNANSWERED, ""] += (not before + more) - (not before)
        session.exec(
            update(GapScenario)
            .where(col(GapScenario.scenario_id) == scenario_id)
            .values(qualifying=GapScenario.qualifying + more)
        )
    _store(session, sums)


def count_missing(session: Session) -> int:
    """Count the open scenarios that are in no sum yet, as after the upgrade that made the tables; returns how many."""
    is_counted = exists().where(col(GapScenario.scenario_id) == col(Scenario.id))
    query = select(Scenario).where(col(Scenario.state) == RELEASED, ~is_counted)
    missing = [each.pk for each in session.exec(query) if each.is_public() and each.is_open()]
    for begin in range(0, len(missing), SCENARIOS_A_TRANSACTION):
        with transaction(session):
            for scenario_id in missing[begin : begin + SCENARIOS_A_TRANSACTION]:
                scenario = session.get_one(Scenario, scenario_id)
                stored = session.exec(select(StoredMatch).where(col(StoredMatch.scenario_id) == scenario_id)).all()
                _recount_scenario(session, scenario, [each.model_dump() for each in stored], is_open=True)
    return len(missing)


def items_of(reasons: Reasons) -> Iterator[tuple[GapKind, str]]:
    """What a pair's reasons count: metrics by their slug (``taxonomy.metrics.metric_slug``), so that 续航 and endurance
    are one."""
    for line in reasons.lines:
        if line.verdict is Verdict.UNMET:
            yield GapKind.UNMET, metric_slug(line.requirement.metric)
        elif line.verdict is Verdict.UNKNOWN:
            yield GapKind.UNKNOWN, metric_slug(line.requirement.metric)
    for tag in reasons.missing_tags:
        yield GapKind.TECHNOLOGY, tag
    for change in reasons.lifts:
        if change.kind is ChangeKind.REQUIREMENT and change.line is not None:
            yield GapKind.LIFT, metric_slug(reasons.lines[change.line].requirement.metric)
        else:
            yield GapKind.LIFT, change.kind.value


def qualifies(score: int | None, *, has_unmet_must: bool) -> bool:
    """Whether a stored match answers its scenario."""
    return (score or 0) >= WEIGHTS.qualifies and not has_unmet_must


def _pair(
    *,
    scenario_id: int,
    product_id: int,
    score: int | None,
    has_unmet_must: bool,
    reasons: Mapping[str, Any],
    **_others: Any,
) -> _Pair:
    answers = qualifies(score, has_unmet_must=has_unmet_must)
    return _Pair(scenario_id, product_id, answers, tuple(items_of(reasons_from_data(reasons))))


def _stored(session: Session, condition: Any) -> list[_Pair]:
    names = ("scenario_id", "product_id", "score", "has_unmet_must", "reasons")
    query = select_columns(*(getattr(StoredMatch, name) for name in names)).where(condition)
    return [_pair(**row) for row in session.execute(query).mappings()]


def _domains(session: Session, scenario_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Scenario → the domains under which it is counted, each with how many of its matches qualify."""
    query = select(GapScenario).where(col(GapScenario.scenario_id).in_(scenario_ids))
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in session.exec(query.execution_options(populate_existing=True)) if scenario_ids else ():
        found[row.scenario_id][row.domain] = row.qualifying
    return dict(found)


def _owners(session: Session, product_ids: Collection[int]) -> dict[int, int]:
    query = select(Product.id, Product.organization_id).where(col(Product.id).in_(product_ids))
    return {key: owner for key, owner in session.exec(query) if key is not None} if product_ids else {}


def _add(sums: Counter[Key], pair: _Pair, domains: Iterable[str], owner: int, sign: int) -> None:
    for domain in domains:
        for kind, name in pair.items:
            sums[ALL_SUPPLIERS, domain, kind, name] += sign
            sums[owner, domain, kind, name] += sign


def _store(session: Session, sums: Mapping[Key, int]) -> None:
    rows = [
        {"organization_id": owner, "domain": domain, "kind": str(kind), "name": name, "count": count}
        for (owner, domain, kind, name), count in sums.items()
        if count
    ]
    if not rows:
        return
    table = SQLModel.metadata.tables[GapCount.__tablename__]
    made = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)
    total = table.c["count"] + made.excluded["count"]
    session.execute(made.on_conflict_do_update(index_elements=list(table.primary_key), set_={"count": total}), rows)
