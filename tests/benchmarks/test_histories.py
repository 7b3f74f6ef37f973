"""Rows that are written in bulk are those that the services write, and the log that they stand in is whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from benchmarks.histories import PRODUCT, REASON, SCENARIO, STEP, Content, Histories, Kind, People, prepare
from benchmarks.ledger import Ledger, columns_of
from scenario_hall.core import clock
from scenario_hall.log.acts import PartyAct
from scenario_hall.log.chain import Event, last_id
from scenario_hall.log.codes import CodeCounter
from scenario_hall.log.verifying import verify
from scenario_hall.log.words import EventWord
from scenario_hall.products import service as products
from scenario_hall.publishing.models import Publishable
from scenario_hall.scenarios import service as scenarios
from tests.world import PRODUCT as PRODUCT_CONTENT
from tests.world import SCENARIO as SCENARIO_CONTENT
from tests.world import World

AT = datetime(2024, 12, 31, 15, 55, tzinfo=UTC)  # in Hong Kong the year ends within the history
# What differs between two histories of the same content: which they are, and what keeps words from being guessed.
OWN = {"id", "code", "hash", "previous_hash", "salt", "event_id", "subject_id", "subject_code", "data", "case_key"}


def by_services(world: World, kind: Kind, first: Content, saves: list[Content], *, is_closed: bool) -> Publishable:
    session = world.session
    module: Any = products if kind is PRODUCT else scenarios
    name = kind.table.subject
    actor = world.supplier if kind is PRODUCT else world.demand
    organization = world.maker if kind is PRODUCT else world.port
    moment = AT
    with clock.at(moment):
        create = getattr(module, f"create_{name}")
        record: Publishable = create(actor, session=session, organization=organization, content=first)
    told = {"session": session, name: record, "version": None}
    for content in saves:
        moment += STEP
        with clock.at(moment):
            module.save_draft(actor, **told, content=content)
    with clock.at(moment + STEP):
        getattr(module, f"submit_{name}")(actor, **told)
    with clock.at(moment + 2 * STEP):
        getattr(module, f"{kind.publish}_{name}")(world.admin, **told)
    if is_closed:
        with clock.at(AT + timedelta(days=9)):
            scenarios.end_scenario(actor, **told, action="close", reason=REASON)
    return record


def in_bulk(world: World, engine: Engine, kind: Kind, first: Content, saves: list[Content], *, is_closed: bool) -> int:
    world.session.commit()
    owner, body = (world.maker_person, world.maker) if kind is PRODUCT else (world.port_person, world.port)
    people = People(owner.pk, body.pk, world.administrator.pk)
    world.session.commit()
    with engine.connect().execution_options(hall_writes=True) as connection, connection.begin():
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        number = (connection.scalar(select(func.max(kind.table.id))) or 0) + 1
        histories = Histories(Ledger(connection), {kind.table.subject: number})
        later = histories.write(prepare(kind, first, saves), people, AT, is_closed=is_closed)
        if later is not None:
            later(AT + timedelta(days=9))
        histories.ledger.write()
    return number


def rows(session: Session, kind: Kind, number: int) -> dict[str, list[dict[str, Any]]]:
    """Everything that was written of one record, without what is its own."""
    lines = select(Event.id).where(Event.subject_kind == kind.table.subject, Event.subject_id == number)
    found = {
        "record": select(kind.table).where(kind.table.id == number),
        "revision": select(kind.revision).where(getattr(kind.revision, kind.key) == number),
        "line": select(Event).where(col(Event.id).in_(lines)).order_by(Event.id),
        "words": select(EventWord)
        .where(col(EventWord.event_id).in_(lines))
        .order_by(EventWord.event_id, EventWord.field),
        "acts": select(PartyAct).where(PartyAct.case_key == f"{kind.table.subject}:{number}"),
    }
    told: dict[str, list[dict[str, Any]]] = {}
    for name, query in found.items():
        told[name] = [
            {key: value for key, value in columns_of(row).items() if key not in {*OWN, kind.key}}
            for row in session.scalars(query)
        ]
    marks = [Event.fields.fget(row) for row in session.scalars(found["line"])]  # type: ignore[attr-defined]
    return {**told, "fields": marks}


@pytest.mark.parametrize(("kind", "is_closed"), [(PRODUCT, False), (SCENARIO, False), (SCENARIO, True)])
def test_a_history_in_bulk_is_the_one_that_the_services_write(
    small_world: World, sqlite_engine: Engine, kind: Kind, is_closed: bool
) -> None:
    whole = PRODUCT_CONTENT if kind is PRODUCT else SCENARIO_CONTENT
    text = "summary" if kind is PRODUCT else "situation"
    first = {"title": whole["title"]}
    saves: list[Content] = [
        {text: "续航时间不少于30分钟。"},
        {name: value for name, value in whole.items() if name != "title"},
        {"title": "另一个题目", "tags": []},
    ]
    made = by_services(small_world, kind, first, saves, is_closed=is_closed)
    made_id, code = made.pk, made.code
    expected = rows(small_world.session, kind, made_id)
    counted = small_world.session.get(CodeCounter, (kind.table.code_prefix, 2024))
    assert counted is not None
    lines = last_id(small_world.session)
    number = in_bulk(small_world, sqlite_engine, kind, first, saves, is_closed=is_closed)
    found = rows(small_world.session, kind, number)
    for name, told in expected.items():
        assert found[name] == told, name
        assert told, name
    small_world.session.expire_all()
    copy = small_world.session.get(kind.table, number)
    assert copy is not None
    assert (copy.code[:7], int(copy.code[7:])) == (code[:7], int(code[7:]) + 1)
    assert last_id(small_world.session) == lines + len(expected["line"])
    # The next one by the services goes on from there.
    assert by_services(small_world, kind, first, saves, is_closed=False).code[7:] == f"{int(code[7:]) + 2:06d}"
    assert verify(small_world.session).fault is None
