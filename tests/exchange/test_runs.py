"""An import as a run: checked first, taken in slices, continued by whoever comes, every row exactly once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select, update

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied
from scenario_hall.core.policy import SYSTEM, Actor
from scenario_hall.core.records import lock
from scenario_hall.exchange import faults
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.faults import Severity
from scenario_hall.exchange.models import ImportRow, ImportRun, ImportState
from scenario_hall.exchange.references import within_list
from scenario_hall.exchange.report import ImportOptions, ImportReport
from scenario_hall.exchange.resuming import ImportResumer
from scenario_hall.exchange.runs import ABANDONED_AFTER, DROPPED_AFTER, RunTaker, drop_abandoned
from scenario_hall.exchange.service import import_list
from scenario_hall.log.chain import last_id, record_event
from scenario_hall.log.verifying import verify
from scenario_hall.organizations.accounts import operator_of
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from tests.world import World

ROWS = 12


class Killed(Exception):
    """Stands for the end of the process between two slices."""


@pytest.fixture
def products(tmp_path: Path) -> Path:
    return written(tmp_path, *({"id": f"p{number}", "title": f"产品{number}"} for number in range(ROWS)))


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "list.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def take(
    session: Session, path: Path, kind: ListKind = ListKind.PRODUCTS, actor: Actor = SYSTEM, **options: Any
) -> ImportReport:
    return import_list(actor, session=session, kind=kind, path=path, options=ImportOptions(**options))


def cut_short(session: Session, path: Path, **options: Any) -> ImportRun:
    """An import whose process ended after its first slice of a single row."""

    def killed(_done: int, _total: int) -> None:
        raise Killed()

    with pytest.raises(Killed):
        take(session, path, progress=killed, slice_seconds=0.0, **options)
    run = session.exec(select(ImportRun)).one()
    assert (run.state, run.position) == (ImportState.TAKING, 1)
    return run


def references(session: Session) -> list[str]:
    session.rollback()
    return sorted(within_list(reference) for reference in session.exec(select(Product.external_reference)))


def as_administrator(world: World) -> Actor:
    return operator_of(world.session, world.administrator)


EVERY_REFERENCE = sorted(f"p{number}" for number in range(ROWS))


@contextmanager
def writes_of(engine: Engine) -> Iterator[list[str]]:
    """What changes the database meanwhile, and each transaction that says it will."""
    seen: list[str] = []

    def begun(connection: Any) -> None:
        if connection.get_execution_options().get("hall_writes"):
            seen.append("BEGIN IMMEDIATE")

    def executed(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) or "FOR UPDATE" in statement:
            seen.append(statement)

    event.listen(engine, "begin", begun)
    event.listen(engine, "after_cursor_execute", executed)
    try:
        yield seen
    finally:
        event.remove(engine, "begin", begun)
        event.remove(engine, "after_cursor_execute", executed)


def test_a_list_is_checked_without_any_transaction_that_writes(world: World, engine: Engine, products: Path) -> None:
    take(world.session, products, releases=True, actor=as_administrator(world))
    operator = as_administrator(world)
    with writes_of(engine) as writes:
        checked = take(world.session, products, only_check=True, releases=True, actor=operator)
        refused = take(world.session, written(products.parent, {"id": "x", "title": ""}), actor=operator)
    assert writes == []
    assert (checked.read, checked.bad, refused.bad) == (ROWS, 0, 1)
    assert not checked.is_kept and not refused.is_kept


def test_a_slice_is_one_row_at_least_and_ends_by_its_rows_or_by_the_clock(world: World, products: Path) -> None:
    run = cut_short(world.session, products)
    taker = RunTaker(run.pk)
    for most, seconds, position in ((3, 60.0, 4), (50, 0.0, 5), (50, 60.0, ROWS)):
        taker.take_slice(world.session, rows=most, seconds=seconds)
        world.session.refresh(run)
        assert run.position == position
        waiting = select(ImportRow.place).where(col(ImportRow.run_id) == run.pk).order_by(col(ImportRow.place))
        assert list(world.session.exec(waiting)) == list(range(position + 1, ROWS + 1))
    assert run.state == ImportState.TAKEN and run.ended_at is not None


def test_the_same_command_continues_an_import_that_was_cut_short(world: World, products: Path) -> None:
    run = cut_short(world.session, products)
    report = take(world.session, products)
    assert (report.run, report.created, report.unchanged, report.updated) == (run.pk, ROWS, 0, 0)
    assert references(world.session) == EVERY_REFERENCE
    assert take(world.session, products).run != run.pk  # one that is at its end is not continued
    assert verify(world.session).fault is None


def test_with_other_options_the_list_is_another_import(world: World, products: Path) -> None:
    run = cut_short(world.session, products)
    report = take(world.session, products, releases=True, actor=as_administrator(world))
    assert report.run != run.pk and (report.created, report.unchanged, report.released) == (ROWS - 1, 1, ROWS)


def test_the_worker_continues_an_import_whose_process_has_ended(world: World, engine: Engine, products: Path) -> None:
    run = cut_short(world.session, products, releases=True, actor=as_administrator(world))
    resumer = ImportResumer(engine)
    assert resumer.run_slice(60.0) == 0  # somebody was at it a moment ago
    with clock.at(now() + 2 * ABANDONED_AFTER):
        assert resumer.run_slice(60.0) > 0
        assert resumer.run_slice(60.0) == 0
    world.session.rollback()
    world.session.refresh(run)
    assert (run.state, run.created, run.released, run.bad) == (ImportState.TAKEN, ROWS, ROWS, 0)
    assert references(world.session) == EVERY_REFERENCE


def test_two_processes_at_one_run_take_no_row_twice(world: World, engine: Engine, products: Path) -> None:
    run_id = cut_short(world.session, products).pk
    both = threading.Barrier(2)

    def process() -> None:
        taker = RunTaker(run_id)
        with Session(engine) as session:
            both.wait()
            while taker.take_slice(session, rows=1):
                pass

    threads = [threading.Thread(target=process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.session.rollback()
    run = world.session.get_one(ImportRun, run_id)
    assert (run.state, run.created, run.updated, run.unchanged, run.bad) == (ImportState.TAKEN, ROWS, 0, 0, 0)
    assert references(world.session) == EVERY_REFERENCE


def test_what_the_hall_refuses_only_when_it_is_taken_is_told_at_its_row(world: World, tmp_path: Path) -> None:
    rows = [{**WHOLE, "id": f"p{n}", "organization": "禾翼航空" if n == 5 else ""} for n in range(ROWS)]
    path = written(tmp_path, *rows)
    options: dict[str, Any] = {"releases": True, "actor": as_administrator(world)}
    cut_short(world.session, path, **options)
    act_on_organization(world.admin, session=world.session, organization=world.maker, action="suspend", reason="停业")
    report = take(world.session, path, **options)
    assert (report.created, report.released, report.bad, report.is_kept) == (ROWS - 1, ROWS - 1, 1, True)
    assert [fault.row for fault in report.errors] == [6]


WHOLE = {
    "title": "巡检系统",
    "text": "六旋翼无人机与自动机场。",
    "limits": "不适用于7级以上大风。",
    "domains": "低空经济",
    "readiness_level": "8",
    "earlier_uses": "无",
}


def test_somebody_who_edits_a_record_of_the_list_meanwhile_is_not_locked_out(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    path = written(tmp_path, {**WHOLE, "id": "edited", "organization": "禾翼航空"})
    take(world.session, path)
    record = world.session.exec(select(Product)).one()
    # A new row, which takes the log's head, before the one that somebody has open.
    rows = [{"id": "new", "title": "新产品"}, {**WHOLE, "id": "edited", "organization": "禾翼航空", "limits": "改"}]
    path, reports = written(tmp_path, *rows), []

    def importing() -> None:
        with Session(engine) as session:
            reports.append(take(session, path, slice_seconds=60.0))

    thread = threading.Thread(target=importing)
    with Session(engine) as session, transaction(session):
        mine = lock(session, session.get_one(Product, record.pk), None)
        thread.start()
        if engine.dialect.name == "postgresql":
            # Were both to wait for each other, this one would be ended, and at once.
            session.connection().exec_driver_sql("SET LOCAL deadlock_timeout = '1ms'")
            while not _is_somebody_waiting(engine):
                pass
        record_event(session, SYSTEM, mine, "product.saved", {"fields": []})
    thread.join()
    assert [(report.created, report.updated, report.bad) for report in reports] == [(1, 1, 0)]


def _is_somebody_waiting(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar_one())


def spoil(session: Session, place: int) -> None:
    """Make a stored row one that no service can take."""
    with transaction(session):
        spoilt = update(ImportRow).where(col(ImportRow.place) == place).values(content={"no such field": 1})
        session.exec(spoilt)


def test_a_row_that_raises_stops_no_run(world: World, products: Path) -> None:
    run = cut_short(world.session, products)
    spoil(world.session, 2)
    spoil(world.session, ROWS)
    report = take(world.session, products)
    assert (report.created, report.bad) == (ROWS - 2, 2)
    assert [(fault.row, fault.reason) for fault in report.errors] == [(2, faults.NOT_TAKEN), (ROWS, faults.NOT_TAKEN)]
    world.session.refresh(run)
    assert run.state == ImportState.TAKEN


def test_a_row_that_the_database_refuses_each_time_is_told_after_some_tries(small_world: World, products: Path) -> None:
    run = cut_short(small_world.session, products)
    with transaction(small_world.session):
        small_world.session.connection().exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON product WHEN NEW.external_reference LIKE '%p7' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    report = take(small_world.session, products)
    assert (report.run, report.created, report.bad) == (run.pk, ROWS - 1, 1)
    assert [fault.row for fault in report.errors] == [8]


GOOD = {"id": "good", "title": "好的一行", "registration_number": "28888888"}


def of_a_supplier(world: World) -> tuple[ListKind, dict[str, Any]]:
    return ListKind.SCENARIOS, {"title": "场景", "organization": "禾翼航空"}


def of_a_demand_side(world: World) -> tuple[ListKind, dict[str, Any]]:
    return ListKind.PRODUCTS, {"title": "产品", "organization": "湾澜港务"}


def of_an_unverified_organization(world: World) -> tuple[ListKind, dict[str, Any]]:
    world.organization(world.maker_person, Side.SUPPLY, "未核验", is_verified=False)
    return ListKind.PRODUCTS, {"title": "产品", "organization": "未核验"}


def incomplete(world: World) -> tuple[ListKind, dict[str, Any]]:
    return ListKind.PRODUCTS, {"title": "产品", "organization": "禾翼航空"}


def with_a_wrong_number(world: World) -> tuple[ListKind, dict[str, Any]]:
    return ListKind.ORGANIZATIONS, {"title": "某公司", "registration_number": "91440300MA5G0000X1"}


def with_a_number_that_is_taken(world: World) -> tuple[ListKind, dict[str, Any]]:
    return ListKind.ORGANIZATIONS, {"title": "某公司", "registration_number": world.maker.registration_number}


def with_an_earlier_deadline(world: World) -> tuple[ListKind, dict[str, Any]]:
    later, earlier = (str((now() + timedelta(days=days)).date()) for days in (60, 30))
    row = {"id": "d", "title": "有截止日期的场景"}
    path = written(Path(world.session.info["folder"]), {**row, "deadline": later})
    take(world.session, path, ListKind.SCENARIOS, as_administrator(world), releases=True)
    return ListKind.SCENARIOS, {**row, "deadline": earlier}


@pytest.mark.parametrize(
    "make",
    [
        of_a_supplier,
        of_a_demand_side,
        of_an_unverified_organization,
        incomplete,
        with_a_wrong_number,
        with_a_number_that_is_taken,
        with_an_earlier_deadline,
    ],
)
def test_what_a_service_would_refuse_keeps_the_whole_list_out(
    world: World, tmp_path: Path, make: Callable[[World], tuple[ListKind, dict[str, Any]]]
) -> None:
    world.session.info["folder"] = tmp_path
    kind, bad = make(world)
    path, actor = written(tmp_path, GOOD, bad), as_administrator(world)
    runs, line = len(world.session.exec(select(ImportRun)).all()), last_id(world.session)
    report = take(world.session, path, kind, actor, releases=True)
    assert not report.is_kept and {fault.row for fault in report.errors} == {2}
    world.session.rollback()
    assert (len(world.session.exec(select(ImportRun)).all()), last_id(world.session)) == (runs, line)
    taken = take(world.session, path, kind, actor, releases=True, skip_bad=True)
    assert (taken.created, taken.released, taken.bad) == (1, 1, 1)


def test_a_list_verifies_one_organization_with_a_number(world: World, tmp_path: Path) -> None:
    rows = [{"id": name, "title": name, "registration_number": "28888888"} for name in ("甲公司", "乙公司")]
    actor = as_administrator(world)
    report = take(world.session, written(tmp_path, *rows), ListKind.ORGANIZATIONS, actor, releases=True)
    assert not report.is_kept
    assert [(fault.row, fault.reason) for fault in report.errors] == [(2, faults.SAME_NUMBER)]


def test_an_organization_that_nobody_knows_is_told_and_its_row_is_the_halls_own(world: World, tmp_path: Path) -> None:
    report = take(world.session, written(tmp_path, {**GOOD, "organization": "不知道的公司"}))
    assert [(fault.reason, fault.severity) for fault in report.faults] == [
        (faults.UNKNOWN_ORGANIZATION, Severity.WARNING)
    ]
    assert world.session.exec(select(Product)).one().organization.is_imported_list_owner


def test_a_row_comes_out_of_the_wait_as_it_went_in(world: World, tmp_path: Path) -> None:
    row = {
        "id": "s1",
        "title": "港口夜间巡检",
        "text": "人工登高检查。",
        "deadline": str((now() + timedelta(days=60)).date()),
        "requirements": "续航 ≥ 40 min",
        "budget_min": "500000",
        "region": "深圳",
        "colour": "red",
    }
    take(world.session, written(tmp_path, row), ListKind.SCENARIOS)
    found = world.session.exec(select(Scenario)).one()
    assert (found.title, found.situation, found.region, found.budget_min) == (
        "港口夜间巡检",
        "人工登高检查。",
        "440300",
        500_000,
    )
    assert found.deadline is not None and str(clock.local_day(found.deadline)) == row["deadline"]
    assert [(line["metric"], line["value"]) for line in found.requirements] == [("续航", 40)]
    assert found.source_cells == row


def test_a_run_whose_rows_were_never_all_stored_is_dropped(world: World) -> None:
    session = world.session
    with transaction(session):
        run = ImportRun(kind="products", file_name="x", fingerprint="f", total=2)
        session.add(run)
        session.flush()
        session.add(ImportRow(run_id=run.pk, place=1, number=1, reference="a"))
    assert drop_abandoned(session) == 0
    with clock.at(now() + 2 * DROPPED_AFTER):
        assert drop_abandoned(session) == 1
    assert session.exec(select(ImportRun)).all() == [] and session.exec(select(ImportRow)).all() == []


def test_lists_are_taken_by_the_halls_operator_alone(world: World, products: Path) -> None:
    for actor in (world.supplier, world.admin):
        with pytest.raises(Denied):
            take(world.session, products, actor=actor)
    assert world.session.exec(select(Organization).where(col(Organization.is_imported_list_owner))).all() == []
