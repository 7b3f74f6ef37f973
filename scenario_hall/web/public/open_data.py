"""Open data: the newest dump as a page, a catalogue for portals, and files."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from scenario_hall.core.errors import NotFound
from scenario_hall.core.stores import LostContentError
from scenario_hall.core.texts import N_
from scenario_hall.open_data.catalogue import MEDIA_TYPES, NO_LICENCE, catalogue
from scenario_hall.open_data.datasets import DATASETS, Dataset
from scenario_hall.open_data.manifest import DumpFile, Manifest
from scenario_hall.open_data.ocds_extension import extension_file
from scenario_hall.open_data.published import published
from scenario_hall.web.kit.files import sent
from scenario_hall.web.kit.language import LANGUAGE_TAGS
from scenario_hall.web.kit.request import settings

pages = Blueprint("open_data", __name__)
LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://opendatacommons.org/licenses/by/1-0/": "ODC-By 1.0",
}


@dataclass(frozen=True)
class Year:
    """One dataset's files of one year."""

    year: int
    rows: int
    files: Sequence[DumpFile]


def texts(message: str) -> Mapping[str, str]:
    """The message in each language of the hall, by language tag."""
    told = {}
    for locale, tag in LANGUAGE_TAGS.items():
        with force_locale(locale):
            told[tag] = gettext(message)
    return told


def by_dataset(manifest: Manifest) -> list[tuple[Dataset, list[Year]]]:
    """The dump's datasets in their order, each with its years, the newest first."""
    found = []
    for dataset in DATASETS:
        mine = [each for each in manifest.files if each.dataset == dataset.name]
        years = sorted({each.year for each in mine}, reverse=True)
        rows = {each.year: each.rows for each in mine}
        told = [Year(year, rows[year], [each for each in mine if each.year == year]) for year in years]
        if told:
            found.append((dataset, told))
    return found


def _manifest() -> Manifest | None:
    newest = published(settings()).newest()
    return newest[1] if newest is not None else None


@pages.get("/open-data")
def show() -> ResponseReturnValue:
    manifest = _manifest()
    licence = settings().open_data_licence
    return render_template(
        "public/open_data.html",
        manifest=manifest,
        datasets=by_dataset(manifest) if manifest is not None else [],
        licence=licence,
        licence_name=LICENCES.get(licence, licence),
        no_licence=NO_LICENCE,
        base_url=settings().base_url,
    )


@pages.get("/open-data/catalogue.jsonld")
def show_catalogue() -> ResponseReturnValue:
    """The newest dump in DCAT 3."""
    told = catalogue(
        _manifest(),
        DATASETS,
        base=settings().base_url,
        licence=settings().open_data_licence,
        texts=texts,
    )
    response = jsonify(told)
    response.mimetype = "application/ld+json"
    return _open_to_all(response)


@pages.get("/open-data/ocds/<path:name>")
def extension(name: str) -> ResponseReturnValue:
    """A file of our extension of the Open Contracting Data Standard."""
    found = extension_file(name, settings().base_url)
    if found is None:
        raise NotFound()
    return _open_to_all(Response(found[0], mimetype=found[1]))


@pages.get("/open-data/<name>")
def file(name: str) -> ResponseReturnValue:
    """A file of the newest dump, with its hash (Repr-Digest, RFC 9530): whoever has the catalogue of the dump before
    sees that this is another one."""
    place = published(settings())
    dump = place.newest()
    found = dump[1].by_name().get(name) if dump is not None else None
    if dump is None or found is None:
        raise NotFound()
    try:
        response = sent(
            partial(place.open, dump[0], found.name),
            mimetype=MEDIA_TYPES[found.form],
            as_attachment=True,
            download_name=found.name,
            etag=found.sha256[:32],
        )
    except LostContentError:  # a newer dump took the place of this one in between
        raise NotFound(N_("The file has just been made anew. Please try again.")) from None
    digest = base64.b64encode(bytes.fromhex(found.sha256)).decode()
    # A cache asks each time, so that none gives away what has left the newest dump.
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers.pop("Expires", None)
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return _open_to_all(response)


def _open_to_all(response: Response) -> Response:
    """Programs of other sites may read it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Repr-Digest"
    return response
