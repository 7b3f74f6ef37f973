"""Whose turn it is, on the board and on the items' pages; the absence; the keys that a page lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlmodel import col, select

from scenario_hall.core.clock import local_today
from scenario_hall.notices.letters.table import LETTERS
from scenario_hall.notices.models import StoredLetter
from scenario_hall.notices.writing import catalogue
from scenario_hall.organizations.models import Account, Side
from tests.web.conftest import token
from tests.web.page_forms import forms_of
from tests.world import World

ADMIN, SECOND = "admin@hall.example", "second@hall.example"
EN = {"Accept-Language": "en"}


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("&#39;", "'").split())


def letters_to(hall: World, person: Account) -> list[str]:
    """The subjects of the letters to a person, as they were written meanwhile; the texts go when they are sent."""
    account_id = person.pk
    hall.session.rollback()
    return list(hall.session.exec(select(StoredLetter.subject).where(col(StoredLetter.account_id) == account_id)))


def subject_of(letter: str) -> str:
    return catalogue("zh_Hans").gettext(LETTERS[letter].subject)


def test_the_board_shows_whose_turn_it_is_and_takes_it(
    hall: World, as_person: Callable[[str], FlaskClient], follow: Callable[[], None]
) -> None:
    second = hall.make_administrator(SECOND)
    row = hall.submitted_scenario()
    admin, other = as_person(ADMIN), as_person(SECOND)
    page = f"/review/item/scenarios/{row.pk}/turn"
    assert "Anybody's turn" in words_of(admin.get("/review/?queue=scenarios", headers=EN).text)
    take, give = forms_of(admin.get(page, headers=EN).text)[-2:]
    answer = admin.post(page, data={**give.sent, "account": str(second.pk)})
    assert answer.location == "/review/?queue=scenarios"
    board = admin.get("/review/?queue=scenarios", headers=EN).text
    assert "Administrator's turn" in words_of(board) and "is-others" in board
    assert "your turn: 1" in words_of(other.get("/review/?queue=scenarios", headers=EN).text)
    assert "Your turn" in words_of(other.get(f"/review/scenarios/{row.code}", headers=EN).text)
    answer = admin.post(page, data={**take.sent, "account": str(hall.administrator.pk)})
    assert answer.location == f"/review/scenarios/{row.code}"
    follow()
    assert letters_to(hall, second).count(subject_of("review_given")) == 1
    assert subject_of("review_given") not in letters_to(hall, hall.administrator)


def test_who_may_not_be_given_an_item_is_refused_beside_the_choice(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    row, admin = hall.submitted_scenario(), as_person(ADMIN)
    page = f"/review/item/scenarios/{row.pk}/turn"
    sent = {"csrf_token": token(admin, page), "account": str(hall.port_person.pk)}
    refused = admin.post(page, data=sent, headers=EN)
    assert "Choose an administrator who may decide this item" in refused.text
    assert admin.get("/review/item/scenarios/9999/turn").status_code == 404
    assert admin.get("/review/item/nothing/1/turn").status_code == 404


def test_who_may_not_decide_an_item_is_not_asked_who_does(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    hall.make_administrator(SECOND)
    unverified = hall.organization(
        hall.make_administrator("third@hall.example"), Side.BOTH, "自己的", is_verified=False
    )
    third = as_person("third@hall.example")
    page = third.get(f"/review/item/organizations/{unverified.pk}/turn", headers=EN)
    assert "Four eyes" in page.text and 'name="account"' not in page.text
    board = third.get("/review/?queue=organizations", headers=EN).text
    assert "left to others by four eyes" in board


def test_an_absence_is_said_shown_and_ended(
    hall: World, as_person: Callable[[str], FlaskClient], follow: Callable[[], None]
) -> None:
    second = hall.make_administrator(SECOND)
    admin, last = as_person(ADMIN), local_today() + timedelta(days=5)
    sent = {"csrf_token": token(admin, "/review/absence"), "until": "2020-01-01", "stand_in": str(second.pk)}
    refused = admin.post("/review/absence", data=sent, headers=EN)
    assert "Choose a day from today on" in refused.text and 'value="2020-01-01"' in refused.text
    sent = {"csrf_token": token(admin, "/review/absence"), "until": last.isoformat(), "stand_in": str(second.pk)}
    assert admin.post("/review/absence", data=sent).location == "/review/"
    board = words_of(admin.get("/review/", headers=EN).text)
    assert "Administrator is away until" in board and "Administrator stands in." in board
    follow()
    assert letters_to(hall, second).count(subject_of("stands_in")) == 1
    back = {"csrf_token": token(admin, "/review/absence"), "back": "1"}
    assert admin.post("/review/absence", data=back).location == "/review/"
    assert "is away until" not in words_of(admin.get("/review/", headers=EN).text)


def test_a_page_lists_the_keys_that_do_something_on_it_and_no_others(
    hall: World, as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> None:
    """Each kind of item, each page that lists keys."""
    hall.organization(hall.person("twin@x.example"), Side.BOTH, "又一家", is_verified=False)
    admin, seen = as_person(ADMIN), {}
    addresses = ["/review/?queue=scenarios"]
    for queue in ("organizations", "facts", "scenarios", "products", "revisions", "outcomes", "objections", "notices"):
        board = admin.get(f"/review/?queue={queue}", headers=EN).text
        addresses += re.findall(r'data-review-row href="([^"#]+)', board)
    assert len(addresses) > 5
    for address in addresses:
        page = admin.get(address, headers=EN).text
        listed = set(re.findall(r"<kbd>(\S+)</kbd>", page)) - {"?"}
        works = set(re.findall(r'data-review-key="(\w)"', page))
        works |= {"r"} if "data-review-return" in page else set()
        works |= {"j", "k", "Enter"} if "data-review-row" in page else set()
        assert listed == works, address
        seen[address.split("/")[1], frozenset(listed)] = address
    assert any(key[0] == "outcomes" for key in seen)
