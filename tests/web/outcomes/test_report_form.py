"""Reporting what was measured: a field for each metric, both ends of a range, faults at their field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scenario_hall.core.clock import local_today
from scenario_hall.core.values import Comparison
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from scenario_hall.outcomes.plan.metrics import MetricVerdict, PlanMetric
from scenario_hall.outcomes.plan.service import plan_outcome, sign_plan
from scenario_hall.outcomes.run.service import object_to_results, start_outcome
from scenario_hall.outcomes.service import results_hash
from tests.web.conftest import EMAILS
from tests.web.kit.test_lines import invalid_fields
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}


@pytest.fixture
def running(hall: World) -> Outcome:
    """A trial whose plan asks for a span of temperatures."""
    metrics = [
        PlanMetric(metric="续航时间", comparison=Comparison.AT_LEAST, value=40, unit="分钟"),
        PlanMetric(metric="工作温度", comparison=Comparison.BETWEEN, value=-10, value_high=50, unit="℃"),
    ]
    planned = plan_outcome(
        hall.supplier,
        session=hall.session,
        application=hall.accepted(),
        kind=OutcomeKind.FIRST_TRIAL,
        place="3号泊位",
        starts_on=local_today(),
        ends_on=local_today(),
        metrics=metrics,
    )
    for actor in (hall.supplier, hall.demand):
        sign_plan(actor, session=hall.session, outcome=planned, version=None)
    return start_outcome(hall.supplier, session=hall.session, outcome=planned)


def sent_from(client: FlaskClient, path: str) -> dict[str, list[str]]:
    return next(form for form in forms_of(client.get(path, headers=EN).text) if "measured-0" in form.sent).sent


def test_a_range_is_reported_with_both_ends_shown_and_given_back(
    hall: World, as_person: Callable[[str], FlaskClient], running: Outcome
) -> None:
    client, path = as_person(EMAILS["supplier"]), f"/outcomes/{running.code}/report"
    typed = {"measured-0": ["43"], "measured-1": ["-12"], "measured-1-high": ["55"], "summary": ["完成"]}
    assert client.post(path, data=sent_from(client, path) | typed).status_code == 302
    hall.session.rollback()
    assert [line.verdict for line in running.metric_lines] == [MetricVerdict.MET] * 2
    page = client.get(f"/outcomes/{running.code}", headers=EN).text
    assert "-12 – 55 ℃" in page and "43 分钟" in page
    object_to_results(hall.demand, session=hall.session, outcome=running, reason="高温段缺数据")
    again = sent_from(client, path)
    assert (again["measured-1"], again["measured-1-high"]) == (["-12"], ["55"])


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"measured-0": "much"}, {"measured-0"}),
        ({"measured-0": "nan"}, {"measured-0"}),
        ({"measured-1": "-12~55"}, {"measured-1"}),
        ({"measured-1-high": "55"}, {"measured-1"}),
        ({"measured-1": "55", "measured-1-high": "-12"}, {"measured-1"}),
        ({"measured-0": "x", "measured-1-high": "y", "summary": ""}, {"measured-0", "measured-1-high", "summary"}),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(
    as_person: Callable[[str], FlaskClient], running: Outcome, typed: dict[str, str], wrong: set[str]
) -> None:
    client, path = as_person(EMAILS["supplier"]), f"/outcomes/{running.code}/report"
    sent = sent_from(client, path) | {"summary": ["完成"]} | {name: [text] for name, text in typed.items()}
    answer = client.post(path, data=sent, headers=EN)
    assert answer.status_code == 200
    assert invalid_fields(answer.text) == wrong
    for name, text in typed.items():
        assert f'value="{text}"' in answer.text or not text
        assert name not in wrong or f'<a href="#{name}">' in answer.text


def test_a_number_counts_as_before_in_what_the_log_says_of_results(running: Outcome) -> None:
    """The fingerprint of results without a range is that of the numbers alone, as entries of the log hold it."""
    lines = [line.with_measured(value) for line, value in zip(running.metric_lines, (43.0, 20.0), strict=True)]
    stored = [line.model_dump(mode="json") for line in lines]
    running.metrics = stored
    with_field = results_hash(running)
    running.metrics = [{key: value for key, value in line.items() if key != "measured_high"} for line in stored]
    assert results_hash(running) == with_field
    running.metrics = [lines[0].model_dump(mode="json"), lines[1].with_measured((20, 21)).model_dump(mode="json")]
    assert results_hash(running) != with_field
