"""A lifecycle is its rows: where a record begins, where each action leads, and nothing that no row says."""

from __future__ import annotations

from scenario_hall.core.lifecycle import Lifecycle, Transition

SUBMIT = Transition("draft", "submit", ("owner",), "sent", "thing.submitted")
RETURN = Transition("sent", "return", ("administrator",), "draft", "thing.returned", needs_reason=True)
ACCEPT = Transition("sent", "accept", ("administrator",), "done", "thing.accepted")
THING = Lifecycle("thing", "draft", iter((SUBMIT, RETURN, ACCEPT)))


def test_it_keeps_what_it_is_about_where_it_begins_and_its_rows() -> None:
    made = Lifecycle("thing", "draft", iter((SUBMIT, RETURN, ACCEPT)))
    assert (made.subject, made.initial, made.transitions) == ("thing", "draft", (SUBMIT, RETURN, ACCEPT))


def test_states_and_actions_are_each_named_once_in_their_order() -> None:
    assert THING.states == ("draft", "sent", "done")
    assert THING.actions == ("submit", "return", "accept")
    assert Lifecycle("lone", "only", ()).states == ("only",)


def test_only_what_a_row_says_is_found() -> None:
    assert THING.find("sent", "return") is RETURN
    assert THING.find("draft", "return") is None and THING.find("done", "submit") is None
    assert not SUBMIT.needs_reason and RETURN.needs_reason
