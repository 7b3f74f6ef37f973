"""Requirements and specifications read from prose: the measurable lines of a text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

from scenario_hall.core.values import Comparison, Necessity, Requirement, Specification
from scenario_hall.language.folding import fold
from scenario_hall.quantities.better_direction import is_smaller_better
from scenario_hall.quantities.quantities import Quantity, read_quantities, sentences

L = TypeVar("L", Requirement, Specification)


@dataclass(frozen=True)
class Suggested(Generic[L]):
    """Lines read from a text, each with its part of the sentence; ``is_whole`` is false where the time ran out."""

    lines: dict[L, str]
    is_whole: bool


# Where a need's text stops telling how things are and says what is wanted.
_WANTED = re.compile(
    r"希望|希冀|需要|需求|要求|拟|期望|寻求|征集|征求|目标|指标|引入|欲|盼|应具备|wants?\b|wanted|needs?\b|seeks?|seeking"
    r"|must\b|requires?|required|would like|looking for|should\b|shall\b"
)


def wanted_part(text: str) -> tuple[str, str]:
    """(how things are, what is wanted): cut before the sentence in which the text first says what is wanted; all of
    it is wanted where none says so."""
    found = _WANTED.search(fold(text))
    if found is None:
        return "", text
    # Folding may change lengths, by a little: the beginning of the sentence is looked for in the text itself.
    place = min(found.start(), len(text))
    begin = max(text.rfind(mark, 0, place) for mark in "。;；!！?？\n") + 1
    english = text.rfind(". ", 0, place)
    begin = max(begin, english + 2 if english >= 0 else 0)
    return text[:begin], text[begin:]


def read_requirements(text: str) -> list[Requirement]:
    """The measurable lines that ``text`` wants, each metric once; numbers that only tell how things are now are left
    out. Those without a comparison word are read as “at least”, or “at most” for what is better small."""
    return _lines_of(wanted_part(text)[1])


def requirements_wanted(wanted: str, situation: str) -> list[Requirement]:
    """The same of a scenario that says apart what is wanted: all of that, and of how things are only what that text
    says to be wanted."""
    return _lines_of(wanted_text(wanted, situation))


def suggested_requirements(wanted: str, situation: str, *, seconds: float = math.inf) -> Suggested[Requirement]:
    """The same, each line with the part of the sentence that it was read from, for the author to look at; what is not
    read after ``seconds`` is left out."""
    return _suggested(wanted_text(wanted, situation), _lines_of, seconds)


def suggested_specifications(text: str, *, seconds: float = math.inf) -> Suggested[Specification]:
    """``read_specifications`` in the same way."""
    return _suggested(text, read_specifications, seconds)


def _suggested(text: str, read: Callable[[str], list[L]], seconds: float) -> Suggested[L]:
    end = monotonic() + seconds
    found: dict[str, tuple[L, str]] = {}
    for sentence in sentences(text):
        if monotonic() > end:
            return Suggested(dict(found.values()), is_whole=False)
        lines = read(sentence)
        parts = [part.strip() for part in re.split(r"[,，、]", sentence)] if lines else []
        own = {line: part for part in reversed(parts) for line in read(part)} if len(parts) > 1 else {}
        for line in lines:
            found.setdefault(line.metric, (line, own.get(line, sentence)))
    return Suggested(dict(found.values()), is_whole=True)


def wanted_text(wanted: str, situation: str) -> str:
    """What the two texts of a scenario say is wanted."""
    now, rest = wanted_part(situation)
    says_so = bool(now) or _WANTED.search(fold(rest)) is not None
    if not wanted.strip():
        return rest
    return f"{wanted}\n{rest}" if says_so else wanted


def _lines_of(text: str) -> list[Requirement]:
    found: dict[str, Requirement] = {}
    for reading in read_quantities(text):
        # What carries “up to 5 kg” or “最多40台” is wanted to be able to.
        comparison = reading.comparison if not reading.is_limit else None
        comparison = comparison or _usual_comparison(reading)
        if comparison is Comparison.BETWEEN and reading.high is None:
            continue
        found.setdefault(
            reading.metric,
            Requirement(
                metric=reading.metric,
                comparison=comparison,
                value=reading.low,
                value_high=reading.high if comparison is Comparison.BETWEEN else None,
                unit=reading.unit,
                necessity=Necessity.MUST,
            ),
        )
    return list(found.values())


def read_specifications(text: str) -> list[Specification]:
    """The measured lines that a product's text states, each metric once."""
    found: dict[str, Specification] = {}
    for reading in read_quantities(text):
        found.setdefault(
            reading.metric,
            Specification(metric=reading.metric, value=reading.low, value_high=reading.high, unit=reading.unit),
        )
    return list(found.values())


def _usual_comparison(reading: Quantity) -> Comparison:
    return Comparison.AT_MOST if is_smaller_better(reading.metric, reading.unit) else Comparison.AT_LEAST
