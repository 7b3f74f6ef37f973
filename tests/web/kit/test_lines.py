"""Lines of a form: what is wrong with one is told at its field, any can be taken out, and more can be had without
JavaScript; in every form that has lines."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scenario_hall.scenarios.service import get_scenario
from tests.web.access_table import OK, ROLES, TABLE
from tests.web.conftest import EMAILS
from tests.web.page_forms import PageForm, forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
LINES = re.compile(r'<fieldset id="([a-z]+)" class="lines" data-lines>')


def form_of(page: str) -> PageForm:
    return next(form for form in forms_of(page) if form.action == "" and form.lines)


def invalid_fields(page: str) -> set[str]:
    """The names of the fields that the page says are wrong, each with a description that is on the page."""
    found = set()
    for tag in re.findall(r"<(?:input|select|textarea)[^>]*aria-invalid=\"true\"[^>]*>", page):
        told = re.search(r'aria-describedby="([^"]+)"', tag)
        assert told and all(f'id="{each}"' in page for each in told[1].split()), tag
        found.add(re.search(r'name="([^"]+)"', tag)[1])  # type: ignore[index]
    return found


def test_every_form_with_lines_gives_more_of_them_and_lets_each_be_taken_out(
    as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> None:
    walked: dict[str, str] = {}
    for role in ("demand", "supplier"):
        client = as_person(EMAILS[role])
        for pattern, row in TABLE.items():
            path = pattern.format(**places)
            if row[ROLES.index(role)] != OK:
                continue
            page = client.get(path, headers=EN)
            for name in LINES.findall(page.text) if page.mimetype == "text/html" else ():
                count = len(set(re.findall(rf'name="{name}-(\d+)-', page.text)))
                gone = len(set(re.findall(rf'name="{name}-(\d+)-gone"', page.text)))
                sent = form_of(page.text).sent
                more = client.post(path, data=sent | {"more": [name]}, headers=EN)
                after = len(set(re.findall(rf'name="{name}-(\d+)-', more.text)))
                walked[f"{path} {name}"] = (
                    f"{more.status_code} {gone - count} {after > count} {invalid_fields(more.text)}"
                )
    assert len(walked) >= 8
    assert set(walked.values()) == {"200 0 True set()"}, walked


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ({"metric": "续航"}, {"value"}),
        ({"value": "5"}, {"metric"}),
        ({"metric": "温度", "comparison": "between", "value": "50", "value_high": "-10"}, {"value_high"}),
        ({"metric": "温度", "comparison": "between", "value": "50"}, {"value_high"}),
        ({"metric": "温度", "comparison": "between", "value_high": "50"}, {"value"}),
        ({"metric": "续航", "comparison": "at_least", "value": "5", "value_high": "6"}, {"value_high"}),
        ({"metric": "防爆", "comparison": "has", "value": "1"}, {"value"}),
        ({"metric": "温度", "comparison": "between", "value": "-10~50"}, {"value"}),
        ({"metric": "x" * 121, "value": "5"}, {"metric"}),
        ({"metric": "续航", "gone": "y"}, set()),
        ({"value": "much", "gone": "y"}, set()),
        ({"metric": "温度", "comparison": "between", "value": "-10", "value_high": "50"}, set()),
        ({"metric": "防爆", "comparison": "has"}, set()),
        ({}, set()),
    ],
)
def test_what_is_wrong_with_a_line_is_told_at_its_field(
    hall: World, as_person: Callable[[str], FlaskClient], line: dict[str, str], wrong: set[str]
) -> None:
    draft = hall.draft_scenario(requirements=[])
    client, path = as_person(EMAILS["demand"]), f"/scenarios/{draft.code}/reading"
    sent = form_of(client.get(path, headers=EN).text).sent
    fields = {"comparison": "at_least", "necessity": "must", "unit": ""} | line
    answer = client.post(
        path, data=sent | {f"requirements-1-{name}": [value] for name, value in fields.items()}, headers=EN
    )
    assert answer.status_code == (200 if wrong else 302)
    assert invalid_fields(answer.text) == {f"requirements-1-{name}" for name in wrong}
    for name in wrong:  # the list above the form leads there
        assert f'<a href="#requirements-1-{name}">' in answer.text
    if not wrong:
        hall.session.rollback()
        kept = get_scenario(hall.session, draft.code).requirement_lines
        assert len(kept) == (1 if "metric" in line and "gone" not in line else 0)
