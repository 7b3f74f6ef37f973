"""Asks axe, Deque's checker of WCAG, what is wrong with a page as Chromium shows it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# WCAG 2.2 up to AA, and what axe holds for good practice beside it.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": list(TAGS)}}
_AXE = Axe()
# A list of a thousand rows is as right as its first few: rows with the tag and the classes of many before them.
_MARK_ALIKE = """most => {
  for (const parent of document.querySelectorAll('main, main *:not(tr, select, svg, svg *)')) {
    const seen = {};
    for (const child of parent.children) {
      const kind = `${child.tagName}.${child.className}`;
      seen[kind] = (seen[kind] || 0) + 1;
      if (seen[kind] > most) child.setAttribute('data-alike', '');
    }
  }
}"""
_RUN = (
    """options => axe.run({ include: ['html'], exclude: ['[data-alike]'] }, options).then(found => found.violations)"""
)
MOST_ALIKE = 8


def violations(page: Page, *, is_whole: bool = True) -> list[str]:
    """One line for each rule that the page breaks: the rule, and where, with what axe says of the first place. Of parts
    that are alike in one place the first ``MOST_ALIKE`` are asked, or all."""
    if not is_whole:
        page.evaluate(_MARK_ALIKE, MOST_ALIKE)
    page.evaluate(_AXE.axe_script)
    return [told(each) for each in page.evaluate(_RUN, OPTIONS)]


def told(violation: dict) -> str:  # type: ignore[type-arg]
    places = violation["nodes"]
    where = ", ".join(" ".join(map(str, place["target"])) for place in places[:3])
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    reasons = [check["message"] for kind in ("any", "all", "none") for check in places[0][kind]]
    return f"{violation['id']}: {where}{more}: {'; '.join(reasons)}"
