"""Open data as everybody finds it: a page, a catalogue that a portal's tools read, and files that are what they say."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyld import jsonld

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.open_data import catalogue
from scenario_hall.open_data.dump import make_dump
from tests.world import World

DCAT, DCT, SPDX = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "http://spdx.org/rdf/terms#"
FOAF, XSD = "http://xmlns.com/foaf/0.1/", "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# What DCAT-AP 3.0 calls mandatory (https://semiceu.github.io/DCAT-AP/releases/3.0.0/), and for checksums as often as it
# may be.
MANDATORY: Mapping[str, tuple[str, ...]] = {
    f"{DCAT}Catalog": (f"{DCT}title", f"{DCT}description", f"{DCT}publisher"),
    f"{DCAT}Dataset": (f"{DCT}title", f"{DCT}description"),
    f"{DCAT}DatasetSeries": (f"{DCT}title", f"{DCT}description"),
    f"{DCAT}Distribution": (f"{DCAT}accessURL",),
    f"{DCAT}DataService": (f"{DCT}title", f"{DCAT}endpointURL"),
    f"{FOAF}Agent": (f"{FOAF}name",),
    f"{SPDX}Checksum": (f"{SPDX}algorithm", f"{SPDX}checksumValue"),
}
# The class of what a property leads to, by the same document.
RANGES: Mapping[str, tuple[str, ...]] = {
    f"{DCAT}dataset": (f"{DCAT}Dataset", f"{DCAT}DatasetSeries"),
    f"{DCAT}distribution": (f"{DCAT}Distribution",),
    f"{DCAT}service": (f"{DCAT}DataService",),
    f"{DCAT}servesDataset": (f"{DCAT}Dataset",),
    f"{DCAT}inSeries": (f"{DCAT}DatasetSeries",),
    f"{DCAT}mediaType": (f"{DCT}MediaType",),
    f"{DCT}format": (f"{DCT}MediaTypeOrExtent",),
    f"{DCT}license": (f"{DCT}LicenseDocument",),
    f"{DCT}publisher": (f"{FOAF}Agent",),
    f"{DCT}language": (f"{DCT}LinguisticSystem",),
    f"{DCT}temporal": (f"{DCT}PeriodOfTime",),
    f"{DCT}accrualPeriodicity": (f"{DCT}Frequency",),
    f"{FOAF}homepage": (f"{FOAF}Document",),
    f"{DCAT}landingPage": (f"{FOAF}Document",),
    f"{SPDX}checksum": (f"{SPDX}Checksum",),
    f"{SPDX}algorithm": (f"{SPDX}ChecksumAlgorithm",),
}
LITERALS = {
    f"{DCAT}byteSize": f"{XSD}nonNegativeInteger",
    f"{SPDX}checksumValue": f"{XSD}hexBinary",
    f"{DCT}modified": f"{XSD}dateTime",
    f"{DCAT}startDate": f"{XSD}date",
    f"{DCAT}endDate": f"{XSD}date",
}
Triples = list[tuple[str, str, Mapping[str, Any]]]


def refuse(url: str, _options: object) -> object:
    raise AssertionError(f"asks for {url}")


def triples_of(document: Mapping[str, Any]) -> Triples:
    """The catalogue as a graph, read by a tool that knows nothing of the hall and asks nobody for a context."""
    graph = jsonld.to_rdf(document, {"documentLoader": refuse})["@default"]
    return [(each["subject"]["value"], each["predicate"]["value"], each["object"]) for each in graph]


def terms_of(value: object) -> set[str]:
    """Every name that the document uses, wherever it stands; languages are values."""
    if isinstance(value, list):
        return {name for each in value for name in terms_of(each)}
    if not isinstance(value, dict):
        return set()
    inner = {name: each for name, each in value.items() if name not in ("title", "description", "name", "label")}
    return set(value) | {name for each in inner.values() for name in terms_of(each)}


@pytest.fixture
def published(hall: World, hall_settings: Settings) -> Settings:
    hall.approved()
    hall.released_scenario()
    hall.session.commit()
    make_dump(hall.session, hall_settings)
    return replace(hall_settings, open_data_licence=LICENCE)


@pytest.fixture
def anyone(published: Settings) -> FlaskClient:
    return create_app(published).test_client()


def test_the_catalogue_is_a_graph_with_what_dcat_demands(anyone: FlaskClient) -> None:
    answer = anyone.get("/open-data/catalogue.jsonld")
    assert (answer.mimetype, answer.headers["Access-Control-Allow-Origin"]) == ("application/ld+json", "*")
    document = json.loads(answer.data)
    assert terms_of({name: each for name, each in document.items() if name != "@context"}) - set(
        document["@context"]
    ) == {"@id", "@type"}
    triples = triples_of(document)
    types = {(subject, thing["value"]) for subject, name, thing in triples if name == TYPE}
    found = {(subject, name) for subject, name, _ in triples}
    assert set(MANDATORY) <= {kind for _, kind in types}
    assert [(s, name) for s, kind in types for name in MANDATORY.get(kind, ()) if (s, name) not in found] == []
    for subject, name, thing in triples:
        if name in RANGES:
            assert any((thing["value"], kind) in types for kind in RANGES[name]), (subject, name, thing)
        if name in LITERALS:
            assert thing["datatype"] == LITERALS[name], (subject, name, thing)
    single = [(s, name) for s, kind in types if kind == f"{SPDX}Checksum" for name in MANDATORY[kind]]
    assert all(sum((s, name) == (subject, known) for subject, known, _ in triples) == 1 for s, name in single)


def test_texts_are_there_in_every_language_and_the_licence_with_each_file(anyone: FlaskClient) -> None:
    triples = triples_of(anyone.get("/open-data/catalogue.jsonld").json or {})
    languages = {thing["language"] for _, name, thing in triples if name == f"{DCT}title"}
    assert {each.lower() for each in languages} == {"zh-hans", "zh-hant", "en", "pt"}
    files = {subject for subject, name, _ in triples if name == f"{DCAT}downloadURL"}
    licensed = {subject for subject, name, thing in triples if name == f"{DCT}license" and thing["value"] == LICENCE}
    assert files and files <= licensed


def test_each_file_is_where_the_catalogue_says_and_what_it_says(anyone: FlaskClient) -> None:
    triples = triples_of(anyone.get("/open-data/catalogue.jsonld").json or {})
    of = {(subject, name): thing["value"] for subject, name, thing in triples}
    files = [(subject, address) for (subject, name), address in of.items() if name == f"{DCAT}downloadURL"]
    assert len(files) == 15  # five datasets of one year in three forms
    for subject, address in files:
        answer = anyone.get(address.removeprefix("http://hall.test"))
        digest = hashlib.sha256(answer.data)
        assert digest.hexdigest() == of[of[(subject, f"{SPDX}checksum")], f"{SPDX}checksumValue"]
        assert len(answer.data) == int(of[subject, f"{DCAT}byteSize"])
        assert answer.mimetype == of[subject, f"{DCAT}mediaType"].partition("media-types/")[2]
        assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "public, no-cache" and "Expires" not in answer.headers
        tag = answer.headers["ETag"]
        seen = anyone.get(address.removeprefix("http://hall.test"), headers={"If-None-Match": tag})
        assert seen.status_code == 304


def test_the_page_shows_every_file_with_its_licence_and_where_to_go_on(
    anyone: FlaskClient, published: Settings
) -> None:
    page = anyone.get("/open-data?lang=en").text
    for path in next(each for each in published.open_data.iterdir() if each.is_dir()).iterdir():
        if path.name != "manifest.json":
            assert f"/open-data/{path.name}" in page
    assert LICENCE in page and "CC BY 4.0" in page and "/api/v1/changes?after=" in page


@pytest.mark.parametrize("name", ["manifest.json", "newest", "..%2Fnewest", "scenarios-1999.csv", "%2e%2e"])
def test_nothing_else_of_the_folder_is_sent(anyone: FlaskClient, name: str) -> None:
    assert anyone.get(f"/open-data/{name}").status_code == 404


def test_before_the_first_dump_page_and_catalogue_say_so(visitor: FlaskClient) -> None:
    assert catalogue.NO_LICENCE in visitor.get("/open-data?lang=en").text
    document = visitor.get("/open-data/catalogue.jsonld").json or {}
    assert document["dataset"] == [] and "license" not in document and triples_of(document)


def test_an_older_file_is_gone_when_a_newer_dump_came_between_looking_and_opening(
    anyone: FlaskClient, published: Settings
) -> None:
    folder = next(each for each in published.open_data.iterdir() if each.is_dir())
    name = next(path.name for path in folder.glob("*.csv"))
    Path(folder / name).unlink()
    answer = anyone.get(f"/open-data/{name}")
    assert answer.status_code == 404
