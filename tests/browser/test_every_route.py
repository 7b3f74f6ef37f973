"""Every page of the hall in a browser: none breaks a rule of WCAG 2.2 AA that axe knows, none scrolls both ways, cuts
anything off or lays one thing on another at 200 % and 400 %."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, product

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from tests.browser.answering import LOCALES, ORIGIN, THEMES, WIDTHS, answer_with, faults_when_zoomed, unfold, wear
from tests.browser.axe import violations
from tests.web.conftest import EMAILS
from tests.web.test_access import OK, ROLES, TABLE

pytestmark = pytest.mark.browser


def test_every_route_keeps_the_rules_of_wcag_and_can_be_zoomed(
    browser: Browser, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> None:
    clients = {"visitor": visitor, **{role: as_person(email) for role, email in EMAILS.items()}}
    page = browser.new_page(reduced_motion="reduce")
    choose = answer_with(page, clients)
    wrong, seen, looks = [], 0, cycle(looks_of_pages())
    for number, (path, expected) in enumerate(TABLE.items()):
        # In the eyes of one who may see it; what nobody may see is a page too, that of the error.
        roles = [role for role, answer in zip(ROLES, expected, strict=True) if answer == OK] or ["visitor"]
        role = roles[number % len(roles)]
        if clients[role].get(path.format(**places), follow_redirects=True).mimetype != "text/html":
            continue
        theme, locale, width = next(looks)
        wear(clients[role], theme, locale)
        page.set_viewport_size({"width": width, "height": 900})
        choose(role)
        page.goto(ORIGIN + path.format(**places))
        unfold(page)
        faults = violations(page, is_whole=False) + faults_when_zoomed(page)
        wrong += [f"{path} as {role}, {theme}, {locale}, {width}: {fault}" for fault in faults]
        seen += 1
    page.close()
    assert wrong == [], "\n".join(wrong)
    assert seen > 80


def looks_of_pages() -> list[tuple[str, str, int]]:
    """All colours, languages and widths together, in an order in which neighbouring pages differ in most of them."""
    looks = list(product(THEMES, LOCALES, WIDTHS))
    return [looks[number * 7 % len(looks)] for number in range(len(looks))]
