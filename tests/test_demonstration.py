"""The demonstration data: invented, whole, in all its states, and the story plays."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, func, select

from scenario_hall.applications.judging.models import Declaration, Judging, Score
from scenario_hall.core.stores import FolderStore
from scenario_hall.core.values import Requirement, Specification
from scenario_hall.demonstration.cast import rows
from scenario_hall.demonstration.load import load_demonstration
from scenario_hall.demonstration.loaded import is_loaded
from scenario_hall.log.verifying import verify
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.registration import RegistrationKind, normalise_registration_number
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario


def test_it_is_large_enough_and_in_every_state() -> None:
    counts = {name: len(list(rows(name))) for name in ("organizations", "scenarios", "products", "story")}
    assert counts["organizations"] >= 30 and counts["scenarios"] >= 60 and counts["products"] >= 80
    states = Counter(row["state"] for row in rows("scenarios"))
    assert set(states) == {"draft", "submitted", "returned", "released", "closed", "withdrawn", "expired"}
    expired = {row["key"] for row in rows("scenarios") if row["state"] == "expired"}
    assert any(row["scenario"] in expired and row["state"] == "submitted" for row in rows("story"))  # waits on a desk
    outcomes = Counter(row["outcome"]["state"] for row in rows("story") if row.get("outcome"))
    assert outcomes["approved"] >= 6 and outcomes["running"] and outcomes["failed"]


def test_every_number_line_and_address_is_lawful() -> None:
    emails = []
    for row in rows("organizations"):
        kind = RegistrationKind(row["kind_of_registration"])
        assert normalise_registration_number(kind, row["registration_number"])
        emails += [person["email"] for person in row["people"]]
    assert len(emails) == len(set(emails))
    assert all(email.endswith(".example") for email in emails)
    for row in rows("scenarios"):
        for line in row["requirements"]:
            Requirement.model_validate(line)
    for row in rows("products"):
        for line in row["specifications"]:
            Specification.model_validate(line)


def test_the_story_plays_once_and_leaves_one_whole_chain(sqlite_engine: Engine, tmp_path: Path) -> None:
    with Session(sqlite_engine) as session:
        assert not is_loaded(session)
        steps = load_demonstration(session, "a password for all", FolderStore(tmp_path), lambda _done, _total: None)
        assert steps > 100 and is_loaded(session)
        assert verify(session).fault is None
        for table, least in ((Organization, 30), (Scenario, 60), (Product, 80), (Outcome, 10)):
            assert session.exec(select(func.count()).select_from(table)).one() >= least
        # One scenario is judged alone, with a declared conflict; another is in its joint round, a score revised there.
        assert {bool(each.revealed) for each in session.exec(select(Judging))} == {True, False}
        assert {each.has_conflict for each in session.exec(select(Declaration))} == {True, False}
        assert {each.is_joint for each in session.exec(select(Score))} == {True, False}
        # What came after the firsts: answered, asked and reminded in vain, and still to come.
        asked = session.exec(select(FollowUp)).all()
        assert sum(each.answered_at is not None for each in asked) >= 3
        assert any(each.is_overdue for each in asked)
        assert any(each.asked_at is None and each.next_step_on is not None for each in asked)
