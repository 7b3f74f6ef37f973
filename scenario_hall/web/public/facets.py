"""Facets of search results with their counts, each value a link that adds or removes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext as _

from scenario_hall.search.engine.index import BUDGET_BANDS, DAY_BANDS, READINESS_BANDS, SearchQuery, band_name
from scenario_hall.taxonomy.regions import region
from scenario_hall.web.kit.addresses import address, with_query
from scenario_hall.web.kit.language import current_locale, named, sum_range
from scenario_hall.web.kit.request import taxonomy


def facets_of(counts: dict[str, dict[str, int]], asked: SearchQuery, *, with_kind: bool) -> list[dict[str, Any]]:
    """Facets with counts, each value a link that adds or removes it. Of what was not counted the
    chosen values alone."""
    locale = current_locale()
    chosen = {
        "kind": {asked.kind} - {""},
        "domain": set(asked.domains),
        "region": set(asked.regions),
        "status": set(asked.states),
        "readiness": set(),
    }
    names: dict[str, Callable[[str], str]] = {
        "kind": named,
        "domain": lambda slug: taxonomy().get(slug).name(locale),
        "region": lambda code: region(code).name(locale),
        "status": lambda state: named(state, "state"),
    }
    titles = {"kind": _("Kind"), "domain": _("Domain"), "region": _("Region"), "status": _("Status")}
    shown = []
    for key, title in titles.items():
        if key == "kind" and not with_kind:
            continue
        values = dict(counts.get(key, {}))
        values.update({value: values.get(value, 0) for value in chosen[key]})
        options = [
            {
                "label": names[key](value),
                "count": count if key in counts else "",
                "is_on": value in chosen[key],
                "url": address_with(key, value, is_on=value in chosen[key]),
            }
            for value, count in sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
        if options:
            shown.append({"key": key, "title": title, "options": options})
    return shown + bands_of(counts)


def bands_of(counts: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """Facets of which one band is chosen at a time: budget, readiness, deadline, posted since."""
    args = request.args
    budgets = {
        band_name(low, high): (
            sum_range(int(low) if low else None, int(high) if high else None, "CNY"),
            {"budget_min": low and f"{low:.0f}", "budget_max": high and f"{high:.0f}"},
        )
        for low, high in BUDGET_BANDS
    }
    groups: list[tuple[str, str, dict[str, tuple[str, dict[str, Any]]]]] = [
        ("budget", _("Approximate budget or price"), budgets),
        ("readiness", _("Readiness level, at least"), {str(n): (str(n), {"readiness": n}) for n in READINESS_BANDS}),
        ("deadline", _("Deadline within"), {str(n): (_("%(days)s days", days=n), {"deadline": n}) for n in DAY_BANDS}),
        ("posted", _("Posted in the last"), {str(n): (_("%(days)s days", days=n), {"since": n}) for n in DAY_BANDS}),
    ]
    shown = []
    for key, title, bands in groups:
        options = []
        for value, (label, query) in bands.items():
            is_on = all(
                (args.get(name) or None) == (None if want is None else str(want)) for name, want in query.items()
            )
            if counts.get(key, {}).get(value) or is_on:
                url = with_query(page=None, **(dict.fromkeys(query) if is_on else query))
                count = counts[key].get(value, 0) if key in counts else ""
                options.append({"label": label, "count": count, "is_on": is_on, "url": url})
        if options:
            shown.append({"key": key, "title": title, "options": options})
    return shown


def address_with(key: str, value: str, *, is_on: bool) -> str:
    """This page's address with one filter value added or taken away."""
    args: dict[str, Any] = {name: request.args.getlist(name) for name in request.args if name != "page"}
    values = args.get(key, [])
    args[key] = [each for each in values if each != value] if is_on else [*values, value]
    if key == "kind":
        args[key] = [] if is_on else [value]
    return address(args)
