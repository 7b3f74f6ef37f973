"""Which of the hall's doors are open to the reader: pages draw no button that leads to a refusal."""

from __future__ import annotations

from flask import Blueprint, g
from flask_login import current_user

from scenario_hall.dossiers.waiting import waiting_for_review
from scenario_hall.organizations.models import Organization
from scenario_hall.web.kit.drafting import own_organizations
from scenario_hall.web.kit.request import actor, database

pages = Blueprint("doors", __name__)


@pages.app_template_global()
def may_post() -> bool:
    """Whether the reader can post a scenario; a visitor is asked to log in first."""
    return not current_user.is_authenticated or any(each.demands for each in _own())


@pages.app_template_global()
def may_list() -> bool:
    """Whether the reader can list a product; a visitor is asked to log in first."""
    return not current_user.is_authenticated or any(each.offers for each in _own())


@pages.app_template_global()
def review_count() -> int:
    """How many items wait for this administrator."""
    if "review_count" not in g:
        g.review_count = waiting_for_review(database(), actor()) if actor().is_administrator else 0
    return int(g.review_count)


def _own() -> list[Organization]:
    if "own_organizations" not in g:
        g.own_organizations = own_organizations(lambda _each: True)
    return list(g.own_organizations)
