"""A kind of event is declared once, and nothing else gets into the log."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.support import Translations
from sqlmodel import Session

from scenario_hall.applications.lifecycle import LIFECYCLE as APPLICATION
from scenario_hall.applications.models import Application
from scenario_hall.config import ROOT
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Permissions
from scenario_hall.log.chain import append, last_id
from scenario_hall.log.kinds.fields import FIELDS
from scenario_hall.log.kinds.kind import ADMINISTRATORS, CHANGE, EventKind, ReaderName
from scenario_hall.log.kinds.table import ALL, KINDS, PUBLIC_KINDS, kinds_for
from scenario_hall.organizations.lifecycle import LIFECYCLE as ORGANIZATION
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.lifecycle import AMENDMENT
from scenario_hall.outcomes.lifecycle import LIFECYCLE as OUTCOME
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import PlanAmendment
from scenario_hall.products.lifecycle import LIFECYCLE as PRODUCT
from scenario_hall.products.models import Product
from scenario_hall.publishing.lifecycle import REVISION
from scenario_hall.publishing.models import ProposedRevision
from scenario_hall.scenarios.lifecycle import LIFECYCLE as SCENARIO
from scenario_hall.scenarios.models import Scenario
from scenario_hall.web.kit.language import LOCALES
from scenario_hall.web.kit.names import NAMES

LIFECYCLES = [ORGANIZATION, SCENARIO, PRODUCT, REVISION, APPLICATION, OUTCOME, AMENDMENT]
GOVERNED = [Organization, Scenario, Product, ProposedRevision, Application, Outcome, PlanAmendment]
SOURCES = ROOT / "scenario_hall"
NAME_OF_A_KIND = re.compile(
    rf"({'|'.join(sorted({kind.name.split('.')[0] for kind in ALL}))})\.(?!(?:json|id)$)[a-z_]+"
)


def each_kind(function: object) -> object:
    return pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)(function)


@pytest.mark.parametrize("locale", sorted(LOCALES))
@each_kind
def test_every_kind_and_field_has_a_name_in_every_language(kind: EventKind, locale: str) -> None:
    texts = [kind.title, *(FIELDS[name].title for name in kind.fields)]
    if kind.feed is not None:
        texts.append(kind.feed.headline)
    assert all(texts)
    if locale != "en":  # the language of the message ids
        known = Translations.load(ROOT / "translations", [locale])._catalog  # type: ignore[attr-defined]
        assert [text for text in texts if not known.get(text)] == []


@each_kind
def test_every_kind_belongs_to_a_subject_that_has_a_name(kind: EventKind) -> None:
    assert kind.subject in NAMES
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", kind.name)
    assert len(kind.fields) == len(set(kind.fields))


def test_no_kind_is_declared_twice() -> None:
    assert len(KINDS) == len(ALL) > 80


@pytest.mark.parametrize("record", GOVERNED, ids=lambda record: record.subject)
def test_who_may_see_a_kind_is_an_action_of_its_record(record: type) -> None:
    permissions: Permissions = record().permissions
    actions = {kind.visible_to for kind in ALL if kind.subject == record.subject}
    assert actions <= set(permissions)


def test_what_is_not_about_a_governed_record_is_for_administrators() -> None:
    subjects = {record.subject for record in GOVERNED}
    assert {kind.visible_to for kind in ALL if kind.subject not in subjects} == {ADMINISTRATORS}


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.subject)
def test_every_transition_names_a_kind_of_its_subject_that_takes_what_a_transition_says(lifecycle: Lifecycle) -> None:
    for transition in lifecycle.transitions:
        kind = KINDS[transition.event]
        assert kind.subject == lifecycle.subject
        assert set(CHANGE) <= set(kind.fields)


def kinds_in_sources() -> Iterator[tuple[Path, str]]:
    """Every text in the sources that is spelt like a kind. In the pages endpoints are spelt so, too."""
    for path in SOURCES.rglob("*.py"):
        if SOURCES / "web" in path.parents or SOURCES / "log" / "kinds" in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME_OF_A_KIND.fullmatch(node.value):
                yield path, node.value


def test_every_kind_that_the_sources_name_is_declared_and_every_declared_one_is_used() -> None:
    named = {name for _, name in kinds_in_sources()}
    assert named == set(KINDS)


def test_no_kind_is_put_together_from_parts() -> None:
    """``record_event`` is given kinds as they are spelt in the table, so that a search finds where each is written."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record_event":
                assert not any(isinstance(each, ast.JoinedStr) for each in node.args), f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    ("kind", "subject", "data", "fault"),
    [
        ("scenario.praised", "scenario", {}, "no kind of event 'scenario.praised'"),
        ("scenario.drafted", "product", {}, "is an event of 'scenario', not of 'product'"),
        ("scenario.drafted", "scenario", {"title": "x", "telephone": "1"}, "has no field telephone"),
    ],
)
def test_what_is_not_declared_is_not_appended(
    sqlite_engine: object, kind: str, subject: str, data: dict[str, str], fault: str
) -> None:
    with Session(sqlite_engine) as session:
        before = last_id(session)
        with pytest.raises(ValueError, match=fault):
            append(session, kind=kind, actor_id=None, subject_kind=subject, subject_id=1, subject_code="S", data=data)
        session.commit()
        assert last_id(session) == before


def test_a_reader_gets_what_it_wants() -> None:
    searched = {f"scenario.{name}" for name in ("released", "amended", "closed", "withdrawn", "expired")}
    products = {f"product.{name}" for name in ("listed", "amended", "delisted", "submitted")}
    organizations = {f"organization.{name}" for name in ("verified", "suspended", "reinstated", "changed")}
    tags = {f"taxonomy.{name}" for name in ("seeded", "tag_saved", "proposal_decided")}
    assert kinds_for(ReaderName.SEARCH) == searched | products | organizations
    assert kinds_for(ReaderName.MATCHER) == searched | products | organizations | tags
    assert kinds_for(ReaderName.NOVELTY) == products | organizations | {"outcome.claimed"}
    assert kinds_for(ReaderName.MEANING) == searched | products
    assert kinds_for(ReaderName.PAGES) == tags
    assert kinds_for(ReaderName.SEARCH, "product") == products
    assert kinds_for(ReaderName.MAIL) == {kind.name for kind in ALL if kind.letters}


def test_only_what_is_public_by_then_is_in_the_feed() -> None:
    assert {
        *(f"scenario.{name}" for name in ("released", "amended", "closed", "withdrawn", "expired", "matched")),
        *(f"product.{name}" for name in ("listed", "amended", "delisted", "matched")),
        *(f"outcome.{name}" for name in ("started", "on_notice", "approved", "revoked")),
        "bulletin.published",
    } == PUBLIC_KINDS


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.subject)
def test_every_transition_by_a_party_binds_its_actor_to_that_party(lifecycle: Lifecycle) -> None:
    """Else somebody could act for one side and leave no trace that policy reads. An event that others may cause, too
    (an accepted change is an amendment), binds those only who speak for a party."""
    parties: dict[str, set[str]] = {}
    for row in lifecycle.transitions:
        here = {who: who.removesuffix("_editor").removesuffix("_owner") for who in row.who}
        parties.setdefault(row.event, set()).update(party for who, party in here.items() if party != who)
    for event, bound in parties.items():
        assert set(KINDS[event].acts_for) == bound, event
