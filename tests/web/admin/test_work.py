"""Administrators see what could not be done and have it tried again."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.exchange import faults
from scenario_hall.exchange.faults import RowFault
from scenario_hall.exchange.models import ImportRun, ImportState
from scenario_hall.log.failures import Failure, record_failure
from scenario_hall.notices.models import LetterState, StoredLetter
from scenario_hall.worker.health import LATE
from tests.web.conftest import token
from tests.world import World

AsPerson = Callable[[str], FlaskClient]
PAGE = "/admin/work/"


def test_a_hall_with_nothing_to_report_says_so(hall: World, as_person: AsPerson, follow: Callable[[], None]) -> None:
    follow()
    assert "Everything is done." in as_person("admin@hall.example").get(f"{PAGE}?lang=en").text


def test_what_failed_is_shown_and_tried_again(hall: World, as_person: AsPerson, database: Session) -> None:
    record_failure(database, "matcher", "12", ValueError("cannot be read"))
    admin = as_person("admin@hall.example")
    page = admin.get(f"{PAGE}?lang=en").text
    assert "Matching · 12" in page and "cannot be read" in page and "Everything is done." not in page
    before = database.get_one(Failure, ("matcher", "12")).next_try_at
    sent = {"csrf_token": token(admin, PAGE), "work": "matcher", "item": "12"}
    assert admin.post(f"{PAGE}failures", data=sent).status_code == 302
    database.rollback()  # what was read above is an older picture of the database
    assert database.get_one(Failure, ("matcher", "12")).next_try_at < before
    assert admin.post(f"{PAGE}failures", data={**sent, "item": "13"}).status_code == 404


def test_a_letter_that_failed_is_sent_again(hall: World, as_person: AsPerson, database: Session) -> None:
    database.add(
        StoredLetter(
            event_id=1,
            number=0,
            to="gone@new.example",
            subject="A letter",
            message_id="<1@hall>",
            state=LetterState.FAILED,
            last_error="550 no such user",
        )
    )
    database.commit()
    letter = database.exec(select(StoredLetter).where(col(StoredLetter.to) == "gone@new.example")).one()
    admin = as_person("admin@hall.example")
    page = admin.get(f"{PAGE}?lang=en").text
    assert "gone@new.example" in page and "550 no such user" in page
    sent = {"csrf_token": token(admin, PAGE)}
    assert admin.post(f"{PAGE}letters/{letter.id}", data=sent).status_code == 302
    database.rollback()
    assert letter.state == LetterState.WAITING
    assert admin.post(f"{PAGE}letters/{letter.id}", data=sent).status_code == 404


def test_readyz_tells_the_lag_of_each_reader(hall: World, visitor: FlaskClient, follow: Callable[[], None]) -> None:
    follow()
    hall.released_scenario()
    readers = visitor.get("/readyz").get_json()["readers"]
    assert readers["search"]["events"] == readers["matcher"]["events"] > 0
    follow()
    assert all(each == {"events": 0, "seconds": 0.0} for each in visitor.get("/readyz").get_json()["readers"].values())


def test_an_import_is_shown_with_how_far_it_is_and_what_was_found(
    hall: World, as_person: AsPerson, database: Session
) -> None:
    fault = RowFault(3, "title", "", faults.NO_TITLE).as_json()
    run = ImportRun(kind="products", file_name="名录.csv", fingerprint="f", total=9, position=4, check_faults=[fault])
    run.state, run.touched_at = ImportState.TAKING, now() - 2 * LATE
    database.add(run)
    database.commit()
    page = as_person("admin@hall.example").get(f"{PAGE}?lang=en").text
    assert "名录.csv" in page and "Being imported" in page and "4 of 9 rows" in page
    assert "Row 3" in page and "no title" in page
    assert "Everything is done." not in page  # nobody has gone on with it
