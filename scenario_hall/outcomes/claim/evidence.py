"""What is stated of the evidence, held against the record and against each other. Computed, never typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_day, local_today
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_SUM, Currency
from scenario_hall.language.dates import read_day
from scenario_hall.language.folding import fold_name
from scenario_hall.language.numerals import read_number
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.claim.rules import Fact, Rules
from scenario_hall.outcomes.models import Outcome

# Kind of evidence → fact → what was stated.
Facts = Mapping[str, Mapping[str, str]]
PAPERS = ("contract", "invoice", "bank_receipt")
STANDING_CLAIMS = (lifecycle.CLAIMED, lifecycle.NOTICE, lifecycle.APPROVED)


class Check(StrEnum):
    """One thing that is computed from what was stated."""

    STATED = "stated"
    PARTIES = "parties"
    AMOUNTS = "amounts"
    DATES = "dates"
    NOVELTY = "novelty"
    LICENCE = "licence"
    PATENT = "patent"


CHECK_NAMES: dict[str, str] = {
    Check.STATED: N_("All required details are given"),
    Check.PARTIES: N_("The user pays and the supplier is paid"),
    Check.AMOUNTS: N_("The amounts agree"),
    Check.DATES: N_("The dates agree"),
    Check.NOVELTY: N_("The novelty search is recent"),
    Check.LICENCE: N_("The licence is valid until the last day"),
    Check.PATENT: N_("The patent is not used in another product's claim"),
}


@dataclass(frozen=True)
class Checked:
    """A check and its result; ``about`` names the pieces of evidence, ``found`` what was found."""

    check: Check
    holds: bool
    about: tuple[str, ...] = ()
    found: str = ""


def clean_facts(facts: Facts, rules: Rules) -> dict[str, dict[str, str]]:
    """Only facts that the rules ask for, stripped; empty ones left out."""
    kept: dict[str, dict[str, str]] = {}
    for each in rules.kinds_of_evidence:
        stated = {fact.value: facts.get(each.key, {}).get(fact, "").strip()[:200] for fact in each.facts}
        if any(stated.values()):
            kept[each.key] = {name: text for name, text in stated.items() if text}
    return kept


def check_evidence(session: Session, outcome: Outcome, facts: Facts, rules: Rules, present: set[str]) -> list[Checked]:
    """Every check that the present evidence calls for, by the rules' facts; empty when nothing has to be stated."""
    asked = [key for key in sorted(present) if rules.facts_of(key)]
    lacking = tuple(key for key in asked if any(not facts.get(key, {}).get(fact) for fact in rules.facts_of(key)))
    if not asked:
        return []
    checks = [Checked(Check.STATED, not lacking, lacking)]
    papers = tuple(key for key in PAPERS if key in present and rules.facts_of(key) and key not in lacking)
    if papers:
        checks += [_parties(session, outcome, facts, papers), _amounts(facts, papers), _dates(outcome, facts, papers)]
    stated = set(asked) - set(lacking)
    if "novelty_search" in stated:
        checks.append(_novelty(outcome, facts, rules))
    if "licence" in stated:
        checks.append(_licence(outcome, facts))
    if "patent" in stated:
        checks.append(_patent(session, outcome, facts))
    return checks


def _parties(session: Session, outcome: Outcome, facts: Facts, papers: Sequence[str]) -> Checked:
    """The user pays, the supplier is paid."""
    names = {
        Fact.PAYER: session.get_one(Organization, outcome.demand_id).name,
        Fact.PAYEE: session.get_one(Organization, outcome.supplier_id).name,
    }
    wrong = tuple(
        key for key in papers if any(fold_name(facts[key][fact]) != fold_name(name) for fact, name in names.items())
    )
    return Checked(Check.PARTIES, not wrong, wrong, " / ".join(names.values()))


