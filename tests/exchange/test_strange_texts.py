"""Whatever stands in a cell, in any field and any format: the row is taken or told, and what is behind it is taken."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlmodel import select

from scenario_hall.core.clock import local_today
from scenario_hall.core.policy import SYSTEM
from scenario_hall.exchange import faults
from scenario_hall.exchange.checking import look_ups
from scenario_hall.exchange.columns import ListKind, targets
from scenario_hall.exchange.contents import content_as_json
from scenario_hall.exchange.reading import parse_table
from scenario_hall.exchange.references import within_list
from scenario_hall.exchange.report import ImportOptions
from scenario_hall.exchange.rows import check_rows
from scenario_hall.exchange.service import import_list
from scenario_hall.exchange.steps import in_one_go
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags
from tests.world import World

Rows = Sequence[Mapping[str, str]]
LAST = {"id": "last", "title": "最后一行", "text": "一" * 1000, "registration_number": "28888888"}


def as_json_lines(rows: Rows) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def as_csv(rows: Rows) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, dict.fromkeys(name for row in rows for name in row))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8", "replace")  # a half of a character is nothing that UTF-8 could write


def as_workbook(rows: Rows) -> bytes:
    book, file = Workbook(), io.BytesIO()
    header = list(dict.fromkeys(name for row in rows for name in row))
    book.active.append([as_excel_writes_it(name) for name in header])
    for row in rows:
        book.active.append([as_excel_writes_it(row.get(name, "")) for name in header])
    book.save(file)
    return file.getvalue()


def as_excel_writes_it(text: str) -> str:
    """Characters that XML cannot have as _x0000_ (ECMA-376, ST_Xstring)."""
    escaped = ILLEGAL_CHARACTERS_RE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return "".join(f"_x{ord(each):04X}_" if 0xD800 <= ord(each) < 0xE000 else each for each in escaped)[:30_000]


FORMATS = {"JSON lines": as_json_lines, "CSV": as_csv, "XLSX": as_workbook}
NUMBERS = st.from_regex(r"-?\d{1,400}([.,]\d{1,40})?[a-z%万亿米]{0,2}", fullmatch=True)
TEXTS = st.one_of(st.text(st.characters(exclude_categories=()), max_size=40), NUMBERS)


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return Taxonomy(load_shipped_tags())


@pytest.mark.parametrize("written", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("kind", list(ListKind))
@settings(max_examples=40)
@given(data=st.data())
def test_any_text_in_any_field_is_taken_or_told_and_the_last_row_is_taken(
    kind: ListKind, written: Callable[[Rows], bytes], taxonomy: Taxonomy, data: st.DataObject
) -> None:
    columns = st.one_of(st.sampled_from(targets(kind)), TEXTS)
    row = data.draw(st.dictionaries(columns, TEXTS, max_size=5))
    table = parse_table(written([{**dict.fromkeys(LAST, ""), **row}, LAST]))
    checked = in_one_go(check_rows(table, kind, look_ups=look_ups(taxonomy), today=local_today()))
    assert faults.NOT_TAKEN not in [fault.reason for fault in checked.faults]
    assert checked.rows[-1].id == "last" and checked.rows[-1].title == "最后一行"
    for each in checked.rows:
        stored = json.dumps([content_as_json(each, taxonomy), dict(each.source_cells)], ensure_ascii=False)
        assert stored.encode() and "\0" not in stored


STRANGE = {
    "an unbroken word before a quantity": "校" * 600 + "精度不低于5毫米 " + "x" * 600 + " at least 5 mm",
    "three thousand blanks": "精度" + " " * 3_000 + "5 mm",
    "half a character": "一半\ud83d的字",
    "no character": "空\0字",
    "a number of 400 digits": "9" * 400,
    "brackets in brackets": "[" * 3_000,
    "lines in JSON": '[{"metric": "' + "x" * 600 + '", "value": 1e999}]',
}


@pytest.mark.parametrize(("kind", "table"), [(ListKind.SCENARIOS, Scenario), (ListKind.PRODUCTS, Product)])
def test_strange_texts_in_every_field_reach_the_hall_or_are_told(
    world: World, tmp_path: Path, kind: ListKind, table: type[Scenario | Product]
) -> None:
    plain = [name for name in targets(kind) if name not in ("id", "organization", "measure")]
    rows = [
        {"id": f"{place}-{name}", "title": f"{place} {name}", name: text}
        for place, text in enumerate(STRANGE.values())
        for name in plain
    ]
    path = tmp_path / "list.jsonl"
    path.write_bytes(as_json_lines([*rows, LAST]))
    report = import_list(SYSTEM, session=world.session, kind=kind, path=path, options=ImportOptions(skip_bad=True))
    assert faults.NOT_TAKEN not in [fault.reason for fault in report.faults]
    assert report.created + report.bad == len(rows) + 1
    assert {fault.row for fault in report.errors} <= set(range(1, len(rows) + 1))
    found = {within_list(reference) for reference in world.session.exec(select(table.external_reference))}
    assert "last" in found and len(found) == report.created
    damaged = {fault.row for fault in report.faults if fault.reason == faults.DAMAGED}
    assert len(damaged) == 2 * len(plain)
