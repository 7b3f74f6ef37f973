"""The recognised pilot platforms as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _

from scenario_hall.organizations.models import Organization
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.web.kit.downloads import Download, dated
from scenario_hall.web.kit.language import current_locale
from scenario_hall.web.kit.request import settings


def platform_list(rows: Sequence[Organization], hosted: Mapping[int, int]) -> Download:
    """What the page shows of each platform; ``hosted``: how many tests it hosts now, by its id."""
    return Download(
        name=dated("pilot-platforms"),
        title=_("Pilot platforms"),
        columns={
            "name": _("Name"),
            "region": _("Region"),
            "hosted": _("Places taken"),
            "capacity": _("Places"),
            "capabilities": _("Capabilities"),
            "page": _("Page"),
        },
        rows=[
            {
                "name": each.name,
                "region": region_name(each.region, current_locale()) if each.region else "",
                "hosted": hosted.get(each.pk, 0),
                "capacity": each.pilot_capacity,
                "capabilities": each.pilot_capabilities,
                "page": settings().base_url + url_for("organizations.show", organization_id=each.pk),
            }
            for each in rows
        ],
        total=len(rows),
    )
