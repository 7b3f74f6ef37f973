"""Contract, invoice and receipt agree; a search is recent; a licence holds; a patent serves one product."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from scenario_hall.core.clock import local_today
from scenario_hall.core.errors import Invalid
from scenario_hall.outcomes.claim.claim import checks_of, claim_first, state_facts
from scenario_hall.outcomes.claim.evidence import Check, check_evidence, patent_number, read_amount
from scenario_hall.outcomes.claim.independence import LinkKind, links_between
from scenario_hall.outcomes.claim.rules import Scope, shipped_rules
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from tests.world import World

RULES = shipped_rules()[-1]
DECLARED = {"earlier_sales": "无", "equity_link": "无", "why_first": "本市首次"}
PAPER = {"dated": "2026-11-02", "amount": "580,000 CNY", "payer": "湾澜港务", "payee": "禾翼航空"}
LICENCE = {"number": "民航-1", "valid_until": "2027-01-01"}
FACTS = {"contract": PAPER, "invoice": {**PAPER, "dated": "2026-11-05"}, "licence": LICENCE}
NEEDED = ("acceptance", "contract", "invoice", "licence")


def used(world: World, *kinds: str) -> Outcome:
    outcome = world.confirmed(kind=OutcomeKind.FIRST_USE)
    world.evidence(outcome, *(kinds or NEEDED))
    return outcome


def claim(world: World, outcome: Outcome, facts: dict[str, dict[str, str]]) -> Outcome:
    return claim_first(
        world.supplier,
        session=world.session,
        outcome=outcome,
        version=None,
        scope=Scope.CITY,
        declarations=DECLARED,
        facts=facts,
    )


def failing(world: World, outcome: Outcome, facts: dict[str, dict[str, str]], *present: str) -> set[Check]:
    found = check_evidence(world.session, outcome, facts, RULES, set(present or NEEDED))
    assert {key for each in found for key in each.about} <= set(present or NEEDED), "told of a piece that is there"
    return {each.check for each in found if not each.holds}


def test_a_use_whose_papers_agree_is_claimed(world: World) -> None:
    outcome = claim(world, used(world), FACTS)
    assert outcome.state == "claimed"
    assert {each.check for each in checks_of(world.session, outcome)} == {
        Check.STATED,
        Check.PARTIES,
        Check.AMOUNTS,
        Check.DATES,
        Check.LICENCE,
    }


def test_papers_that_do_not_agree_are_refused_and_what_was_stated_is_not_lost(world: World) -> None:
    outcome = used(world)
    wrong = {**FACTS, "invoice": {**PAPER, "payer": "别的公司"}}
    state_facts(world.supplier, session=world.session, outcome=outcome, facts=wrong)
    with pytest.raises(Invalid) as refused:
        claim(world, outcome, wrong)
    assert "evidence" in refused.value.fields
    assert outcome.evidence_facts["invoice"]["payer"] == "别的公司"


def test_each_disagreement_is_told_by_its_own_check(small_world: World) -> None:
    world = small_world
    outcome = used(world)
    assert failing(world, outcome, FACTS) == set()
    tomorrow = (local_today() + timedelta(days=1)).isoformat()
    for key, changed, check in (
        ("invoice", {"amount": "600000 CNY"}, Check.AMOUNTS),
        ("invoice", {"amount": "580000 HKD"}, Check.AMOUNTS),
        ("invoice", {"amount": "about half"}, Check.AMOUNTS),
        ("invoice", {"dated": "2026-10-01"}, Check.DATES),
        ("contract", {"dated": tomorrow}, Check.DATES),
        ("contract", {"payee": "湾澜港务"}, Check.PARTIES),
        ("contract", {"payee": ""}, Check.STATED),
        ("licence", {"valid_until": "2026-11-09"}, Check.LICENCE),
    ):
        facts: dict[str, dict[str, str]] = {**FACTS, key: {**FACTS[key], **changed}}
        assert check in failing(world, outcome, facts), (key, changed)


@pytest.mark.parametrize(("until", "holds"), [("2026-11-09", False), ("2026-11-10", True), ("2026-11-11", True)])
def test_a_licence_holds_to_the_last_day_and_that_day_counts(small_world: World, until: str, *, holds: bool) -> None:
    outcome = used(small_world)
    assert outcome.ends_on == date(2026, 11, 10)
    found = failing(small_world, outcome, {**FACTS, "licence": {**LICENCE, "valid_until": until}})
    assert found == (set() if holds else {Check.LICENCE})


def test_names_in_either_script_are_one(small_world: World) -> None:
    outcome = used(small_world)
    facts = {**FACTS, "contract": {**PAPER, "payer": "灣瀾港務"}}
    assert failing(small_world, outcome, facts) == set()


def test_a_novelty_search_is_at_most_a_year_old(small_world: World) -> None:
    outcome = used(small_world)
    for days, holds in ((10, True), (364, True), (400, False), (-1, False)):
        facts = {"novelty_search": {"dated": (local_today() - timedelta(days=days)).isoformat()}}
        assert (failing(small_world, outcome, facts, "novelty_search") == set()) is holds


def test_a_patent_serves_one_product_only(world: World) -> None:
    facts = {**FACTS, "patent": {"number": "ZL 2024 1 0123456.7"}}
    claim(world, used(world, *NEEDED, "patent"), facts)
    other = used(world, *NEEDED, "patent")
    twin = {**facts, "patent": {"number": "zl202410123456.7"}}
    assert failing(world, other, twin, "patent") == {Check.PATENT}
    with pytest.raises(Invalid):
        claim(world, other, twin)


def test_a_licence_is_asked_where_the_domain_asks(small_world: World) -> None:
    matrix = RULES.matrix(OutcomeKind.FIRST_USE, Scope.CITY, (), ["low-altitude"])
    assert "licence" in matrix.required
    assert "licence" not in RULES.matrix(OutcomeKind.FIRST_USE, Scope.CITY, (), ["intelligent-robotics"]).required
    outcome = used(small_world, "acceptance", "contract", "invoice")
    with pytest.raises(Invalid):
        claim(small_world, outcome, FACTS)


def test_a_first_use_by_an_owner_is_none_and_the_report_keeps_the_name(world: World) -> None:
    outcome = used(world)
    assert links_between(world.session, outcome) == []
    world.maker.owners, world.maker.legal_person = ["湾澜港务", "某基金"], "林某"
    world.port.legal_person = "林某"
    world.session.add_all([world.maker, world.port])
    world.session.commit()
    found = links_between(world.session, outcome)
    assert [link.kind for link in found] == [LinkKind.SHARED_OWNER, LinkKind.SAME_LEGAL_PERSON]
    assert all(link.text == "" for link in found)
    with pytest.raises(Invalid) as refused:
        claim(world, outcome, FACTS)
    assert "equity_link" in refused.value.fields


def test_sums_and_numbers_are_read() -> None:
    assert read_amount("580,000 hkd") == (580000, "HKD")
    assert read_amount("580000") == (580000, "CNY")
    assert read_amount("0.1 CNY") == (Decimal("0.1"), "CNY")
    for text in ("", "-3", "0", "12 EUR", "a b c", "inf", "nan", "1e999", "9" * 199 + "亿", "9×10^99 CNY"):
        assert read_amount(text) is None
    assert patent_number(" ZL 2024 ") == "ZL2024"
