"""Why a pair has its number: the same sums that made it, the heaviest first, and what would make it match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from scenario_hall.core.values import Necessity
from scenario_hall.language.text import is_cjk, tokens
from scenario_hall.matching.engine.explanation import Change, ChangeKind, Reasons, Translation, fit_of
from scenario_hall.matching.engine.features import Features, glossed_words
from scenario_hall.matching.engine.pairing import WEIGHTS, PairNumbers, numbers_of, says_enough, score_of
from scenario_hall.matching.engine.word_counts import CHARACTER, CONCEPT, GLOSS, LINKING, says_nothing
from scenario_hall.quantities.verdicts import JudgedRequirement, Verdict
from scenario_hall.taxonomy.taxonomy import TagKind, Taxonomy

MOST_WORDS = 10
# Below this a pair is no near miss: nothing but other words would help.
NEAR_MISS = 12
MOST_CHANGES = 3


def reasons_of(
    need: Features, offer: Features, numbers: PairNumbers, taxonomy: Taxonomy, *, has_enough: bool
) -> Reasons:
    """The explanation of one pair."""
    whole = need.perfect_score or 1.0
    words: _Worths = []
    translated: _Worths = []
    denied: list[str] = []
    of_words = of_tags = 0.0
    for term, worth in numbers.parts.items():
        kind = term[0]
        if kind == CONCEPT:
            of_tags += worth
            continue
        of_words += worth
        if worth < 0:
            if len(term) > 1:
                denied.append(term)
        elif kind == GLOSS or term in need.glossed:
            translated.append((-worth, term))
        elif kind != CHARACTER and term not in LINKING:
            words.append((-worth, term))
    close = tuple(
        place for place, line in enumerate(numbers.lines) if numbers.close[place] and line.verdict is not Verdict.MET
    )
    shared_tags = _shared_tags(need, offer, taxonomy)
    asked_spelling, answered_spelling = _spellings(_need_text(need)), _spellings(_offer_text(offer))
    own = [(worth, term) for worth, term in words if not says_nothing(asked_spelling.get(term, term))]
    ranked = tuple((asked_spelling.get(term, term), share) for term, share in _ranked(own, whole))
    translations = _translations(need, offer, translated, whole)
    answers = any(line.verdict in (Verdict.MET, Verdict.NEAR) for line in numbers.lines)
    return Reasons(
        shared_tags=shared_tags,
        words=ranked,
        translations=translations,
        denied=tuple(sorted({word for term in denied if not says_nothing(word := answered_spelling.get(term, term))})),
        by_hand=need.wants_autonomy and offer.by_hand,
        lines=numbers.lines,
        close=close,
        lifts=lifts_of(need, offer, numbers),
        fits=numbers.fits,
        missing_tags=_missing_tags(need, offer, taxonomy),
        parts={
            "words": of_words / whole,
            "tags": of_tags / whole,
            "meaning": numbers.meaning,
            "requirements": numbers.requirements,
            "fit": numbers.rank,
        },
        has_enough=has_enough,
        is_by_meaning_only=numbers.meaning > 0 and not (shared_tags or ranked or translations or answers or close),
    )


def lifts_of(need: Features, offer: Features, numbers: PairNumbers) -> tuple[Change, ...]:
    """The fewest changes of the product after which a near miss would qualify; none when it does, or when more than
    three would be needed."""
    score = score_of(numbers.rank)
    qualifies = score >= WEIGHTS.qualifies and not numbers.has_unmet_must
    if qualifies or score < NEAR_MISS or not (says_enough(need) and says_enough(offer)):
        return ()
    needed = [
        Change(kind=ChangeKind.REQUIREMENT, line=place)
        for place, line in enumerate(numbers.lines)
        if not need.is_read and line.verdict is Verdict.UNMET and line.requirement.necessity is Necessity.MUST
    ]
    further = _possible_changes(need, offer, numbers, needed)
    for count in range(MOST_CHANGES + 1 - len(needed)):
        for more in combinations(further, count):
            changes = [*needed, *more]
            if changes and score_of(_changed(need, offer, numbers, changes)) >= WEIGHTS.qualifies:
                return tuple(changes)
    return ()


def _possible_changes(need: Features, offer: Features, numbers: PairNumbers, needed: list[Change]) -> list[Change]:
    fixed = {change.line for change in needed}
    changes = [
        Change(kind=ChangeKind.REQUIREMENT, line=place)
        for place, line in enumerate(numbers.lines)
        if line.verdict is not Verdict.MET and place not in fixed
    ]
    changes += [
        Change(kind=ChangeKind(fit.aspect))
        for fit in numbers.fits
        if fit.verdict is not Verdict.MET and fit.aspect in (ChangeKind.REGION, ChangeKind.BUDGET)
    ]
    if need.wants_autonomy and offer.by_hand:
        changes.append(Change(kind=ChangeKind.AUTONOMY))
    return changes[:8]


def _changed(need: Features, offer: Features, numbers: PairNumbers, changes: list[Change]) -> float:
    """The rank with the changes made."""
    met = {change.line for change in changes if change.kind is ChangeKind.REQUIREMENT}
    lines = tuple(
        JudgedRequirement(requirement=line.requirement, specification=line.specification, verdict=Verdict.MET)
        if place in met
        else line
        for place, line in enumerate(numbers.lines)
    )
    close = tuple(place in met or is_close for place, is_close in enumerate(numbers.close))
    kinds = {change.kind for change in changes}
    fits = tuple(fit_of(fit.aspect, Verdict.MET) if fit.aspect in kinds else fit for fit in numbers.fits)
    by_itself = ChangeKind.AUTONOMY in kinds
    changed = numbers_of(need, offer, numbers.parts, numbers.meaning, lines, close, fits, runs_by_itself=by_itself)
    return changed.rank


# Words with what they are worth, negative, so that the heaviest come first and ties by their spelling.
_Worths = list[tuple[float, str]]


def _ranked(worths: _Worths, whole: float) -> tuple[tuple[str, float], ...]:
    found: list[tuple[str, float]] = []
    worths.sort()
    all_terms = "\n".join([term for _, term in worths])
    for worth, term in worths:
        # 无人机 says it; 无人 and 人机 beside it would say it thrice.
        if all_terms.count(term) == 1:
            found.append((term, -worth / whole))
            if len(found) == MOST_WORDS:
                break
    return tuple(found)


def _translations(need: Features, offer: Features, worths: _Worths, whole: float) -> tuple[Translation, ...]:
    """The pairs of words that a dictionary joined, each as its author wrote it and each asked word once; a stem that
    neither text has as a word of its own is counted, but not shown."""
    if not worths:
        return ()
    worths.sort()
    asked_spelling, answered_spelling = _spellings(_need_text(need)), _spellings(_offer_text(offer))
    is_english = any(term[0] == GLOSS for _, term in worths)
    offered = glossed_words(offer.offer) if is_english and offer.offer is not None else {}
    found: dict[str, Translation] = {}
    for worth, term in worths:
        stem = term.removeprefix(GLOSS)
        if term in need.glossed:
            asked, answered = _longest(need.glossed[term], asked_spelling), answered_spelling.get(stem, "")
        else:
            asked, answered = asked_spelling.get(stem, ""), _longest(offered.get(stem, ()), answered_spelling)
        if (
            asked
            and answered
            and is_cjk(asked) != is_cjk(answered)
            and not (says_nothing(asked) or says_nothing(answered))
        ):
            found.setdefault(asked, Translation(asked=asked, answered=answered, share=-worth / whole))
    return tuple(found.values())[:MOST_WORDS]


def _longest(words: Sequence[str], spellings: Mapping[str, str]) -> str:
    """The word that says most, as its author wrote it; a single character has too many senses to be shown."""
    return max((spellings[word] for word in words if len(word) > 1 and word in spellings), key=len, default="")


@lru_cache(maxsize=512)
def _spellings(text: str) -> dict[str, str]:
    """Stem → the word as the text first writes it, in its own script."""
    return {token.text: text[token.start : token.end] for token in reversed(tokens(text))}


def _need_text(need: Features) -> str:
    return f"{need.need.title}\n{need.need.wanted}\n{need.need.situation}" if need.need is not None else ""


def _offer_text(offer: Features) -> str:
    return f"{offer.offer.title}\n{offer.offer.text}" if offer.offer is not None else ""


def _shared_tags(need: Features, offer: Features, taxonomy: Taxonomy) -> tuple[str, ...]:
    shared = [slug for slug in need.concepts if slug in offer.concepts]
    if len(shared) < 2:
        return tuple(shared)
    covered = {above for slug in shared for above in taxonomy.ancestors(slug)}
    own = (slug for slug in shared if slug not in covered)
    return tuple(sorted(own, key=lambda slug: (-need.concepts[slug] * offer.concepts[slug], slug)))


def _missing_tags(need: Features, offer: Features, taxonomy: Taxonomy) -> tuple[str, ...]:
    technologies = (
        slug
        for slug, weight in need.concepts.items()
        if weight >= 0.7 and slug not in offer.concepts and taxonomy.get(slug).kind is TagKind.TECHNOLOGY
    )
    return tuple(sorted(technologies))