def _amounts(facts: Facts, papers: Sequence[str]) -> Checked:
    """One currency; nothing invoiced beyond the contract, nothing received beyond the invoice (or the contract)."""
    sums = {key: read_amount(facts[key][Fact.AMOUNT]) for key in papers}
    found = " / ".join(facts[key][Fact.AMOUNT] for key in papers)
    unread = tuple(key for key, amount in sums.items() if amount is None)
    if unread:
        return Checked(Check.AMOUNTS, False, unread, found)
    known = [amount for amount in sums.values() if amount is not None]
    falls = all(later[0] <= earlier[0] for earlier, later in pairwise(known))
    holds = falls and len({currency for _, currency in known}) == 1
    return Checked(Check.AMOUNTS, holds, () if holds else tuple(papers), found)


def _dates(outcome: Outcome, facts: Facts, papers: Sequence[str]) -> Checked:
    """Every day is one, none lies ahead, and nothing was invoiced or paid before the contract."""
    days, claimed = {key: read_day(facts[key][Fact.DATED]) for key in papers}, _day_of_claim(outcome)
    wrong = {key for key, day in days.items() if day is None or day > claimed}
    begun = days.get("contract")
    if begun is not None:
        wrong |= {key for key, day in days.items() if day is not None and day < begun}
        if outcome.ends_on is not None and begun > outcome.ends_on:
            wrong.add("contract")
    return Checked(Check.DATES, not wrong, tuple(sorted(wrong)), " / ".join(facts[key][Fact.DATED] for key in papers))


def _day_of_claim(outcome: Outcome) -> date:
    """The day in Hong Kong on which it was claimed; while it can still be claimed (anew after a return), today."""
    is_to_be_claimed = outcome.lifecycle.find(outcome.state, "claim") is not None
    return local_today() if is_to_be_claimed or outcome.claimed_at is None else local_day(outcome.claimed_at)


def _novelty(outcome: Outcome, facts: Facts, rules: Rules) -> Checked:
    """Not older than the rules allow on the day of the claim."""
    text = facts["novelty_search"][Fact.DATED]
    day, claimed = read_day(text), _day_of_claim(outcome)
    holds = day is not None and claimed - timedelta(days=rules.novelty_days) <= day <= claimed
    return Checked(Check.NOVELTY, holds, ("novelty_search",), text)


def _licence(outcome: Outcome, facts: Facts) -> Checked:
    """In force to the last day of the trial or use."""
    text = facts["licence"][Fact.VALID_UNTIL]
    until = read_day(text)
    holds = until is not None and (outcome.ends_on is None or until >= outcome.ends_on)
    return Checked(Check.LICENCE, holds, ("licence",), f"{facts['licence'][Fact.NUMBER]} {text}")


def _patent(session: Session, outcome: Outcome, facts: Facts) -> Checked:
    """Used for no other product's claim."""
    number = patent_number(facts["patent"][Fact.NUMBER])
    query = select(Outcome.code).where(
        col(Outcome.patent_number) == number,
        col(Outcome.product_id) != outcome.product_id,
        col(Outcome.state).in_(STANDING_CLAIMS),
    )
    other = session.exec(query.order_by(col(Outcome.id))).first()
    return Checked(Check.PATENT, other is None, ("patent",), f"{number} {other or ''}".strip())


def patent_number(text: str) -> str:
    """A number as it is compared: ``ZL 2024 1 0123456.7`` and ``zl202410123456.7`` are one."""
    return "".join(fold_name(text).split()).upper()[:60]


def read_amount(text: str) -> tuple[Decimal, str] | None:
    """A sum with its currency's letters behind it or none (yuan): ``580,000 HKD`` → (580000, "HKD"). None where it is
    no sum above 0 that can be."""
    parts = text.replace(",", "").replace("，", "").split()
    currency = parts[1].upper() if len(parts) == 2 else Currency.CNY.value
    try:
        amount = read_number(parts[0]) if 1 <= len(parts) <= 2 else Decimal(-1)
    except ValueError:
        return None
    return (amount, currency) if 0 < amount < MAX_SUM and currency in list(Currency) else None
