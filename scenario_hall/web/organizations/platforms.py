"""Pilot platforms: the recognised ones as a page and a file, and their recognition."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.organizations import service
from scenario_hall.organizations.pilot_platforms import pilot_platforms, recognise_platform
from scenario_hall.outcomes.plan.platforms import hosted_by_platform
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.request import actor, database, login_required
from scenario_hall.web.organizations.pages import pages
from scenario_hall.web.organizations.platform_list import platform_list

# The blueprint, with the routes of this module.
__all__ = ["pages"]


@pages.get("/pilot-platforms")
def platforms() -> ResponseReturnValue:
    rows = pilot_platforms(database())
    hosted = hosted_by_platform(database(), [each.pk for each in rows])
    if (form := asked_format()) is not None:
        return send_list(platform_list(rows, hosted), form)
    return render_template("organizations/platforms.html", rows=rows, hosted=hosted)


@pages.post("/<int:organization_id>/platform")
@login_required
def recognise(organization_id: int) -> ResponseReturnValue:
    organization = service.get_organization(database(), organization_id)
    recognise_platform(
        actor(), session=database(), organization=organization, is_recognised=request.form.get("recognised") == "1"
    )
    flash(_("Saved."), "success")
    return redirect(url_for("organizations.show", organization_id=organization.pk))
