"""What a page lists as a file: the same address with ``?format=csv``, so the same reader, filters and rules."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Response, request
from flask_babel import gettext as _

from scenario_hall.core.clock import local_today, now
from scenario_hall.exchange.writing import Head, ListFormat, write_table
from scenario_hall.log.chain import last_id
from scenario_hall.web.kit.addresses import with_query
from scenario_hall.web.kit.language import exact
from scenario_hall.web.kit.request import database, settings

MOST_ROWS = 1_000  # of one file; what is cut off is told in it and beside its link
TYPES: dict[ListFormat, str] = {
    ListFormat.CSV: "text/csv; charset=utf-8",
    ListFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ListFormat.JSON: "application/json",
}


@dataclass(frozen=True)
class Download:
    """A page's list: ``columns`` by the names that programs know, each with its label, and ``filters`` as label and
    value. ``total`` rows were found."""

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, object]]
    total: int
    filters: Sequence[tuple[str, str]] = ()


def asked_format() -> ListFormat | None:
    """The form in which the address asks for the page's list; None where it asks for the page."""
    asked = request.args.get("format", "")
    return ListFormat(asked) if asked in TYPES else None


def send_list(download: Download, form: ListFormat) -> Response:
    """The list as a file that says what was filtered, when, and by which entry of the log."""
    return send_table(download.rows, download.columns, form, download.name, _head(download))


def send_table(
    rows: Iterable[Mapping[str, object]],
    columns: Mapping[str, str],
    form: ListFormat,
    name: str,
    head: Head | None = None,
) -> Response:
    """A table as an attachment ``name`` with the form's ending; ``columns`` with their labels."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list.{form}"
        write_table(rows, list(columns), form, path, labels=columns, head=head)
        content = path.read_bytes()
    response = Response(content, mimetype=TYPES[form])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{form}")
    return response


def dated(name: str) -> str:
    """A file's name with today's date."""
    return f"{name}-{local_today().isoformat()}"


def _head(download: Download) -> Head:
    taken, shown = now(), len(download.rows)
    position = last_id(database())
    page = settings().base_url + with_query(format=None, page=None)
    rows = str(shown)
    if download.total > shown:
        rows = _(
            "the first %(shown)s of %(total)s; narrow the filters for the others", shown=shown, total=download.total
        )
    lines = [
        (_("List"), download.title),
        (_("Page"), page),
        *((label, value) for label, value in download.filters),
        (_("Rows"), rows),
        (_("As of"), _("%(moment)s, entry %(number)s of the log", moment=exact(taken), number=position)),
    ]
    facts = {
        "list": download.title,
        "page": page,
        "filters": [{"name": label, "value": value} for label, value in download.filters],
        "rows": shown,
        "total": download.total,
        "as_of": taken.isoformat(timespec="seconds"),
        "log_position": position,
    }
    return Head(_("About"), lines, facts)
