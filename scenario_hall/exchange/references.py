"""By what a row is known when its list comes again: its own reference, else its title; and, where it names no
organisation, its list, so that a second list with the same titles does not overwrite the first."""

from __future__ import annotations

import hashlib

_LONGEST = 200  # as the column has it
_BETWEEN = "\n"  # in no name of a list


def row_reference(own: str, title: str) -> str:
    """The reference of a row within its organisation."""
    return (own or f"title:{title}")[:_LONGEST]


def list_reference(list_name: str, reference: str) -> str:
    """The reference of a row that belongs to its list."""
    name = " ".join(list_name.split())
    if len(name) + len(_BETWEEN) + len(reference) > _LONGEST:
        name = _digest(name)
    if len(name) + len(_BETWEEN) + len(reference) > _LONGEST:
        reference = f"{reference[:140]}{_digest(reference)}"
    return f"{name}{_BETWEEN}{reference}"


def within_list(reference: str) -> str:
    """The same without its list, as imports knew a row before lists had names."""
    return reference.partition(_BETWEEN)[2]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
