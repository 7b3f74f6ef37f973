"""Use cases of the taxonomy: seed it, edit tags, decide on proposals, set the year's target."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, StaleEdit
from scenario_hall.core.lines import line_faults
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.taxonomy.models import TAXONOMY, TagProposal, TagRecord, Target
from scenario_hall.taxonomy.taxonomy import Tag, TagKind, Taxonomy, load_shipped_tags, portuguese_names

# The figure of Guangdong's 2025 action plan: at least 100 first trials and first uses in a year.
PLAN_TARGET = 100
DECLINED = "declined"


def seed_taxonomy(session: Session) -> int:
    """Put the shipped tags that are not there yet into the database; edited ones stay. Returns how many came."""
    if {tag.slug for tag in load_shipped_tags()} <= set(session.exec(select(TagRecord.slug))):
        return 0  # every command asks; one that only reads must not wait for the write lock
    with transaction(session):
        known = set(session.exec(select(TagRecord.slug)))
        new = [tag for tag in load_shipped_tags() if tag.slug not in known]
        for tag in _parents_first(new, known):
            session.add(
                TagRecord(
                    slug=tag.slug,
                    kind=tag.kind,
                    zh_hans=tag.zh_hans,
                    zh_hant=tag.zh_hant,
                    en=tag.en,
                    synonyms=list(tag.synonyms),
                    parent=tag.parent,
                )
            )
            session.flush()
        if new:
            record_event(session, None, TAXONOMY, "taxonomy.seeded", {"tags": len(new)})
    return len(new)


def load_taxonomy(session: Session) -> Taxonomy:
    """The taxonomy as it stands; retired tags are left out."""
    rows = session.exec(select(TagRecord).where(col(TagRecord.is_retired).is_(False)).order_by(col(TagRecord.slug)))
    present = list(rows)
    slugs = {row.slug for row in present}
    return Taxonomy(
        Tag(
            slug=row.slug,
            kind=TagKind(row.kind),
            zh_hans=row.zh_hans,
            zh_hant=row.zh_hant,
            en=row.en,
            synonyms=tuple(row.synonyms),
            parent=row.parent if row.parent in slugs else None,
            portuguese=portuguese_names(row.slug),
        )
        for row in present
    )


def save_tag(
    actor: Actor,
    *,
    session: Session,
    slug: str,
    kind: TagKind,
    zh_hans: str,
    zh_hant: str,
    en: str,
    synonyms: Sequence[str] = (),
    parent: str | None = None,
    is_retired: bool = False,
    version: int | None = None,
) -> TagRecord:
    """Add a tag (``version`` None) or change one. Raises Denied, Invalid, NotFound, StaleEdit."""
    if not actor.is_administrator:
        raise Denied()
    faults = {
        name: N_("Please fill this in: readers of each language rely on it.")
        for name, value in {"zh_hans": zh_hans, "zh_hant": zh_hant, "en": en}.items()
        if not value.strip()
    }
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 60:
        faults["slug"] = N_(
            "A tag's URL name may contain only lower-case letters, digits and hyphens, e.g. low-altitude."
        )
    faults |= line_faults({"zh_hans": zh_hans, "zh_hant": zh_hant, "en": en, "synonyms": synonyms}, are_names=True)
    if faults:
        raise Invalid(faults)
    with transaction(session):
        record = session.get(TagRecord, slug, with_for_update=True, populate_existing=True)
        if record is None and version is not None:
            raise NotFound()
        if record is not None and version is None:
            raise Invalid({"slug": N_("A tag with this name already exists.")})
        if record is not None and record.version != version:
            raise StaleEdit(record)
        _check_parent(session, slug, parent)
        if record is None:
            record = TagRecord(slug=slug, kind=kind, zh_hans="", zh_hant="", en="", version=0)
        record.kind, record.parent, record.is_retired = kind, parent or None, is_retired
        record.zh_hans, record.zh_hant, record.en = zh_hans.strip(), zh_hant.strip(), en.strip()
        record.synonyms = [word.strip() for word in synonyms if word.strip()]
        record.version += 1
        session.add(record)
        record_event(session, actor, TAXONOMY, "taxonomy.tag_saved", {"slug": slug, "retired": is_retired})
    return record


def propose_tags(session: Session, *, words: Iterable[str], subject_kind: str, subject_code: str) -> None:
    """Remember words that authors missed, each once; part of the caller's transaction."""
    for word in dict.fromkeys(text.strip()[:80] for text in words if text.strip()):
        known = session.exec(select(TagProposal.id).where(col(TagProposal.words) == word)).first()
        if known is None:
            session.add(TagProposal(words=word, subject_kind=subject_kind, subject_code=subject_code))


