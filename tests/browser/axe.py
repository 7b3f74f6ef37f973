"""Asks axe, Deque's checker of WCAG, what is wrong with a page as Chromium shows it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# WCAG 2.2 up to AA, and what axe holds for good practice beside it.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": list(TAGS)}}
_AXE = Axe()


def violations(page: Page) -> list[str]:
    """One line for each rule that the page breaks: the rule, and where, with what axe says of the first place."""
    found = _AXE.run(page, options=OPTIONS).response["violations"]
    return [told(each) for each in found]


def told(violation: dict) -> str:  # type: ignore[type-arg]
    places = violation["nodes"]
    where = ", ".join(" ".join(map(str, place["target"])) for place in places[:3])
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    reasons = [check["message"] for kind in ("any", "all", "none") for check in places[0][kind]]
    return f"{violation['id']}: {where}{more}: {'; '.join(reasons)}"
