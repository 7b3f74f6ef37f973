"""The hall's figures as the pages take them over the live feed: numbers and lengths under the names that the page's
marks carry (``data-figure``, ``data-share``), and a stamp that says when there is more to fetch than numbers."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from scenario_hall.core.clock import local_clock
from scenario_hall.dossiers.figures import HallFigures, hall_figures
from scenario_hall.web.kit.charts import heat_of, share_of
from scenario_hall.web.kit.kept_counts import kept_count


def figures_now(session: Session) -> HallFigures:
    """The figures as of the log's last line, counted once a process for each line, and anew each minute: a deadline
    passes without one."""
    return kept_count("hall", lambda: hall_figures(session))


def numbers_of(figures: HallFigures) -> dict[str, int]:
    """Each number that a page shows, by the name of its place."""
    return {
        "scenarios": figures.scenarios,
        "products": figures.products,
        "organizations": figures.organizations,
        "notices": figures.notices,
        "approved": figures.approved,
        "target": figures.target,
        **{f"region.{code}": count for code, count in figures.regions.items()},
        **{f"domain.{slug}": count for slug, count in figures.domains.items()},
        **{f"stage.{stage}": count for stage, count in figures.stages.items()},
    }


def shares_of(figures: HallFigures) -> dict[str, float]:
    """The length of each bar in percent of the longest of its chart."""
    charts = {"domain": dict(figures.domains), "stage": {str(stage): count for stage, count in figures.stages.items()}}
    return {
        f"{chart}.{key}": share_of(value, max(values.values(), default=0))
        for chart, values in charts.items()
        for key, value in values.items()
    }


def stamp_of(figures: HallFigures) -> str:
    """What the cards, lists and charts depend on, beside the numbers that change in their place."""
    return f"{figures.scenarios}-{figures.approved}-{figures.notices}-{'.'.join(map(str, figures.months))}"


def as_json(figures: HallFigures) -> dict[str, Any]:
    """One message of the feed."""
    return {
        "entry": figures.entry,
        "at": local_clock(figures.at),
        "numbers": numbers_of(figures),
        "shares": shares_of(figures),
        "heat": {code: heat_of(count) for code, count in figures.regions.items()},
        "stamp": stamp_of(figures),
    }
