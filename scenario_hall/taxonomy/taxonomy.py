"""The tree of tags: look-up by any name, what a text mentions, how far two tags are apart."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from scenario_hall.core.texts import N_
from scenario_hall.language.folding import fold_name
from scenario_hall.language.names import localised
from scenario_hall.language.stems import without_accents
from scenario_hall.language.terms import pattern_of

_DATA = Path(__file__).parent / "data"


class TagKind(StrEnum):
    DOMAIN = "domain"
    TECHNOLOGY = "technology"
    SETTING = "setting"


TAG_KIND_NAMES: dict[str, str] = {
    TagKind.DOMAIN: N_("Domain"),
    TagKind.TECHNOLOGY: N_("Technology"),
    TagKind.SETTING: N_("Setting"),
}


@dataclass(frozen=True)
class Tag:
    """One node; its names and synonyms in every language mean the same."""

    slug: str
    kind: TagKind
    zh_hans: str
    zh_hant: str
    en: str
    synonyms: tuple[str, ...] = ()
    parent: str | None = None
    portuguese: tuple[str, ...] = ()
    """The name in Portuguese, and behind it its synonyms."""

    @property
    def pt(self) -> str:
        return self.portuguese[0] if self.portuguese else ""

    def name(self, locale: str) -> str:
        return localised(self, locale)

    @property
    def terms(self) -> tuple[str, ...]:
        return (self.zh_hans, self.zh_hant, self.en, *self.synonyms, *self.portuguese)


class Taxonomy:
    """An immutable tree, built from the shipped tags or from the rows that administrators edit."""

    def __init__(self, tags: Iterable[Tag]) -> None:
        self.tags = tuple(tags)
        self._by_slug = {tag.slug: tag for tag in self.tags}
        self._by_term: dict[str, str] = {}
        for tag in self.tags:
            for term in tag.terms:
                self._by_term.setdefault(fold_name(term), tag.slug)
        self._children: dict[str, list[str]] = {}
        for tag in self.tags:
            if tag.parent is not None:
                self._children.setdefault(tag.parent, []).append(tag.slug)
        self._above = {tag.slug: self._ancestors_of(tag) for tag in self.tags}
        # A single character stands in too many other words.
        self._by_plain_term: dict[str, str] = {}
        for term, slug in self._by_term.items():
            self._by_plain_term.setdefault(without_accents(term), slug)
        usable = sorted((term for term in self._by_plain_term if len(term) > 1), key=lambda term: (-len(term), term))
        self._pattern = pattern_of(usable, plural=True)

    def get(self, slug: str) -> Tag:
        """The tag; for a slug that is not (or no longer) in the tree, a tag that is called by its slug."""
        return self._by_slug.get(slug) or Tag(slug, TagKind.TECHNOLOGY, slug, slug, slug)

    def __contains__(self, slug: str) -> bool:
        return slug in self._by_slug

    def of_kind(self, kind: TagKind) -> tuple[Tag, ...]:
        return tuple(tag for tag in self.tags if tag.kind is kind)

    def domains(self) -> tuple[Tag, ...]:
        return self.of_kind(TagKind.DOMAIN)

    def children(self, slug: str) -> tuple[str, ...]:
        return tuple(self._children.get(slug, ()))

    def ancestors(self, slug: str) -> tuple[str, ...]:
        """Parents up to the root, the nearest first."""
        return self._above.get(slug, ())

    def _ancestors_of(self, tag: Tag | None) -> tuple[str, ...]:
        found: list[str] = []
        while tag is not None and tag.parent is not None and tag.parent not in found:
            found.append(tag.parent)
            tag = self._by_slug.get(tag.parent)
        return tuple(found)

    def related(self, slug: str) -> tuple[str, ...]:
        """The tags nearby: the parent, then the children, then those of the same parent."""
        tag = self._by_slug.get(slug)
        parent = tag.parent if tag is not None else None
        above = (parent,) if parent in self._by_slug else ()
        beside = self.children(parent) if parent is not None else ()
        near = dict.fromkeys((*above, *self.children(slug), *beside))
        return tuple(other for other in near if other is not None and other != slug)

    def domain_of(self, slug: str) -> str | None:
        """The domain that the tag is or stands under."""
        for each in (slug, *self.ancestors(slug)):
            tag = self._by_slug.get(each)
            if tag is not None and tag.kind is TagKind.DOMAIN:
                return each
        return None

    def terms(self) -> dict[str, str]:
        """Every folded name and synonym → slug; where two tags share one, the first tag has it."""
        return dict(self._by_term)

    def find(self, text: str) -> str | None:
        """The tag of this exact name or synonym, in any script and case, also without its accents."""
        folded = fold_name(text)
        return self._by_term.get(folded) or self._by_plain_term.get(without_accents(folded))

    def mentioned_in(self, text: str) -> list[str]:
        """The tags whose names stand in ``text``, in the order of appearance; of nested names, the longest.
        Accents of either are passed over: “veiculo aereo” names what is called veículo aéreo."""
        plain = without_accents(fold_name(text))
        found = (self._by_plain_term[match.group()] for match in self._pattern.finditer(plain))
        return list(dict.fromkeys(found))

    def distance(self, one: str, other: str) -> int | None:
        """Edges between two tags; None when they stand in different trees."""
        up = {slug: steps for steps, slug in enumerate((one, *self.ancestors(one)))}
        for steps, slug in enumerate((other, *self.ancestors(other))):
            if slug in up:
                return up[slug] + steps
        return None


@cache
def load_shipped_tags() -> tuple[Tag, ...]:
    """The tags that the hall ships with."""
    rows = json.loads((_DATA / "tags.json").read_text(encoding="utf-8"))
    return tuple(
        Tag(
            slug=row["slug"],
            kind=TagKind(row["kind"]),
            zh_hans=row["zh_hans"],
            zh_hant=row["zh_hant"],
            en=row["en"],
            synonyms=tuple(row["synonyms"]),
            parent=row["parent"],
            portuguese=portuguese_names(row["slug"]),
        )
        for row in rows
    )


def portuguese_names(slug: str) -> tuple[str, ...]:
    """What the shipped tag is called in Portuguese; nothing for a tag that administrators made."""
    return _portuguese().get(slug, ())


@cache
def _portuguese() -> dict[str, tuple[str, ...]]:
    rows = json.loads((_DATA / "tags_pt.json").read_text(encoding="utf-8"))
    return {slug: tuple(names) for slug, names in rows.items()}
