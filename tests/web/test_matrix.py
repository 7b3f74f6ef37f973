"""Role × route × object: nobody who has nothing to do with a record succeeds with it. ``make audit`` prints the count.

``test_access.py`` says what each kind of person gets; here are the people between the kinds: who has left, is suspended,
only looks on, waits to be let in, asks after their time, or is an administrator without a second factor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.core.policy import Role
from scenario_hall.organizations import members
from scenario_hall.organizations.models import Membership, Side
from scenario_hall.organizations.service import act_on_organization
from tests.web.access_table import NO, NONE, OK, POSTS, TABLE
from tests.web.conftest import token
from tests.world import PASSWORD, World

# Where one's own things are, and what is everybody's; a success there is no success with another's record.
OWN = ("/account", "/desk", "/preferences", "/logout", "/register/confirm", "/lists/", "/organizations/new", "/login")
STRANGER = 4  # in the rows of the table: somebody of another organisation


def waits_to_be_let_in(hall: World) -> str:
    person = hall.person("waiting@x.example")
    members.request_membership(hall.actor(person), session=hall.session, organization=hall.port)
    return person.email


def has_left(hall: World) -> str:
    person = hall.person("left@x.example")
    membership: Membership = members.add_member(hall.session, account=person, organization=hall.port, role=Role.OWNER)
    members.remove_member(
        hall.actor(person), session=hall.session, organization=hall.port, membership_id=membership.id or 0
    )
    return person.email


def owns_a_suspended_one(hall: World) -> str:
    person = hall.person("suspended@x.example")
    made = hall.organization(person, Side.BOTH, "被暂停的单位")
    act_on_organization(
        hall.admin, session=hall.session, organization=made, action="suspend", reason="its licence has ended"
    )
    return person.email


def is_rejected(hall: World) -> str:
    person = hall.person("rejected@x.example")
    made = hall.organization(person, Side.BOTH, "未通过的单位", is_verified=False)
    act_on_organization(hall.admin, session=hall.session, organization=made, action="reject", reason="no such body")
    return person.email


def looks_on_elsewhere(hall: World) -> str:
    person, owner = hall.person("viewer@x.example"), hall.person("owner@x.example")
    made = hall.organization(owner, Side.BOTH, "第三家单位")
    members.add_member(hall.session, account=person, organization=made, role=Role.VIEWER)
    return person.email


def administers_without_a_second_factor(hall: World) -> str:
    return hall.make_administrator("half@hall.example").email


PEOPLE = (
    waits_to_be_let_in,
    has_left,
    owns_a_suspended_one,
    is_rejected,
    looks_on_elsewhere,
    administers_without_a_second_factor,
)


@pytest.fixture
def strict(hall_settings: Settings) -> Flask:
    return create_app(replace(hall_settings, second_factor="administrators"))


def entered(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    sent = {"csrf_token": token(client, "/login"), "email": email, "password": PASSWORD}
    assert client.post("/login", data=sent).status_code == 302
    return client


def succeeds(answer: TestResponse) -> bool:
    """A page, or on to the next one: not to log in, nor to set up what is missing."""
    if answer.status_code in (301, 302):
        return not any(word in answer.location for word in ("/login", "/account/second-factor", "/organizations/"))
    return answer.status_code < 300


@pytest.mark.parametrize("make", PEOPLE)
def test_nobody_succeeds_with_what_is_not_theirs(
    hall: World,
    strict: Flask,
    places: dict[str, str],
    make: Callable[[World], str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = entered(strict, make(hall))
    form, tried, unexpected = token(client, "/account"), 0, []
    for table, method in ((TABLE, "GET"), (POSTS, "POST")):
        for path, answers in table.items():
            if path.startswith(OWN) or answers[STRANGER] not in (NO, NONE):
                continue
            if "{unverified}" in path:  # that stranger's own
                continue
            data = {"csrf_token": form, "reason": "because", "version": "1"} if method == "POST" else None
            answer = client.open(path.format(**places), method=method, data=data)
            tried += 1
            if succeeds(answer):
                unexpected.append(f"{method} {path}: {answer.status_code}")
    with capsys.disabled():
        print(f"{make.__name__.replace('_', ' ')}: {tried} tried, {len(unexpected)} unexpected successes")
    assert unexpected == [] and tried > 40


def test_the_matrix_can_fail(hall: World, strict: Flask, places: dict[str, str]) -> None:
    """The owner of those records does succeed."""
    client = entered(strict, "port@port.example")
    seen = [
        path
        for path, answers in TABLE.items()
        if answers[STRANGER] in (NO, NONE) and answers[2] == OK and succeeds(client.get(path.format(**places)))
    ]
    assert len(seen) > 10
