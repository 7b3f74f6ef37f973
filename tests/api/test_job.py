"""Three people do the whole job by programs alone, against a running hall: by the client in ``examples/`` from two
drafts to a certificate and its revocation, and by curl from two drafts to a certificate."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import which

import pytest
from flask import Flask
from sqlmodel import select

from examples.scenario_hall_client import Hall, Refused
from scenario_hall.api.products import EXAMPLE as PRODUCT
from scenario_hall.api.scenarios import EXAMPLE as SCENARIO
from scenario_hall.config import ROOT
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.outcomes.models import Outcome
from tests.api.conftest import Program
from tests.api.fuzzing import served
from tests.world import World

REPORT = b"%PDF-1.7 what was measured"
ADVICE = {
    "advice": "approve",
    "marks": dict.fromkeys(("novelty", "reality", "results", "evidence"), 4),
    "reason": "材料齐全",
    "checked": ["acceptance", "trial_report"],
}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture
def people(hall: World, address: str, program: Callable[..., Program]) -> dict[str, Hall]:
    persons = {
        "demand": hall.port_person,
        "supplier": hall.maker_person,
        "administrator": hall.administrator,
        "second": hall.make_administrator("second@review.example"),
    }
    return {name: Hall(address, program(person).token) for name, person in persons.items()}


def let_the_notice_pass(hall: World) -> None:
    """Five working days are longer than a test may take."""
    hall.session.rollback()
    outcome = hall.session.exec(select(Outcome)).one()
    with transaction(hall.session):
        outcome.notice_until = now() - timedelta(days=1)
        hall.session.add(outcome)


def test_from_two_drafts_to_a_certificate(hall: World, address: str, people: dict[str, Hall]) -> None:  # noqa: PLR0915
    demand, supplier, administrator, second = people.values()
    anybody = Hall(address)

    # Written, reviewed, released.
    scenario = demand.create(
        "/scenarios", {"organization": demand.get("/me")["organization"]["id"], "content": SCENARIO}
    )
    product = supplier.create(
        "/products", {"organization": supplier.get("/me")["organization"]["id"], "content": PRODUCT}
    )
    assert (scenario["state"], scenario["missing"], product["missing"]) == ("draft", [], [])
    seen = demand.version(scenario["link"])
    demand.edit(scenario["link"], {"content": {"timetable": "2031"}}, seen=seen)
    with pytest.raises(Refused, match="412"):
        demand.edit(scenario["link"], {"content": {"timetable": "2032"}}, seen=seen)
    demand.act(scenario["link"], "submit")
    supplier.act(product["link"], "submit")
    returned = administrator.act(scenario["link"], "return", {"reason": "请补充", "notes": {"title": "太短"}})
    assert returned["state"] == "returned" and demand.get(scenario["link"])["notes"] == {"title": "太短"}
    demand.act(scenario["link"], "submit")
    assert "release" in administrator.get(scenario["link"])["actions"]
    with pytest.raises(Refused, match="403"):
        demand.act(scenario["link"], "release")
    assert administrator.act(scenario["link"], "release")["is_open"]
    assert administrator.act(product["link"], "list")["state"] == "listed"
    assert [each["code"] for each in anybody.every("/scenarios")] == [scenario["code"]]
    assert [each["code"] for each in anybody.lines("/products")] == [product["code"]]

    # Applied for, and accepted.
    offer = {"scenario": scenario["code"], "product": product["code"], "proposal": "我们以自动机场完成夜间巡检。"}
    application = supplier.create("/applications", offer)
    with pytest.raises(Refused, match="409"):
        supplier.create("/applications", offer)
    assert demand.act(application["link"], "shortlist", {})["state"] == "shortlisted"
    assert demand.act(application["link"], "accept", {"feedback": "欢迎"})["state"] == "accepted"

    # Planned, signed by both, run, reported, confirmed by the other side.
    plan = {
        "kind": "first_trial",
        "place": "3号泊位",
        "starts_on": "2026-11-01",
        "ends_on": "2026-11-10",
        "metrics": [{"metric": "续航时间", "comparison": "at_least", "value": 40, "unit": "min"}],
    }
    trial = supplier.act(application["link"], "plan", plan)["link"]
    assert supplier.act(trial, "sign")["signed_by"] == ["supplier"]
    assert demand.act(trial, "sign")["state"] == "signed"
    assert supplier.act(trial, "start")["state"] == "running"
    reported = supplier.act(trial, "report", {"measured": [43], "summary": "完成20架次。"})
    assert [line["outcome"] for line in reported["metrics"]] == ["met"]
    with pytest.raises(Refused, match="403"):
        supplier.act(trial, "confirm")
    assert demand.act(trial, "confirm")["state"] == "confirmed"

    # Claimed with evidence, which the reviewers read; advised by two, noticed, approved.
    for kind in ("trial_report", "acceptance"):
        kept = supplier.upload(trial, f"{kind}.pdf", REPORT, f"evidence.{kind}")
        assert administrator.download(kept["id"]) == REPORT
        with pytest.raises(Refused, match="404"):
            anybody.download(kept["id"])
    declarations = {"earlier_sales": "无", "equity_link": "无", "why_first": "本市首次"}
    claimed = supplier.act(trial, "claim", {"scope": "city", "declarations": declarations})
    assert (claimed["state"], claimed["evidence"]) == ("claimed", ADVICE["checked"])
    administrator.act(trial, "advise", ADVICE)
    assert second.act(trial, "advise", ADVICE)["state"] == "on_notice"
    assert anybody.get(trial)["state"] == "on_notice"
    with pytest.raises(Refused, match="409"):
        administrator.act(trial, "approve")
    let_the_notice_pass(hall)
    number = administrator.act(trial, "approve")["certificate"]

    # Anybody reads the certificate; its revocation is public, too.
    certificate = anybody.get(f"/certificates/{number}")
    assert certificate["is_valid"] and certificate["content"]["product"]["code"] == product["code"]
    assert anybody.get("/statistics")["approved"] == 1
    administrator.act(trial, "revoke", {"reason": "佐证材料有误"})
    assert anybody.get(f"/certificates/{number}")["revocation_reason"] == "佐证材料有误"


def test_the_walk_with_curl(hall: World, address: str, people: dict[str, Hall]) -> None:
    if which("curl") is None or which("jq") is None:
        pytest.skip("curl and jq are not installed")

    def walked(*codes: str) -> list[list[str]]:
        tokens = {name.upper(): each.token for name, each in people.items()}
        done = subprocess.run(
            [str(Path(ROOT) / "examples" / "whole_job.sh"), *codes],
            env={**os.environ, **tokens, "HALL": address},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [line.split() for line in done.stdout.splitlines()]

    lines = walked()
    states = ["released", "listed", "accepted", "signed", "confirmed", "claimed", "on_notice"]
    assert [state for _code, state in lines] == states
    let_the_notice_pass(hall)
    ((_number, is_valid),) = walked(lines[-1][0])
    assert is_valid == "true"


def test_the_client_is_short_and_needs_nothing() -> None:
    text = (Path(ROOT) / "examples" / "scenario_hall_client.py").read_text()
    assert len(text.splitlines()) <= 200
    imported = {
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= {"__future__", "collections", "json", "sys", "time", "typing", "urllib", "uuid"}
