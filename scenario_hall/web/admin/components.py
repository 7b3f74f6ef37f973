"""Every component in every state on one page: what the pages are made of, and what pictures of the tests compare."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from scenario_hall.core.clock import local_today
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.web.admin import samples
from scenario_hall.web.kit import charts
from scenario_hall.web.kit.illustrations import OTHER, drawn_domains
from scenario_hall.web.kit.lifecycle_names import STATES
from scenario_hall.web.kit.request import administrator_required
from scenario_hall.web.public.feed import FeedItem, by_day

pages = Blueprint("components", __name__, url_prefix="/admin/components")
COLOURS = (
    *("paper", "card", "sunken", "ink", "quiet", "line", "edge", "accent", "accent-strong", "accent-soft", "heat"),
    *("first", "first-sign", "first-soft", "good", "good-soft", "warn", "warn-soft", "bad", "bad-soft", "mark"),
)
FEED = (
    ("scenario", "scenario.released", "New scenario released"),
    ("product", "product.listed", "New product listed"),
    ("trial", "outcome.started", "Trial started"),
    ("first", "outcome.approved", "First trial or first use approved"),
    ("revoked", "outcome.revoked", "Approval revoked"),
)


@pages.get("/")
@administrator_required
def show() -> ResponseReturnValue:
    return render_template("admin/components.html", **charts_shown(), **records_shown())


def charts_shown() -> dict[str, Any]:
    counts = {region.code: (7 * number) % 10 for number, region in enumerate(REGIONS)}
    stages = (("released", 53), ("applied", 30), ("tried", 16), ("first", 5))
    return {
        "colours": COLOURS,
        "states": sorted(STATES),
        "drawings": [*sorted(drawn_domains()), OTHER],
        "bars": charts.bars([("a", "智能机器人", 12, ""), ("b", "低空经济", 11, ""), ("c", "量子科技", 0, "")]),
        "months": charts.months([0, 1, 0, 2, 4, 3, 9, 12, 8, 10, 0, 0], 100),
        "no_target": charts.months([0] * 12, 0),
        "stages": charts.bars((key, key, value, "#") for key, value in stages),
        "rings": [charts.ring(share) for share in (0.0, 0.37, 1.0)],
        "points": charts.spark([1, 2, 2, 5, 4, 9]),
        "regions": REGIONS,
        "counts": counts,
        "heats": {code: charts.heat_of(count) for code, count in counts.items()},
    }


def records_shown() -> dict[str, Any]:
    approved = samples.sample_outcome("approved")
    return {
        "form": samples.sample_form(),
        "scenarios": [
            samples.sample_scenario(1, 30),
            samples.sample_scenario(2, 2, domains=["smart-health"]),
            samples.sample_scenario(3, None, domains=["emergency"], state="closed"),
        ],
        "product": samples.sample_product(),
        "approved": approved,
        "certificate": samples.sample_certificate(approved),
        "noticed": samples.sample_outcome("on_notice"),
        "matches": [samples.sample_match(97), samples.sample_match(None)],
        "ways": samples.sample_ways(),
        "events": samples.sample_events(),
        "feed": by_day([feed_line(number, *row) for number, row in enumerate(FEED)]),
        "today": local_today(),
    }


def feed_line(number: int, sign: str, kind: str, headline: str) -> FeedItem:
    event = samples.sample_events()[number]
    return FeedItem(
        id=number,
        at=event.at,
        kind=kind,
        headline=headline,
        icon="",
        title="港口岸桥无人机巡检",
        note="湾澜港务集团",
        endpoint="scenarios.show",
        key=event.subject_code,
        sign=sign,
    )
