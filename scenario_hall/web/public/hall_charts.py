"""The hall's figures as charts: what the first page and the wall draw of them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from scenario_hall.core.clock import local_day
from scenario_hall.dossiers.figures import HallFigures
from scenario_hall.dossiers.progress import Stage
from scenario_hall.web.kit import charts
from scenario_hall.web.kit.language import named, number, tag_name
from scenario_hall.web.public.figures import stamp_of
from scenario_hall.web.public.region_map import region_map

MOST_DOMAINS = 10


def charts_of(figures: HallFigures, letters: float) -> dict[str, Any]:
    """The figures as charts, and the stamp by which a page that is open sees that they are old."""
    domains = list(figures.domains.items())[:MOST_DOMAINS]
    return {
        "months": charts.months(figures.months, figures.target, letters=letters),
        "pace": pace_of(figures),
        "domains": charts.bars(
            (slug, tag_name(slug), count, url_for("search.show", kind="scenario", domain=slug))
            for slug, count in domains
        ),
        "stages": charts.bars(
            (stage, named(stage, "stage"), count, stage_address(stage, figures.year))
            for stage, count in figures.stages.items()
        ),
        **region_map(figures.regions),
        "stamp": stamp_of(figures),
    }


def pace_of(figures: HallFigures) -> str:
    """What the months of the year say, in a sentence."""
    if figures.approved >= figures.target > 0:
        return _("This year's target is reached")
    average = figures.approved / local_day(figures.at).month
    return _(
        "On average %(average)s a month; the target needs %(pace)s",
        average=number(round(average, 1)),
        pace=number(round(figures.target / len(figures.months), 1)),
    )


def stage_address(stage: Stage, year: int) -> str:
    """Where the list behind a figure of the funnel is."""
    if stage is Stage.FIRST:
        return url_for("outcomes.index", year=year)
    return url_for("hall.progress", stage=stage.value, year=year)
