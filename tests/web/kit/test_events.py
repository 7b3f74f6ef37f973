"""A line of the log on a page: its kind and its fields in the reader's language."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.clock import now
from scenario_hall.log.chain import Event
from scenario_hall.web.kit.events import event_details, event_runs, event_title


def line(kind: str, subject: str = "scenario", **data: Any) -> Event:
    return Event(
        id=1, at=now(), kind=kind, subject_kind=subject, subject_id=1, subject_code="S", data=canonical_json(data)
    )


def test_a_kind_has_its_name_and_an_unknown_one_keeps_what_is_stored(app: Flask) -> None:
    with app.test_request_context("/?lang=zh-Hans"):
        assert event_title(line("scenario.released")) == "已发布"
        assert event_title(line("scenario.praised")) == "scenario.praised"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"from": "submitted", "to": "released"}, [("State before", "Under review"), ("State after", "Open")]),
        ({"fields": ["deadline", "budget_max"]}, [("Fields changed", "Deadline, Budget up to")]),
        ({"milestone": "started", "due": "2026-12-01"}, [("Due on", "December 1, 2026"), ("Milestone", "Started")]),
        ({"until": "2026-11-30T16:30:00+00:00"}, [("Until", "December 1, 2026")]),
        ({"upheld": False, "retired": True}, [("Retired", "Yes"), ("Objection upheld", "No")]),
        ({"plan": "0123456789abcdef" * 4}, [("Plan", "0123456789ab…")]),
        ({"notes": {"situation": "太短"}}, [("Notes", "Situation today: 太短")]),
        ({"criteria": [{"name": "价格", "weight": 30}]}, [("Criteria", "Name: 价格; Weight: 30")]),
        ({"answers": {"contract": "not_yet", "adopters": []}}, [("Answers", "Contract: Not yet")]),
        ({"reason": "", "notes": {}}, []),
        ({"praise": "x"}, [("praise", "x")]),
    ],
)
def test_fields_have_names_and_values_are_in_words(app: Flask, said: dict[str, Any], shown: list[Any]) -> None:
    with app.test_request_context("/?lang=en"):
        assert event_details(line("scenario.returned", **said)) == shown


def test_a_state_is_named_as_its_record_names_it(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert event_details(line("application.withdrawn", "application", **{"from": "submitted"})) == [
            ("State before", "Submitted")
        ]


def test_fields_can_be_left_out(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert event_details(line("scenario.returned", title="x", reason="y"), "title") == [("Reason", "y")]


def test_what_was_done_again_and_again_is_one_line_and_what_has_a_reason_its_own() -> None:
    def line(number: int, kind: str, **data: str) -> Event:
        return Event(
            id=number,
            at=now(),
            kind=kind,
            subject_kind="scenario",
            subject_id=1,
            subject_code="S",
            data=json.dumps(data),
            previous_hash="",
            hash="",
        )

    saved = [line(number, "scenario.saved") for number in (9, 8, 7)]
    returned = [line(number, "scenario.returned", reason="x") for number in (6, 5)]
    events = [*saved, *returned, line(4, "scenario.submitted"), line(3, "scenario.saved")]
    assert [(event.id, count) for event, count in event_runs(events)] == [(9, 3), (6, 1), (5, 1), (4, 1), (3, 1)]
    assert sum(count for _, count in event_runs(events)) == len(events)
    assert event_runs([]) == []
