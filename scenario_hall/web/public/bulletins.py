"""The monthly bulletins: the list of months, and each as a page, a sheet of paper and a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.bulletins.figures import COUNT_NAMES, Count, Flow, Part
from scenario_hall.bulletins.months import Month
from scenario_hall.bulletins.service import Counted
from scenario_hall.core.clock import local_day
from scenario_hall.dossiers.bulletins import PAGE_SIZE, BulletinDossier, MonthRow, bulletin_dossier, bulletins_dossier
from scenario_hall.dossiers.progress import Stage
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.web.kit.addresses import page_number
from scenario_hall.web.kit.downloads import MOST_ROWS, Download, asked_format, send_list
from scenario_hall.web.kit.kept_counts import kept_count
from scenario_hall.web.kit.language import current_locale, month_of_year, tag_name
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import database, settings

pages = Blueprint("bulletins", __name__, url_prefix="/bulletins")
# The stage whose list a count opens.
STAGES = {Count.RELEASED: Stage.RELEASED, Count.STARTED: Stage.TRIED}


def _kept(count: Callable[[], list[Counted]]) -> list[Counted]:
    """The months that are not frozen, counted once a process for each line of the log."""
    return kept_count("bulletins", count)


@pages.get("/")
def index() -> ResponseReturnValue:
    form = asked_format()
    page, size = (page_number(), PAGE_SIZE) if form is None else (1, MOST_ROWS)
    dossier = bulletins_dossier(database(), page, size, _kept)
    if form is not None:
        return send_list(_list_of_months(dossier.rows, dossier.total), form)
    return render_template("public/bulletins.html", **fields_of(dossier))


@pages.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    dossier = bulletin_dossier(database(), code, _kept)
    if (form := asked_format()) is not None:
        return send_list(_list_of_figures(dossier), form)
    figures = dossier.row.figures
    return render_template(
        "public/bulletin.html",
        **fields_of(dossier),
        lines=list(_lines(dossier)),
        parts=[
            (_("Regions"), _("Region"), _named_parts(figures.regions, lambda key: region_name(key, current_locale()))),
            (_("Domains"), _("Domain"), _named_parts(figures.domains, tag_name)),
        ],
    )


def _lines(dossier: BulletinDossier) -> Iterator[dict[str, Any]]:
    """The hall's figures as rows: what, the month, the month before, the year so far (None: of no year), its list."""
    row, before = dossier.row, dossier.before
    for count in Count:
        flow = row.figures.flows[count]
        yield {
            "key": count.value,
            "name": _(COUNT_NAMES[count]),
            "month": flow.month,
            "before": before.flows[count].month if before is not None else None,
            "year": flow.year,
            "address": _address_of(row.month, STAGES.get(count)) if flow.month else "",
        }
    notices = url_for("outcomes.index", show="notice") if row.frozen_at is None else ""
    for key, name, address in (
        ("running", _("Trials under way at the end"), ""),
        ("on_notice", _("Claims on public notice at the end"), notices),
    ):
        value = getattr(row.figures, key)
        earlier = getattr(before, key) if before is not None else None
        yield {"key": key, "name": name, "month": value, "before": earlier, "year": None, "address": address}


def _address_of(month: Month, stage: Stage | None) -> str:
    """Where what was counted is listed; empty where nothing lists it."""
    if stage is None:
        return ""
    return url_for("hall.progress", stage=stage.value, year=month.year, month=month.number)


def _named_parts(parts: dict[str, Part], name_of: Callable[[str], str]) -> list[tuple[str, str, Part]]:
    """Key, name and figures of each, those with the most firsts, then the most scenarios, first."""
    ordered = sorted(parts.items(), key=lambda each: (-each[1].firsts, -each[1].released.year, each[0]))
    return [(key, name_of(key), part) for key, part in ordered]


def _list_of_months(rows: Sequence[MonthRow], total: int) -> Download:
    return Download(
        name="bulletins",
        title=_("Monthly bulletins"),
        columns={
            "month": _("Month"),
            "firsts": _("Firsts of the year"),
            "target": _("Target of the year"),
            "reached": _("Target reached, percent"),
            "elapsed": _("Year over, percent"),
            "points": _("Points ahead of the calendar"),
            **{count.value: _(COUNT_NAMES[count]) for count in Count},
            "running": _("Trials under way at the end"),
            "on_notice": _("Claims on public notice at the end"),
            "entry": _("As of entry"),
            "frozen_on": _("Frozen on"),
            "page": _("Page"),
        },
        rows=[
            {
                "month": row.code,
                "firsts": row.figures.firsts,
                "target": row.figures.target,
                "reached": _shortest(row.pace.reached),
                "elapsed": _shortest(row.pace.elapsed),
                "points": _shortest(row.pace.points),
                **{count.value: row.figures.flows[count].month for count in Count},
                "running": row.figures.running,
                "on_notice": row.figures.on_notice,
                "entry": row.entry,
                "frozen_on": local_day(row.frozen_at) if row.frozen_at is not None else None,
                "page": settings().base_url + url_for("bulletins.show", code=row.code),
            }
            for row in rows
        ],
        total=total,
    )


def _shortest(value: float) -> float:
    """Without a “.0”, which not every form of a file would write."""
    return int(value) if value.is_integer() else value


def _list_of_figures(dossier: BulletinDossier) -> Download:
    """One month's figures, one a row: of the hall, then of each region and domain."""
    row = dossier.row
    rows: list[dict[str, object]] = [
        {
            "of": _("Hall"),
            "figure": line["name"],
            "month": line["month"],
            "before": line["before"],
            "year": line["year"],
        }
        for line in _lines(dossier)
    ]
    rows.append({"of": _("Hall"), "figure": _("Firsts of the year"), "year": row.figures.firsts})
    rows.append({"of": _("Hall"), "figure": _("Target of the year"), "year": row.figures.target})
    for parts, name_of in (
        (row.figures.regions, lambda key: region_name(key, current_locale())),
        (row.figures.domains, tag_name),
    ):
        for _key, name, part in _named_parts(parts, name_of):
            rows += _rows_of_part(name, part)
    return Download(
        name=f"bulletin-{row.code}",
        title=_("Monthly bulletin, %(month)s", month=month_of_year(row.month.first_day)),
        columns={
            "of": _("Of"),
            "figure": _("Figure"),
            "month": _("Month"),
            "before": _("Month before"),
            "year": _("Year so far"),
        },
        rows=rows,
        total=len(rows),
        filters=[(_("As of entry"), str(row.entry)), (_("Hash of the entry"), row.entry_hash)],
    )


def _rows_of_part(name: str, part: Part) -> Iterator[dict[str, object]]:
    counted: tuple[tuple[Count, Flow], ...] = ((Count.RELEASED, part.released), (Count.STARTED, part.started))
    for count, flow in counted:
        yield {"of": name, "figure": _(COUNT_NAMES[count]), "month": flow.month, "year": flow.year}
    yield {"of": name, "figure": _("Firsts of the year"), "year": part.firsts}
