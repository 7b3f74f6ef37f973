"""The drawings that stand where a record has no picture: one for each domain, in one file, drawn by us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from scenario_hall.config import ROOT

DRAWINGS = ROOT / "static" / "img" / "domains.svg"
OTHER = "other"  # of a domain that administrators added


@cache
def drawn_domains() -> frozenset[str]:
    """The slugs that have a drawing."""
    return frozenset(re.findall(r'<symbol id="([a-z-]+)"', DRAWINGS.read_text(encoding="utf-8"))) - {OTHER}


def drawn_domain(slugs: Sequence[str], code: str = "") -> str:
    """The name of the symbol in the file for a record of these domains: one of those that have a drawing, by the
    number in the record's code, so that neighbours of one domain need not look alike; else ``other``."""
    drawn = [slug for slug in slugs if slug in drawn_domains()]
    number = int(code.rpartition("-")[2]) if code.rpartition("-")[2].isdecimal() else 0
    return drawn[number % len(drawn)] if drawn else OTHER
