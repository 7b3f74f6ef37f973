"""The rules are data: dated, whole, edited by administrators without touching what was in force."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scenario_hall.core.clock import local_today
from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.outcomes.claim.rules import Scope, make_rules, read_rules, rules_on, shipped_rules
from scenario_hall.outcomes.models import OutcomeKind
from tests.world import World


def test_a_use_in_the_country_needs_more_than_one_in_a_city() -> None:
    rules = shipped_rules()[-1]
    city = rules.matrix(OutcomeKind.FIRST_USE, Scope.CITY, ())
    country = rules.matrix(OutcomeKind.FIRST_USE, Scope.COUNTRY, ())
    assert set(city.required) < set(country.required)
    assert rules.matrix(OutcomeKind.FIRST_USE, Scope.CITY, {"acceptance", "contract", "invoice"}).missing == ()


def test_a_wider_scope_covers_what_is_inside_it() -> None:
    rules = shipped_rules()[-1]
    assert set(rules.covering(Scope.CITY)) == set(Scope)
    assert rules.covering(Scope.WORLD) == (Scope.WORLD,)
    assert Scope.PROVINCE not in rules.covering(Scope.BAY_AREA)


def test_new_rules_begin_on_their_day(world: World) -> None:
    shipped = shipped_rules()[-1]
    begins = local_today() + timedelta(days=30)
    content = {
        **shipped.model_dump(mode="json"),
        "version": "2026.9",
        "valid_from": begins.isoformat(),
        "notice_working_days": 10,
    }
    make_rules(world.admin, session=world.session, rules=read_rules(content))
    assert rules_on(world.session, local_today()).notice_working_days == shipped.notice_working_days
    assert rules_on(world.session, begins).notice_working_days == 10
    with pytest.raises(Invalid):
        make_rules(world.admin, session=world.session, rules=read_rules(content))
    early = read_rules({**content, "version": "x", "valid_from": date(2026, 1, 2).isoformat()})
    with pytest.raises(Invalid):
        make_rules(world.admin, session=world.session, rules=early)
    with pytest.raises(Denied):
        make_rules(world.demand, session=world.session, rules=read_rules({**content, "version": "y"}))


def test_rules_that_do_not_hold_together_are_refused() -> None:
    shipped = shipped_rules()[-1]
    content = shipped.model_dump(mode="json")
    with pytest.raises(ValueError, match="no list names"):
        read_rules({**content, "kinds_of_evidence": []})
    with pytest.raises(ValueError, match="every scope"):
        read_rules({**content, "covers": {"city": []}})


def test_the_shipped_rules_speak_four_languages_and_older_ones_english_for_portuguese() -> None:
    shipped = shipped_rules()[-1]
    assert all(each.pt for each in (*shipped.rubric, *shipped.kinds_of_evidence))
    assert shipped.evidence_name("invoice", "pt") == "Fatura"
    content = shipped.model_dump(mode="json", exclude={"kinds_of_evidence": {"__all__": {"pt"}}})
    assert read_rules(content).evidence_name("invoice", "pt") == "Invoice"


def test_a_kind_of_evidence_has_its_name_and_facts_and_an_unknown_one_its_key() -> None:
    rules = shipped_rules()[-1]
    for each in rules.kinds_of_evidence:
        assert rules.evidence_name(each.key, "en") == each.name("en") != rules.evidence_name(each.key, "zh_Hans")
        assert rules.facts_of(each.key) == each.facts
    assert rules.evidence_name("no_such_kind", "en") == "no_such_kind" and rules.facts_of("no_such_kind") == ()
