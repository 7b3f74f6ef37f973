"""What people did with matches, as judgements: said useful or not, invited, applied, accepted, approved.

They are no fair sample. An owner judges what the list shows first, so that pairs further down are rarely judged at all,
and a figure of them favours the ranking that was shown. So every figure says how many judgements stand behind it and at
which places of the list they stood. No ranking changes by them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from sqlmodel import Session, col, select

from scenario_hall.applications.lifecycle import ACCEPTED, SHORTLISTED
from scenario_hall.applications.models import Application
from scenario_hall.core.texts import N_
from scenario_hall.matching.engine.evaluation import Judged
from scenario_hall.matching.from_rows import need_of, offer_of
from scenario_hall.matching.models import GRADES, MatchOpinion, Opinion, StoredMatch
from scenario_hall.outcomes.lifecycle import APPROVED
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

APPLIED = "applied"
# By ascending weight: what was done outweighs what was said. An application is the supplier's word, not the owner's.
DEED_GRADES = {APPLIED: 1, SHORTLISTED: 2, ACCEPTED: 3, APPROVED: 3}
DEED_NAMES = {APPLIED: N_("Applied")}
USEFUL = 2
# Scores from … to below; what is shown ends at 100.
BANDS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 101))
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One pair of a scenario and a product, and what was made of it."""

    scenario: str
    product: str
    by: str
    """The weightiest word or deed: an Opinion, ``applied``, or a state of application or outcome."""
    grade: int
    score: int | None
    """What the page promised when it was said; else what it promises now. None where the two are not matched."""
    place: int | None
    """Among the scenario's matches as they are now, from 1 on."""

    @property
    def is_the_owners(self) -> bool:
        return self.by != APPLIED


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the judged pairs with a score of a band how many are useful, beside what their scores promise."""

    low: int
    high: int
    judged: int
    useful: int
    promised: float

    @property
    def share(self) -> float:
        return self.useful / self.judged

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.useful, self.judged)


def judgements(session: Session) -> list[Judgement]:
    """Every judged pair once, by scenario and product."""
    said = {(row.scenario_id, row.product_id): row for row in session.exec(select(MatchOpinion))}
    words: dict[Pair, str] = {pair: row.opinion for pair, row in said.items()}
    for pair, deed in _deeds(session).items():
        # Who only applied has not been answered yet: what the owner said stands.
        if deed != APPLIED or pair not in words:
            words[pair] = deed
    codes = _codes(session, words)
    shown = _shown(session, {scenario for scenario, _ in words})
    found = []
    for pair, word in words.items():
        if pair not in codes:
            continue
        score, place = shown.get(pair, (None, None))
        opinion = said.get(pair)
        grade = DEED_GRADES[word] if word in DEED_GRADES else GRADES[Opinion(word)]
        promised = opinion.score if opinion is not None and opinion.score is not None else score
        found.append(Judgement(*codes[pair], by=word, grade=grade, score=promised, place=place))
    return sorted(found, key=lambda each: (each.scenario, each.product))


def judged_by_people(session: Session) -> Judged:
    """The hall's own records with these grades; scenarios of which nobody judged a match are left out."""
    grades: dict[str, dict[str, int]] = {}
    for each in judgements(session):
        grades.setdefault(each.scenario, {})[each.product] = each.grade
    scenarios = session.exec(select(Scenario).where(col(Scenario.code).in_(list(grades))).order_by(col(Scenario.code)))
    products = session.exec(select(Product).where(col(Product.state) == LISTED).order_by(col(Product.code)))
    return Judged([need_of(each) for each in scenarios], [offer_of(each) for each in products], grades)


def precision_by_band(judged: Iterable[Judgement]) -> list[Precision]:
    """Bands that owners judged nothing of are left out; so is what a supplier alone thought fitting."""
    told = [(each.score, each.grade) for each in judged if each.is_the_owners and each.score is not None]
    found = []
    for low, high in BANDS:
        own = [(score, grade) for score, grade in told if low <= score < high]
        if own:
            useful = sum(grade >= USEFUL for _, grade in own)
            promised = sum(score for score, _ in own) / len(own) / 100
            found.append(Precision(low, min(high, 100), len(own), useful, promised))
    return found


PLACES = ((1, 3), (4, 10), (11, 20), (21, None))


def by_place(judged: Sequence[Judgement]) -> dict[str, int]:
    """How many judgements were made of the first places of the lists, of those below, and of what is on none."""
    counts = {
        f"{first}–{last}" if last else f"{first}+": sum(
            each.place is not None and first <= each.place and (last is None or each.place <= last) for each in judged
        )
        for first, last in PLACES
    }
    return {**counts, "": sum(each.place is None for each in judged)}


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927). Raises ZeroDivisionError for no trials."""
    z = 1.96
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, middle - half), min(1.0, middle + half)


def _deeds(session: Session) -> dict[Pair, str]:
    """The furthest that any application of a pair came."""
    found: dict[Pair, str] = {}
    order = list(DEED_GRADES)
    rows = session.exec(select(Application.scenario_id, Application.product_id, Application.state))
    approved = session.exec(select(Outcome.scenario_id, Outcome.product_id, Outcome.state))
    for scenario, product, state in (*rows, *approved):
        deed = state if state in DEED_GRADES else APPLIED
        found[scenario, product] = max(deed, found.get((scenario, product), APPLIED), key=order.index)
    return found


def _codes(session: Session, pairs: Mapping[Pair, str]) -> dict[Pair, tuple[str, str]]:
    """Of the pairs whose records still are, their codes."""
    scenarios = _codes_of(session, Scenario, {scenario for scenario, _ in pairs})
    products = _codes_of(session, Product, {product for _, product in pairs})
    return {
        (scenario, product): (scenarios[scenario], products[product])
        for scenario, product in pairs
        if scenario in scenarios and product in products
    }


def _codes_of(session: Session, table: type[Scenario] | type[Product], ids: Set[int]) -> dict[int, str]:
    """In parts: a database takes only so many parameters."""
    found, keys = dict[int, str](), sorted(ids)
    for begin in range(0, len(keys), 500):
        part = col(table.id).in_(keys[begin : begin + 500])
        found |= {pk: code for pk, code in session.exec(select(table.id, table.code).where(part)) if pk is not None}
    return found


def _shown(session: Session, scenarios: set[int]) -> dict[Pair, tuple[int | None, int]]:
    """(score, place) of every stored match of the scenarios."""
    rows = session.exec(
        select(StoredMatch.scenario_id, StoredMatch.product_id, StoredMatch.score)
        .where(col(StoredMatch.scenario_id).in_(scenarios))
        .order_by(col(StoredMatch.scenario_id), col(StoredMatch.rank).desc(), col(StoredMatch.product_id))
    )
    found: dict[Pair, tuple[int | None, int]] = {}
    counted: dict[int, int] = {}
    for scenario, product, score in rows:
        counted[scenario] = counted.get(scenario, 0) + 1
        found[scenario, product] = score, counted[scenario]
    return found
