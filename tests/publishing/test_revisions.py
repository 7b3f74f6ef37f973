"""Comparison of two states of a record's content."""

from __future__ import annotations

from scenario_hall.publishing.revisions import changes
from scenario_hall.scenarios.fields import FIELDS


def test_a_field_that_an_old_revision_does_not_know_is_as_good_as_empty() -> None:
    after = {"title": "甲", "site_space": "", "requirements": [], "budget_min": None}
    assert changes(FIELDS, {"title": "甲"}, after) == []


def test_a_sum_of_nothing_differs_from_a_sum_that_is_not_stated() -> None:
    (change,) = changes(FIELDS, {"budget_min": None}, {"budget_min": 0})
    assert (change.field.label, change.before, change.after) == ("Budget from", None, 0)
