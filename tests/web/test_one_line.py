"""Every field of one line, on every page of the table of routes, refuses what breaks the line."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scenario_hall.core.lines import NOT_ONE_LINE
from tests.web.access_table import OK, ROLES, TABLE
from tests.web.conftest import EMAILS
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
# Read as a number or an address, or looked up and not kept: they have a rule of their own. A reason is a text that may
# have several lines elsewhere; the log keeps it as it is.
OTHERWISE = ("budget_", "price_", "-value", "-baseline", "measured-", "outcomes", "pilot_capacity", "adopters_count")
# Words may be parted by lines; no word has a control character.
BROKEN = "first line\r\n\r\nsecond\x1bline"
# What else has to be chosen for the field to be read.
NEEDED = {"statement-0": {"answer-0": ["meets"], "proposal": ["x"]}}
NOT_KEPT = ("q", "number", "reason", "email", "slug")


def is_held(name: str) -> bool:
    return not any(part in name for part in OTHERWISE) and name not in NOT_KEPT


def pages_of(role: str) -> list[str]:
    """The pages that this role sees, each only for the first role that does."""
    first = {
        path: next((who for who, seen in zip(ROLES, row, strict=True) if seen == OK), "") for path, row in TABLE.items()
    }
    return [path for path, who in first.items() if who == role]


# With an answer to a broken line: how many fields at least, so that the walk is no empty one.
FEWEST = {"visitor": 1, "unconfirmed": 5, "demand": 25, "supplier": 20, "administrator": 5}


@pytest.mark.parametrize("role", FEWEST)
def test_every_field_of_one_line_on_every_page_refuses_a_broken_line(
    hall: World, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], places: dict[str, str], role: str
) -> None:
    client = visitor if role == "visitor" else as_person(EMAILS[role])
    tried, wrong = 0, []
    for pattern in pages_of(role):
        path = pattern.format(**places)
        page = client.get(path, headers=EN)
        for form in forms_of(page.text) if page.mimetype == "text/html" else ():
            for name in filter(is_held, form.lines):
                sent = form.sent | NEEDED.get(name, {}) | {name: [BROKEN]}
                if form.sent.get("product") == [""]:  # none fits, so none is chosen beforehand
                    sent["product"] = re.findall(r'<option value="(P-[^"]+)"', page.text)[:1]
                answer = client.post(form.action or path, data=sent, headers=EN)
                tried += 1
                if NOT_ONE_LINE not in answer.text:
                    wrong.append(f"{path} {name}: {answer.status_code}")
    assert wrong == []
    assert tried >= FEWEST[role]
