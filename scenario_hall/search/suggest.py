"""Suggestions while typing: by the beginning of a word in characters, in pinyin, or by pinyin initials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from scenario_hall.core.texts import N_
from scenario_hall.language.folding import fold
from scenario_hall.language.pinyin import syllables
from scenario_hall.language.text import is_cjk


@dataclass(frozen=True)
class Suggestion:
    """What is offered: the words, what kind of thing they name, and a code or slug to link to."""

    label: str
    kind: str
    key: str


SUGGESTION_NAMES: dict[str, str] = {
    "scenario": N_("Scenario"),
    "product": N_("Product"),
    "organization": N_("Organisation"),
    "domain": N_("Domain"),
    "tag": N_("Tag"),
}


class SuggestionBook:
    """Everything that can be suggested, with its spellings."""

    def __init__(self, entries: Iterable[Suggestion]) -> None:
        self._entries = [(entry, _spellings(entry.label)) for entry in entries]

    def find(self, typed: str, limit: int = 8) -> list[Suggestion]:
        """The entries that ``typed`` begins (or, after those, that contain it), shortest first, without doubles."""
        wanted = fold(typed).replace(" ", "").replace("'", "")
        if not wanted:
            return []
        ranked: list[tuple[int, int, str, Suggestion]] = []
        for entry, spellings in self._entries:
            if any(spelling.startswith(wanted) for spelling in spellings):
                ranked.append((0, len(entry.label), entry.label, entry))
            elif len(wanted) > 1 and wanted in spellings[0]:
                ranked.append((1, len(entry.label), entry.label, entry))
        ranked.sort(key=lambda row: row[:3])
        return list({row[3].label: row[3] for row in reversed(ranked)}.values())[::-1][:limit]


@lru_cache(maxsize=20_000)
def _spellings(label: str) -> tuple[str, ...]:
    folded = fold(label)
    plain = folded.replace(" ", "")
    if not is_cjk(folded):
        return (plain, *folded.split()[1:])
    spoken = syllables(folded)
    initials = "".join(syllable[:1] for syllable in spoken)
    return (plain, "".join(spoken).replace(" ", ""), initials.replace(" ", ""))
