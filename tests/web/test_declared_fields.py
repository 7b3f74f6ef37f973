"""Every declared field of a scenario and a product works everywhere: form, page, preview, comparison, search, lists."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from scenario_hall.core.clock import end_of_local_day, local_day, now
from scenario_hall.core.policy import SYSTEM
from scenario_hall.core.values import Requirement, Specification
from scenario_hall.exchange.columns import Certainty, ListKind, map_columns
from scenario_hall.exchange.export import columns_of, export_records
from scenario_hall.exchange.report import ImportOptions
from scenario_hall.exchange.service import import_list
from scenario_hall.exchange.writing import ListFormat
from scenario_hall.products import service as products
from scenario_hall.products.fields import FIELDS as PRODUCT_FIELDS
from scenario_hall.products.fields import HeldCertificate
from scenario_hall.products.models import Product
from scenario_hall.publishing.fields import PLAIN, ContentField, Place, ValueKind
from scenario_hall.publishing.models import Publishable
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.fields import FIELDS as SCENARIO_FIELDS
from scenario_hall.scenarios.fields import STEPS
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.documents import body_of
from tests.web.conftest import token
from tests.world import World

FIELDS = {"scenario": SCENARIO_FIELDS, "product": PRODUCT_FIELDS}
OWNERS = {"scenario": "port@port.example", "product": "maker@maker.example"}
BOTH_KINDS = pytest.mark.parametrize("kind", list(FIELDS))
EACH_FIELD = pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind, fields in FIELDS.items() for field in fields],
    ids=[f"{kind}.{field.name}" for kind, fields in FIELDS.items() for field in fields],
)
LINES: dict[type, dict[str, Any]] = {
    Requirement: {"metric": "霜点温度", "comparison": "at_least", "value": 37.0, "unit": "min", "necessity": "should"},
    Specification: {"metric": "霜点温度", "value": 37.0, "unit": "min"},
    HeldCertificate: {"name": "霜点合格证", "number": "N-37", "expires": "2031-05-06"},
}
# Kind → a value that no fixture has, and what an English page shows of it.
SAMPLES: dict[ValueKind, tuple[Any, str]] = {
    ValueKind.EMAIL: ("frost@point.example", "frost@point.example"),
    ValueKind.PHONE: ("0756-7654321", "0756-7654321"),
    ValueKind.CURRENCY: ("MOP", "MOP"),
    ValueKind.LEVEL: (6, "6"),
    ValueKind.REGION: ("440400", "Zhuhai"),
    ValueKind.REGIONS: (["440400"], "Zhuhai"),
    ValueKind.DOMAINS: (["biomanufacturing"], "biomanufacturing"),
    ValueKind.TAGS: (["uav"], "unmanned aerial vehicle"),
}


def sample(field: ContentField) -> Any:
    if field.line is not None:
        return [LINES[field.line]]
    match field.kind:
        case ValueKind.LINE | ValueKind.TEXT:
            return f"霜点，{field.name}"
        case ValueKind.WORDS:
            return [f"霜点 {field.name}"]
        case ValueKind.SUM:
            return 987_654 if field.lower else 123_456
        case ValueKind.MOMENT:
            return end_of_local_day(local_day(now()) + timedelta(days=90))
    return SAMPLES[field.kind][0]


def visible(field: ContentField) -> str:
    """What an English page shows of the sample."""
    if field.line is not None:
        return next(iter(LINES[field.line].values()))
    match field.kind:
        case ValueKind.LINE | ValueKind.TEXT:
            return sample(field)
        case ValueKind.WORDS:
            return sample(field)[0]
        case ValueKind.SUM:
            return f"{sample(field):,}"
        case ValueKind.MOMENT:
            return f"{local_day(sample(field)):%Y-%m-%d}"
    return SAMPLES[field.kind][1]


def samples(kind: str) -> dict[str, Any]:
    return {field.name: sample(field) for field in FIELDS[kind]}


def posted(field: ContentField) -> dict[str, Any]:
    """The sample as a browser sends it."""
    value = sample(field)
    if field.line is not None:
        return {f"{field.name}-0-{name}": str(part) for name, part in value[0].items()}
    if field.kind is ValueKind.MOMENT:
        return {field.name: f"{local_day(value):%Y-%m-%d}T23:59"}
    return {field.name: value[0] if field.kind is ValueKind.WORDS else value}


def is_sample(field: ContentField, record: Publishable) -> bool:
    stored, value = getattr(record, field.name), sample(field)
    if field.line is not None:
        return [field.line.model_validate(line) for line in stored] == [field.line.model_validate(value[0])]
    if field.kind is ValueKind.MOMENT:
        return abs(stored - value) < timedelta(minutes=1)
    return bool(stored == value)


def draft(hall: World, kind: str, **content: Any) -> Publishable:
    return hall.draft_scenario(**content) if kind == "scenario" else hall.draft_product(**content)


def published(hall: World, kind: str, **content: Any) -> Publishable:
    return hall.released_scenario(**content) if kind == "scenario" else hall.listed_product(**content)


def english(client: FlaskClient, path: str) -> str:
    page = client.get(path, headers={"Accept-Language": "en"})
    assert page.status_code == 200, path
    return unescape(page.text)


@BOTH_KINDS
def test_the_form_asks_for_each_and_saves_it(hall: World, as_person: Callable[[str], FlaskClient], kind: str) -> None:
    client, record = as_person(OWNERS[kind]), draft(hall, kind)
    steps = [f"/{step.name}" for step in STEPS] if kind == "scenario" else [""]
    for step in steps:
        path = f"/{kind}s/{record.code}/edit{step}"
        asked = [field for field in FIELDS[kind] if step in ("", f"/{field.section}")]
        page = english(client, path)
        assert [field.name for field in asked if field.asked not in page or field.help not in page] == []
        hall.session.rollback()  # the pages write in sessions of their own
        hall.session.refresh(record)
        data = {"csrf_token": token(client, path), "version": record.version}
        for field in asked:
            data |= posted(field)
        answer = client.post(path, data=data, headers={"Accept-Language": "en"})
        assert answer.status_code == 302, re.findall(r'class="field-error".*', answer.text)
        hall.session.rollback()  # the pages write in sessions of their own
        hall.session.refresh(record)
        assert [field.name for field in asked if not is_sample(field, record)] == []


@BOTH_KINDS
def test_the_public_page_shows_each_unless_it_is_private(
    hall: World, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], kind: str
) -> None:
    record = published(hall, kind, **samples(kind))
    path = f"/{kind}s/{record.code}"
    page = english(visitor, path)
    assert [field.name for field in FIELDS[kind] if (visible(field) in page) is field.is_private] == []
    own = english(as_person(OWNERS[kind]), path)
    labelled = [field for field in FIELDS[kind] if field.place is not Place.COMBINED]
    assert [field.name for field in FIELDS[kind] if visible(field) not in own] == []
    assert [field.name for field in labelled if field.label not in own] == []


@BOTH_KINDS
def test_the_preview_shows_each_and_names_what_is_missing(
    hall: World, as_person: Callable[[str], FlaskClient], kind: str
) -> None:
    client = as_person(OWNERS[kind])
    suffix = "/preview" if kind == "scenario" else ""
    page = english(client, f"/{kind}s/{draft(hall, kind, **samples(kind)).code}{suffix}")
    assert [field.name for field in FIELDS[kind] if visible(field) not in page] == []
    needed = [field for field in FIELDS[kind] if field.missing]
    empty = {field.name: [] if isinstance(sample(field), list) else "" for field in needed}
    if kind == "product":
        empty["readiness_level"] = None
    code = draft(hall, kind, **empty).code
    page = english(client, f"/{kind}s/{code}{suffix}")
    assert [field.name for field in needed if f"{field.label}" not in page or field.missing not in page] == []
    if kind == "scenario":
        links = [f'/scenarios/{code}/reading#{field.name}"' for field in needed]
        assert [link for link in links if link not in page] == []


@BOTH_KINDS
def test_a_new_revision_names_each_difference_by_its_label(hall: World, visitor: FlaskClient, kind: str) -> None:
    record = published(hall, kind)
    if isinstance(record, Scenario):
        scenarios.amend_scenario(
            hall.demand, session=hall.session, scenario=record, version=None, content=samples(kind), reason="x"
        )
    elif isinstance(record, Product):
        products.amend_product(
            hall.supplier, session=hall.session, product=record, version=None, content=samples(kind), reason="x"
        )
    hall.accepted_change(record)
    page = english(visitor, f"/{kind}s/{record.code}/revisions/2")
    rows = dict(re.findall(r'<tr>\s*<th scope="row">(.*?)</th>.*?<ins>(.*?)</ins>', page, re.DOTALL))
    public = [field for field in FIELDS[kind] if not field.is_private]
    assert list(rows) == [field.label for field in public]
    assert [f.name for f in public if visible(f).replace(",", "") not in rows[f.label].replace(",", "")] == []


@BOTH_KINDS
def test_search_reads_what_the_declaration_says(small_world: World, kind: str) -> None:
    body = body_of(draft(small_world, kind, **samples(kind)))
    read = [field for field in FIELDS[kind] if field.kind in PLAIN or field.line is not None]
    assert [field.name for field in read if (visible(field) in body) is not field.is_searched] == []
    assert [field.name for field in FIELDS[kind] if field.is_searched and field.is_private] == []


@BOTH_KINDS
def test_each_goes_out_in_a_list_and_comes_in_again(small_world: World, tmp_path: Path, kind: str) -> None:
    record, path = published(small_world, kind, **samples(kind)), tmp_path / "list.jsonl"
    export_records(small_world.session, f"{kind}s", ListFormat.JSONL, path)
    line = json.loads(path.read_text(encoding="utf-8"))
    assert "frost@point.example" not in str(line)
    exported = [field for field in FIELDS[kind] if field.export_column]
    plain = [field for field in FIELDS[kind] if field.kind in PLAIN and field.is_listed and not field.is_private]
    assert [field.name for field in plain if field not in exported] == []
    assert [field.name for field in exported if not line[field.export_column]] == []
    assert list(line) == list(columns_of(f"{kind}s"))

    owner = small_world.port if kind == "scenario" else small_world.maker
    report = import_list(
        SYSTEM,
        session=small_world.session,
        kind=ListKind(f"{kind}s"),
        path=path,
        options=ImportOptions(organization=owner),
    )
    assert (report.created, report.unknown_columns) == (1, [])
    number = f"{int(record.code[-6:]) + 1:06d}"
    find = scenarios.get_scenario if kind == "scenario" else products.get_product
    again = find(small_world.session, record.code[:-6] + number)
    joined = "\n".join(str(value) for value in again.content().values())
    lost = [field for field in exported if not is_sample(field, again)]
    # Texts may share a column, and the words of lines are kept with the text that they belong to.
    assert [field.name for field in lost if field.kind is not ValueKind.TEXT or sample(field) not in joined] == []


@EACH_FIELD
def test_every_header_that_a_list_may_give_it_is_recognised(kind: str, field: ContentField) -> None:
    headers = field.list_headers if field.list_column else ()
    for header in headers:
        (column,) = map_columns([header], ListKind(f"{kind}s")).columns
        assert (column.target, column.certainty) == (field.list_column, Certainty.SURE)


@EACH_FIELD
def test_its_column_is_as_long_as_the_declaration_says(kind: str, field: ContentField) -> None:
    table = {"scenario": Scenario, "product": Product}[kind].__table__  # type: ignore[attr-defined]
    assert getattr(table.columns[field.name].type, "length", None) in (None, field.length)


def test_a_name_means_the_same_for_scenarios_and_products() -> None:
    known = {field.name: (field.label, field.kind) for field in SCENARIO_FIELDS}
    shared = [field for field in PRODUCT_FIELDS if field.name in known]
    assert [field.name for field in shared if known[field.name] != (field.label, field.kind)] == []


def test_the_old_address_of_a_revision_leads_to_it(hall: World, visitor: FlaskClient) -> None:
    code = hall.listed_product().code
    answer = visitor.get(f"/products/{code}/versions/1")
    assert (answer.status_code, answer.location) == (301, f"/products/{code}/revisions/1")
