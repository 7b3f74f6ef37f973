"""One pattern for many terms in folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable


def pattern_of(terms: Iterable[str], *, letters: str = "a-z0-9", plural: bool = False) -> re.Pattern[str]:
    """What finds any of the ``terms``, the one that is given first where several begin at one place.

    A term in ASCII is met as a word of its own, with none of ``letters`` beside it; with ``plural`` also with an s
    behind it, unless it is as short as an acronym.
    """
    # By first characters, so that one look at a character leaves most terms out: 15 times as fast for a thousand.
    by_first: dict[str, list[str]] = {}
    for term in filter(None, terms):
        by_first.setdefault(term[0], []).append(_rest_of(term, letters, plural))
    if not by_first:
        return re.compile("(?!)")  # finds nothing
    firsts = "".join(map(re.escape, by_first))
    groups = "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items())
    return re.compile(f"(?=[{firsts}])(?:{groups})")


def _rest_of(term: str, letters: str, plural: bool) -> str:
    """The pattern of a term behind its first character."""
    first, rest = re.escape(term[0]), re.escape(term[1:])
    if not term.isascii():
        return rest
    ending = "s?" if plural and len(term) > 3 else ""
    return rf"(?<![{letters}]{first}){rest}(?={ending}(?![{letters}]))"
