"""The dumps as a catalogue that portals harvest: DCAT 3 (W3C Recommendation, 22 August 2024) as JSON-LD, with what
DCAT-AP 3.0 demands and recommends. Its context stands in it, so nobody has to fetch one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from scenario_hall.core.texts import N_
from scenario_hall.open_data.datasets import Dataset
from scenario_hall.open_data.manifest import DumpFile, Manifest

# A message in each language of the hall: language tag → text.
Texts = Callable[..., Mapping[str, str]]
_EU = "http://publications.europa.eu/resource/authority"
_IANA = "https://www.iana.org/assignments/media-types"
MEDIA_TYPES: Mapping[str, str] = {
    "jsonl": "application/jsonl",
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FILE_TYPES = {"jsonl": "JSON", "json": "JSON", "csv": "CSV", "xlsx": "XLSX"}
_LANGUAGES = ("ZHO", "ENG", "POR")


def _thing(name: str) -> dict[str, str]:
    return {"@id": name, "@type": "@id"}


CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "title": {"@id": "dct:title", "@container": "@language"},
    "description": {"@id": "dct:description", "@container": "@language"},
    "name": {"@id": "foaf:name", "@container": "@language"},
    "label": {"@id": "rdfs:label", "@container": "@language"},
    "identifier": "dct:identifier",
    "modified": {"@id": "dct:modified", "@type": "xsd:dateTime"},
    "startDate": {"@id": "dcat:startDate", "@type": "xsd:date"},
    "endDate": {"@id": "dcat:endDate", "@type": "xsd:date"},
    "byteSize": {"@id": "dcat:byteSize", "@type": "xsd:nonNegativeInteger"},
    "checksumValue": {"@id": "spdx:checksumValue", "@type": "xsd:hexBinary"},
    **{name: _thing(f"foaf:{name}") for name in ("homepage",)},
    **{name: _thing(f"spdx:{name}") for name in ("checksum", "algorithm")},
    **{
        name: _thing(f"dct:{name}")
        for name in ("publisher", "license", "rights", "language", "format", "conformsTo", "accrualPeriodicity")
    },
    "temporal": _thing("dct:temporal"),
    **{
        name: _thing(f"dcat:{name}")
        for name in ("dataset", "service", "distribution", "inSeries", "servesDataset", "endpointURL")
    },
    **{
        name: _thing(f"dcat:{name}")
        for name in ("endpointDescription", "accessURL", "downloadURL", "mediaType", "landingPage")
    },
}


def catalogue(
    manifest: Manifest | None, datasets: Sequence[Dataset], *, base: str, licence: str, texts: Texts
) -> dict[str, Any]:
    """The catalogue of the newest dump, as one JSON-LD document; without datasets before the first dump.

    ``base`` is the hall's address, ``licence`` that of its licence or empty.
    """
    page = f"{base}/open-data"
    known = {each.name: each for each in datasets}
    files = sorted(manifest.files if manifest else (), key=lambda each: (list(known).index(each.dataset), each.year))
    series = [known[name] for name in dict.fromkeys(each.dataset for each in files)]
    modified = {"modified": manifest.made_at.isoformat(timespec="seconds")} if manifest else {}
    terms = _terms(licence, texts)
    yearly = [
        _yearly(known[name], year, list(same), page=page, terms=terms, modified=modified, texts=texts)
        for (name, year), same in groupby(files, key=lambda each: (each.dataset, each.year))
    ]
    publisher = {"@id": f"{base}/#publisher", "@type": "foaf:Agent", "name": texts(N_("Scenario Hall"))}
    return {
        "@context": CONTEXT,
        "@id": f"{page}#catalogue",
        "@type": "dcat:Catalog",
        "title": texts(N_("Open data of Scenario Hall")),
        "description": texts(N_("All that is public in the hall, as files by year, made each night.")),
        "publisher": publisher,
        "homepage": {"@id": page, "@type": "foaf:Document"},
        "language": [{"@id": f"{_EU}/language/{each}", "@type": "dct:LinguisticSystem"} for each in _LANGUAGES],
        **modified,
        **terms,
        "dataset": [*(_series(each, page, texts) for each in series), *yearly],
        "service": [
            {
                "@id": f"{page}#api",
                "@type": "dcat:DataService",
                "title": texts(N_("API for programs")),
                "endpointURL": {"@id": f"{base}/api/v1", "@type": "rdfs:Resource"},
                "endpointDescription": {"@id": f"{base}/api/v1/openapi.json", "@type": "rdfs:Resource"},
                "servesDataset": [each["@id"] for each in yearly],
            }
        ],
    }


def _terms(licence: str, texts: Texts) -> dict[str, Any]:
    """The licence, or that none is stated."""
    if licence:
        return {"license": {"@id": licence, "@type": "dct:LicenseDocument"}}
    return {"rights": {"@type": "dct:RightsStatement", "label": texts(NO_LICENCE)}}


NO_LICENCE = N_("No licence is stated yet: ask the hall before you publish these data anew.")


def _series(dataset: Dataset, page: str, texts: Texts) -> dict[str, Any]:
    return {
        "@id": f"{page}#{dataset.name}",
        "@type": "dcat:DatasetSeries",
        "title": texts(dataset.title),
        "description": texts(dataset.description),
        "accrualPeriodicity": {"@id": f"{_EU}/frequency/DAILY", "@type": "dct:Frequency"},
    }


def _yearly(
    dataset: Dataset,
    year: int,
    files: Sequence[DumpFile],
    *,
    page: str,
    terms: Mapping[str, Any],
    modified: Mapping[str, str],
    texts: Texts,
) -> dict[str, Any]:
    name = f"{dataset.name}-{year}"
    return {
        "@id": f"{page}#{name}",
        "@type": "dcat:Dataset",
        "title": {tag: f"{text} {year}" for tag, text in texts(dataset.title).items()},
        "description": texts(dataset.description),
        "identifier": name,
        "inSeries": f"{page}#{dataset.name}",
        "publisher": page.removesuffix("/open-data") + "/#publisher",
        "landingPage": {"@id": page, "@type": "foaf:Document"},
        "accrualPeriodicity": {"@id": f"{_EU}/frequency/DAILY", "@type": "dct:Frequency"},
        "temporal": {
            "@type": "dct:PeriodOfTime",
            "startDate": date(year, 1, 1).isoformat(),
            "endDate": date(year, 12, 31).isoformat(),
        },
        **modified,
        "distribution": [_distribution(each, page, terms, modified, texts, dataset) for each in files],
    }


def _distribution(
    file: DumpFile,
    page: str,
    terms: Mapping[str, Any],
    modified: Mapping[str, str],
    texts: Texts,
    dataset: Dataset,
) -> dict[str, Any]:
    address = f"{page}/{file.name}"
    told: dict[str, Any] = {
        "@id": f"{page}#{file.name}",
        "@type": "dcat:Distribution",
        "title": {tag: f"{text} {file.year} ({file.form.upper()})" for tag, text in texts(dataset.title).items()},
        "accessURL": {"@id": address, "@type": "rdfs:Resource"},
        "downloadURL": {"@id": address, "@type": "rdfs:Resource"},
        "mediaType": {"@id": f"{_IANA}/{MEDIA_TYPES[file.form]}", "@type": "dct:MediaType"},
        "format": {"@id": f"{_EU}/file-type/{_FILE_TYPES[file.form]}", "@type": "dct:MediaTypeOrExtent"},
        "byteSize": str(file.size),
        "checksum": {
            "@type": "spdx:Checksum",
            "algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
            "checksumValue": file.sha256,
        },
        **modified,
        **terms,
    }
    if dataset.conforms_to:
        told["conformsTo"] = {"@id": dataset.conforms_to, "@type": "dct:Standard"}
    return told
