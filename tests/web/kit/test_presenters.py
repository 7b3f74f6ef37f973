"""What a match's score is made of, as bars."""

from __future__ import annotations

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenario_hall.matching.engine.explanation import PART_NAMES, Reasons
from scenario_hall.matching.service import ShownMatch
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.web.kit.presenters import features_of

PARTS = st.fixed_dictionaries({name: st.floats(0, 2) for name in ("words", "tags", "meaning", "requirements")})


def match_of(parts: dict[str, float], score: int | None) -> ShownMatch:
    scenario, product = Scenario(code="S", organization_id=1), Product(code="P", organization_id=1)
    return ShownMatch(scenario, product, score, False, Reasons(parts=parts), "1")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=PARTS, conditions=st.floats(-1, 1), score=st.integers(0, 100))
def test_the_bars_are_points_that_make_the_score(
    app: Flask, parts: dict[str, float], conditions: float, score: int
) -> None:
    rank = sum(parts.values()) + conditions
    with app.test_request_context():
        made = features_of(match_of({**parts, "fit": rank}, score))
    assert [bar.key for bar in made] == list(PART_NAMES)
    assert all(0 <= bar.value <= score for bar in made)
    if sum(parts.values()) + max(conditions, 0) > 0:
        assert abs(sum(bar.value for bar in made) - score) <= len(PART_NAMES) / 2


def test_without_a_score_there_are_no_bars(app: Flask) -> None:
    with app.test_request_context():
        assert features_of(match_of({"fit": 1.0}, None)) == []
        assert features_of(match_of({}, 50)) == []
