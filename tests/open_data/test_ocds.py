"""The export in the Open Contracting Data Standard: valid by the standard's own schema with our extension merged in, and
with nothing in it that is between the sides."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft4Validator
from sqlmodel import Session

from scenario_hall.applications.judging.service import declare_interest
from scenario_hall.applications.service import act_on_application
from scenario_hall.config import Settings
from scenario_hall.core.clock import local_year, now
from scenario_hall.open_data.dump import make_dump
from scenario_hall.open_data.manifest import newest_dump
from scenario_hall.open_data.ocds_extension import CODELISTS, extension_file, release_schema
from scenario_hall.outcomes.certificate.service import revoke_outcome
from tests.world import World

STANDARD = Path(__file__).parent / "standard" / "release-schema.json"
PREFIX = "ocds-213czf"
BASE = "http://hall.test"
Release = dict[str, Any]


def merged(target: Any, patch: Any) -> Any:
    """JSON Merge Patch as RFC 7396 writes it down."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def closed(schema: Any) -> Any:
    """The schema, with no member that it does not describe: the standard lets them pass, so a misspelt one would."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    if "properties" in found and found.get("type", "object") == "object" and "additionalProperties" not in found:
        found["additionalProperties"] = False
    return found


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    standard = json.loads(STANDARD.read_text("utf-8"))
    return Draft4Validator(closed(merged(standard, release_schema())), validate_formats=True)


@pytest.fixture
def exported(hall: World, hall_settings: Settings) -> Callable[[], dict[str, Any]]:
    """The release package of a dump that is made now."""
    settings = replace(
        hall_settings, ocds_prefix=PREFIX, open_data_licence="https://creativecommons.org/licenses/by/4.0/"
    )

    def run() -> dict[str, Any]:
        hall.session.commit()
        with Session(hall.session.get_bind()) as session:
            make_dump(session, settings)
        found = newest_dump(settings.open_data)
        assert found is not None
        package: dict[str, Any] = json.loads((found[0] / f"ocds-{local_year(now())}.json").read_text("utf-8"))
        return package

    return run


def test_every_release_is_valid_with_our_extension(
    hall: World, exported: Callable[[], dict[str, Any]], validator: Draft4Validator
) -> None:
    approved = hall.approved()
    hall.put_on_notice(hall.claimed(hall.accepted(product=hall.listed_product(title="另一台"))))
    hall.released_scenario(budget_min=None, budget_max=None)
    first = hall.approved(hall.accepted(product=hall.listed_product(title="第三台")))
    revoke_outcome(hall.admin, session=hall.session, outcome=first, version=None, reason="数据有误")
    package = exported()
    for release in package["releases"]:
        assert [str(error) for error in validator.iter_errors(release)] == []
    by_contracts = {contract["id"]: release for release in package["releases"] for contract in release["contracts"]}
    release = by_contracts[approved.code]
    assert release["ocid"] == f"{PREFIX}-{approved.scenario.code}"
    assert release["tag"] == ["tender", "award", "contract", "implementation"]
    (contract,) = (each for each in release["contracts"] if each["id"] == approved.code)
    assert contract["trial"]["first"]["status"] == "valid"
    assert contract["trial"]["metrics"][0]["verdict"] == "met" and contract["trial"]["metrics"][0]["measured"] == 43
    (revoked,) = (each for each in by_contracts[first.code]["contracts"] if each["id"] == first.code)
    assert revoked["trial"]["first"]["status"] == "revoked"


def test_every_reference_leads_to_what_is_there(hall: World, exported: Callable[[], dict[str, Any]]) -> None:
    hall.approved()
    package = exported()
    assert len({each["ocid"] for each in package["releases"]}) == len({each["id"] for each in package["releases"]})
    for release in package["releases"]:
        parties = {each["id"]: set(each["roles"]) for each in release["parties"]}
        assert "buyer" in parties[release["buyer"]["id"]]
        assert "procuringEntity" in parties[release["tender"]["procuringEntity"]["id"]]
        awards = {each["id"] for each in release["awards"]}
        assert {each["awardID"] for each in release["contracts"]} == awards
        for award in release["awards"]:
            assert all("supplier" in parties[each["id"]] for each in award["suppliers"])


def test_the_package_says_who_under_which_licence_and_where_the_extension_is(
    hall: World, exported: Callable[[], dict[str, Any]]
) -> None:
    hall.released_scenario()
    package = exported()
    assert package["version"] == "1.1" and package["uri"].startswith(f"{BASE}/open-data/ocds-")
    assert package["license"].startswith("https://creativecommons.org/")
    assert package["extensions"] == [f"{BASE}/open-data/ocds/extension.json"]
    assert {"uri", "version", "publishedDate", "publisher", "releases"} <= set(package)


def test_nothing_of_what_is_between_the_sides_is_exported(hall: World, exported: Callable[[], dict[str, Any]]) -> None:
    """Who applied, what they wrote, how they were decided, and trials before their notice."""
    declined = hall.application(product=hall.listed_product(title="落选产品"))
    act_on_application(
        hall.demand,
        session=hall.session,
        application=declined,
        action="decline",
        feedback="不够好",
    )
    waiting = hall.application(declined.scenario, hall.listed_product(title="等待的产品"))
    declare_interest(hall.demand, session=hall.session, application=waiting, has_conflict=True, reason="亲属")
    running = hall.confirmed(hall.accepted(declined.scenario, hall.listed_product(title="在试的产品")))
    text = json.dumps(exported(), ensure_ascii=False)
    hidden = (declined.code, waiting.code, running.code, "落选", "等待", "在试", "不够好", "亲属", "我们用自动机场")
    assert [word for word in (*hidden, "secret-contact", "陈秘密", "planned", "tenderers") if word in text] == []


def test_without_a_prefix_nothing_is_exported(hall: World, dumped: Callable[[], Path]) -> None:
    hall.approved()
    assert list(dumped().glob("ocds-*")) == []


def test_the_extension_s_files_are_what_the_standard_asks_for() -> None:
    metadata = json.loads(extension_file("extension.json", BASE)[0])  # type: ignore[index]
    assert {"name", "description", "documentationUrl", "compatibility", "codelists", "schemas"} == set(metadata)
    assert all(set(metadata[name]) == {"en"} for name in ("name", "description", "documentationUrl"))
    for name in (*metadata["schemas"], *(f"codelists/{each}" for each in metadata["codelists"])):
        assert extension_file(name, BASE) is not None
    for name in CODELISTS:
        told = list(csv.DictReader(io.StringIO(extension_file(f"codelists/{name}", BASE)[0])))  # type: ignore[index]
        assert told and all(row["Code"] and row["Title"] and row["Description"] for row in told)
    assert extension_file("codelists/none.csv", BASE) is None and extension_file("../config.py", BASE) is None


def codelists_in(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {name for each in schema for name in codelists_in(each)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["codelist"]} if isinstance(schema.get("codelist"), str) else set()
    return own | {name for each in schema.values() for name in codelists_in(each)}


def test_every_codelist_that_the_schema_names_is_published() -> None:
    assert codelists_in(release_schema()) == {name for name in CODELISTS if not name.startswith("+")}
    standard = codelists_in(json.loads(STANDARD.read_text("utf-8")))
    assert {name[1:] for name in CODELISTS if name.startswith("+")} <= standard


@pytest.mark.parametrize(
    "change",
    [
        {"tag": "tender"},
        {"tender": {"id": "x", "status": "open"}},
        {"contracts": [{"id": "x", "awardID": "y", "trial": {"kind": "second_trial", "state": "approved"}}]},
        {"initiationType": None},
    ],
)
def test_the_schema_refuses_what_is_not_of_the_standard(validator: Draft4Validator, change: Release) -> None:
    base: Release = {
        "ocid": "a",
        "id": "b",
        "date": "2026-11-28T00:00:00Z",
        "tag": ["tender"],
        "initiationType": "tender",
    }
    assert validator.is_valid(base) and not validator.is_valid({**base, **change})
