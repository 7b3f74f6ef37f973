"""Drawings: one for each domain that the hall ships with, in the page's own colours."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.taxonomy.taxonomy import TagKind, load_shipped_tags
from scenario_hall.web.kit.illustrations import DRAWINGS, OTHER, drawn_domain, drawn_domains

DOMAINS = sorted(tag.slug for tag in load_shipped_tags() if tag.kind is TagKind.DOMAIN)


def test_every_domain_has_a_drawing_and_every_drawing_a_domain() -> None:
    assert drawn_domains() == set(DOMAINS)


def test_a_drawing_has_one_ground_one_flat_colour_and_no_colour_of_its_own() -> None:
    source = DRAWINGS.read_text(encoding="utf-8")
    symbols = re.findall(r'<symbol id="([a-z-]+)" viewBox="0 0 300 200"[^>]*>(.*?)</symbol>', source, flags=re.DOTALL)
    assert len(symbols) == source.count("<symbol") == len(DOMAINS) + 1
    for name, body in symbols:
        fills = [re.sub(r"-[a-d],.*", "", fill) for fill in re.findall(r'fill="([^"]*)"', body)]
        assert fills == ["var(--ground", "var(--flat"], name
        assert set(re.findall(r'stroke="([^"]*)"', body)) == {"none"}, name


@given(st.lists(st.sampled_from([*DOMAINS, "somebody-s-own"])), st.text(max_size=20))
def test_a_record_shows_a_drawing_of_one_of_its_domains(slugs: list[str], code: str) -> None:
    shown = drawn_domain(slugs, code)
    assert shown in slugs or (shown == OTHER and not drawn_domains() & set(slugs))


def test_neighbours_of_the_same_domains_need_not_look_alike() -> None:
    domains = ["low-altitude", "emergency"]
    assert {drawn_domain(domains, f"S-2026-{number:06d}") for number in range(4)} == set(domains)