def open_proposals(session: Session) -> list[TagProposal]:
    query = select(TagProposal).where(col(TagProposal.decided_as) == "").order_by(col(TagProposal.id))
    return list(session.exec(query))


def decide_proposal(actor: Actor, *, session: Session, proposal_id: int, decided_as: str) -> TagProposal:
    """Settle a proposal as the slug of an existing tag, or as ``declined``."""
    if not actor.is_administrator:
        raise Denied()
    with transaction(session):
        proposal = session.get(TagProposal, proposal_id, with_for_update=True, populate_existing=True)
        if proposal is None:
            raise NotFound()
        if decided_as != DECLINED:
            record = session.get(TagRecord, decided_as)
            if record is None:
                raise Invalid({"decided_as": N_("There is no such tag: add it first.")})
            if proposal.words not in record.synonyms and proposal.words not in (
                record.zh_hans,
                record.zh_hant,
                record.en,
            ):
                record.synonyms = [*record.synonyms, proposal.words]
                record.version += 1
                session.add(record)
        proposal.decided_as = decided_as
        session.add(proposal)
        record_event(
            session, actor, TAXONOMY, "taxonomy.proposal_decided", {"words": proposal.words, "decided_as": decided_as}
        )
    return proposal


def target_of(session: Session, year: int) -> Target:
    """The year's target; the plan's figure where none was set."""
    return session.get(Target, year) or Target(year=year, outcomes=PLAN_TARGET, version=0)


def set_target(actor: Actor, *, session: Session, year: int, outcomes: int, version: int) -> Target:
    """Set the year's target. Raises Denied, Invalid, StaleEdit."""
    if not actor.is_administrator:
        raise Denied()
    if not 1 <= outcomes <= 100_000:
        raise Invalid({"outcomes": N_("A target must be a number from 1 to 100,000.")})
    with transaction(session):
        target = session.get(Target, year, with_for_update=True, populate_existing=True)
        if target is None:
            target = Target(year=year, outcomes=outcomes, version=0)
        if target.version != version:
            raise StaleEdit(target)
        target.outcomes, target.version = outcomes, target.version + 1
        session.add(target)
        record_event(session, actor, TAXONOMY, "taxonomy.target_set", {"year": year, "outcomes": outcomes})
    return target


def _parents_first(tags: Sequence[Tag], known: set[str]) -> list[Tag]:
    ordered: list[Tag] = []
    placed, waiting = set(known), list(tags)
    while waiting:
        ready = [tag for tag in waiting if tag.parent is None or tag.parent in placed]
        if not ready:
            raise ValueError(f"tags without a known parent: {', '.join(tag.slug for tag in waiting)}")
        ordered += ready
        placed.update(tag.slug for tag in ready)
        waiting = [tag for tag in waiting if tag.slug not in placed]
    return ordered


def _check_parent(session: Session, slug: str, parent: str | None) -> None:
    above, seen = parent, {slug}
    while above:
        if above in seen:
            raise Invalid({"parent": N_("A tag cannot be its own ancestor.")})
        seen.add(above)
        record = session.get(TagRecord, above)
        if record is None:
            raise Invalid({"parent": N_("There is no such tag.")})
        above = record.parent
