"""The reader of the log that keeps the index."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from scenario_hall.language.text import register_terms
from scenario_hall.log.chain import last_id
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.kinds.table import kinds_for
from scenario_hall.log.readers import Batch, subjects_of
from scenario_hall.products.lifecycle import PUBLIC as PUBLIC_PRODUCTS
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import PUBLIC as PUBLIC_SCENARIOS
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.documents import product_document, scenario_document
from scenario_hall.search.engine.index import IndexDocument, SearchIndex
from scenario_hall.search.rules import rules_of
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy

ROWS_AT_ONCE = 500


class IndexReader:
    """Brings the index to the state of the rows that a batch of events names."""

    name = ReaderName.SEARCH

    def __init__(self, index: SearchIndex) -> None:
        self.index = index

    @property
    def wants(self) -> frozenset[str]:
        return kinds_for(self.name)

    def position(self, session: Session) -> int:
        return self.index.position()

    def advance(self, session: Session, batch: Batch) -> None:
        scenario_ids = subjects_of(batch.events, "scenario", self.name)
        product_ids = subjects_of(batch.events, "product", self.name)
        organization_ids = subjects_of(batch.events, "organization", self.name)
        scenarios = select(Scenario).where(
            col(Scenario.id).in_(scenario_ids) | col(Scenario.organization_id).in_(organization_ids)
        )
        products = select(Product).where(
            col(Product.id).in_(product_ids) | col(Product.organization_id).in_(organization_ids)
        )
        taxonomy = load_taxonomy(session)
        register_terms(taxonomy.terms())
        documents: list[IndexDocument] = []
        removed: list[str] = []
        for scenario in session.exec(scenarios):
            _sort_in(scenario.code, scenario_document(scenario, taxonomy), documents, removed)
        for product in session.exec(products):
            _sort_in(product.code, product_document(product, taxonomy), documents, removed)
        self.index.apply(documents, removed, batch.position, after=batch.after, rules=rules_of(taxonomy))


def rebuild(session: Session, index: SearchIndex) -> int:
    """Rebuild the index from the rows, beside the old one, and swap; returns how many documents it holds."""
    # Read before the rows: what happens meanwhile is read again from the log afterwards, never missed.
    position = last_id(session)
    taxonomy = load_taxonomy(session)
    register_terms(taxonomy.terms())
    return index.rebuild(public_documents(session, taxonomy), position, rules=rules_of(taxonomy))


def public_documents(session: Session, taxonomy: Taxonomy) -> Iterator[IndexDocument]:
    """Everything that the index holds."""
    scenarios = select(Scenario).where(col(Scenario.state).in_(PUBLIC_SCENARIOS)).order_by(col(Scenario.id))
    for scenario in session.exec(scenarios.execution_options(yield_per=ROWS_AT_ONCE)):
        document = scenario_document(scenario, taxonomy)
        if document is not None:
            yield document
    products = select(Product).where(col(Product.state).in_(PUBLIC_PRODUCTS)).order_by(col(Product.id))
    for product in session.exec(products.execution_options(yield_per=ROWS_AT_ONCE)):
        listed = product_document(product, taxonomy)
        if listed is not None:
            yield listed


def _sort_in(code: str, document: IndexDocument | None, documents: list[IndexDocument], removed: list[str]) -> None:
    if document is None:
        removed.append(code)
    else:
        documents.append(document)
