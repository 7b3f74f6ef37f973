"""Administrators see whether the scores of matches keep what they promise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scenario_hall.matching.models import MatchOpinion, Opinion
from scenario_hall.matching.opinions import say_of_match
from tests.world import World

PAGE = "/admin/matching/"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ("Useful matches, by score", "Promised by the score", "favour the present ranking")),
        ("zh-Hans", ("有用的匹配（按分数）", "分数所预示", "偏向现有排序")),
        ("zh-Hant", ("有用的匹配（按分數）", "分數所預示", "偏向現有排序")),
        ("pt", ("Correspondências úteis, por pontuação", "Prometido pela pontuação", "favorecem a ordem actual")),
    ],
)
def test_precision_by_band_stands_beside_what_the_score_promised(
    hall: World,
    as_person: Callable[[str], FlaskClient],
    follow: Callable[[], None],
    locale: str,
    words: tuple[str, ...],
) -> None:
    assert "No owner has judged" in as_person("admin@hall.example").get(f"{PAGE}?lang=en").text
    product, scenario = hall.listed_product(), hall.released_scenario()
    follow()
    hall.session.rollback()  # what was read before is an older picture of the database
    say_of_match(hall.demand, session=hall.session, scenario=scenario, product=product, opinion=Opinion.USEFUL)
    said = hall.session.get_one(MatchOpinion, (scenario.pk, product.pk))
    page = as_person("admin@hall.example").get(f"{PAGE}?lang={locale}").text
    assert all(word in page for word in words)
    assert f"{said.score} %" in page and "100 %" in page
