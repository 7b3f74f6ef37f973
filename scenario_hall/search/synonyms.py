"""Synonyms of what a query names, tags near it, and corrections of what is misspelt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from scenario_hall.language.folding import fold
from scenario_hall.language.pinyin import syllables
from scenario_hall.language.text import is_cjk
from scenario_hall.taxonomy.taxonomy import TagKind, Taxonomy

MOST_NAMES = 8
MOST_CORRECTIONS = 3
# How alike a Latin word and a known one have to be (difflib's ratio): one letter in five.
ALIKE = 0.8


@dataclass(frozen=True)
class Synonym:
    """What the query names, and the other names of the same thing."""

    named: str
    synonyms: tuple[str, ...]


def synonyms_in(text: str, taxonomy: Taxonomy) -> list[Synonym]:
    """The synonyms, in every language, of the tags that the query names; domains, which are fields and
    no things, are left out."""
    found = []
    folded = fold(text)
    for slug in taxonomy.mentioned_in(text):
        tag = taxonomy.get(slug)
        if tag.kind is TagKind.DOMAIN:
            continue
        terms = {fold(term): term for term in reversed(tag.terms)}
        named = [term for spelling, term in terms.items() if spelling in folded]
        others = [term for spelling, term in reversed(terms.items()) if spelling not in folded and len(spelling) > 1]
        if named and others:
            found.append(Synonym(max(named, key=len), tuple(others[:MOST_NAMES])))
    return found


def related_tags(text: str, slugs: Iterable[str], taxonomy: Taxonomy, most: int = 6) -> list[str]:
    """Tags near those that the query names or filters by."""
    named = list(dict.fromkeys((*taxonomy.mentioned_in(text), *(slug for slug in slugs if slug in taxonomy))))
    near = dict.fromkeys(other for slug in named for other in taxonomy.related(slug) if other not in named)
    return list(near)[:most]


class Corrector:
    """Suggests queries with known words, found by sound and by spelling."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._by_sound: dict[tuple[str, ...], str] = {}
        self._latin: list[str] = []
        for term in terms:
            folded = fold(term)
            if is_cjk(folded) and len(folded) > 1:
                self._by_sound.setdefault(_sound(folded), folded)
            elif folded.isascii() and len(folded) > 3:
                self._latin.append(folded)
        self._lengths = sorted({len(sound) for sound in self._by_sound}, reverse=True)

    def suggest(self, text: str, is_known: Callable[[str], bool]) -> list[str]:
        """Queries that ``text`` may have meant: a Chinese word of the same sound (无人鸡 for 无人机), a Latin word of
        nearly the same spelling, in place of one that is not known."""
        folded = fold(text)
        found = [self._by_ear(folded)]
        for word in folded.split():
            if word.isascii() and word.isalpha() and len(word) > 3 and not is_known(word):
                found += [folded.replace(word, near) for near in get_close_matches(word, self._latin, 2, ALIKE)]
        return [each for each in dict.fromkeys(found) if each and each != folded][:MOST_CORRECTIONS]

    def did_you_mean(self, text: str, finds: Callable[[str], bool], *, is_poor: bool) -> list[str]:
        """The suggestions that find something; where the words of ``text`` found something too (``is_poor`` is false),
        only if no record has them as they are written: of 无人鸡 many have 无人."""
        found = [each for each in self.suggest(text, finds) if finds(each)]
        return [] if found and not is_poor and finds(f'"{text}"') else found

    def _by_ear(self, text: str) -> str:
        corrected, place = "", 0
        while place < len(text):
            for length in self._lengths:
                piece = text[place : place + length]
                if len(piece) == length and all(is_cjk(character) for character in piece):
                    known = self._by_sound.get(_sound(piece))
                    if known is not None:
                        corrected += known
                        place += length
                        break
            else:
                corrected += text[place]
                place += 1
        return corrected


def _sound(text: str) -> tuple[str, ...]:
    return tuple(syllables(text))
