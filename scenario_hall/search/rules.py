"""By which dictionary the words of an index were cut: when it changes, a word of now may not find the same of then."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version

from scenario_hall.taxonomy.taxonomy import Taxonomy

# What cuts words, writes them in one script and brings them to their stems.
PACKAGES = ("rjieba", "opencc", "snowballstemmer")


def rules_of(taxonomy: Taxonomy) -> str:
    """A short name for the dictionary as it is now: the packages that cut, and the taxonomy's own words."""
    told = [*(f"{name} {version(name)}" for name in PACKAGES), *sorted(set(taxonomy.terms()))]
    return sha256("\n".join(told).encode()).hexdigest()[:16]
