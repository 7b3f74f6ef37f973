"""The log as programs read it: without a gap, in pages that stay as they are, and without what is nobody's to read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlmodel import col, select

from scenario_hall.config import ROOT, Settings
from scenario_hall.core.db import transaction
from scenario_hall.core.keys import KeyRing
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.dossiers import change_feed
from scenario_hall.log.chain import Event, append, last_id
from scenario_hall.log.checkpoints import make_checkpoint, origin_of
from scenario_hall.log.kinds.table import KINDS, PUBLIC_KINDS
from scenario_hall.organizations.lifecycle import LIFECYCLE as ORGANIZATION
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.outcomes.lifecycle import LIFECYCLE as OUTCOME
from scenario_hall.privacy.words import erase_line
from scenario_hall.products.lifecycle import LIFECYCLE as PRODUCT
from scenario_hall.products.service import delist_product, submit_product
from scenario_hall.scenarios.lifecycle import LIFECYCLE as SCENARIO
from scenario_hall.scenarios.service import amend_scenario, end_scenario
from tests.api.conftest import Document, Program
from tests.api.test_pages import pasted
from tests.world import World

SMALL = 7  # entries of a full page in these tests
REASON = "工期改了"
Page = dict[str, Any]


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_feed, "SIZE", SMALL)


@pytest.fixture
def signed(hall: World, hall_settings: Settings) -> Callable[[], object]:
    """Signs a checkpoint of all that is there."""
    ring = KeyRing(hall_settings.signing_keys)
    origin = origin_of(hall_settings.base_url)
    return lambda: make_checkpoint(hall.session, ring, origin=origin, file=hall_settings.checkpoints)


def pages(program: Program, **query: str) -> list[Page]:
    """All of them, each after the one before."""
    found: list[Page] = []
    after = 0
    while True:
        asked = "&".join(f"{name}={value}" for name, value in {**query, "after": str(after)}.items())
        page = program.get(f"/changes?{asked}").json or {}
        if not page["entries"]:
            assert page["next"] == after
            return found
        found.append(page)
        after = page["next"]


def amended(hall: World, reason: str = REASON) -> str:
    """A released scenario, amended."""
    scenario = hall.released_scenario()
    amend_scenario(
        hall.demand,
        session=hall.session,
        scenario=scenario,
        version=None,
        content={"contact_name": "另一位", "timetable": "2031"},
        reason=reason,
    )
    return scenario.code


def line(hall: World, kind: str) -> int:
    found = hall.session.exec(select(Event.id).where(col(Event.kind) == kind).order_by(col(Event.id).desc())).first()
    hall.session.rollback()
    assert found is not None
    return found


def test_every_entry_is_there_and_a_private_one_says_no_more_than_that(hall: World, anybody: Program) -> None:
    hall.released_scenario(title="公开的题目")
    draft = hall.submitted_scenario(title="秘密题目").code
    hall.approved()
    hall.session.commit()
    events = list(hall.session.exec(select(Event).order_by(col(Event.id))))
    for query in ({}, {"words": "true"}):
        read = pages(anybody, **query)
        assert all(len(page["entries"]) == SMALL and page["is_full"] for page in read[:-1])
        entries = [entry for page in read for entry in page["entries"]]
        assert [entry["id"] for entry in entries] == [each.id for each in events] == list(range(1, len(events) + 1))
        for entry, each in zip(entries, events, strict=True):
            if each.kind in PUBLIC_KINDS:
                assert (entry["kind"], entry["code"], entry["subject"]) == (
                    each.kind,
                    each.subject_code,
                    each.subject_kind,
                )
                assert entry["revision"] == each.fields.get("revision")
            else:
                assert set(entry) == {"id"}
        text = json.dumps(read, ensure_ascii=False)
        assert "秘密题目" not in text and draft not in text and "secret-contact" not in text
        assert ("公开的题目" in text) == bool(query)


def test_words_are_told_as_they_may_be_read_now(hall: World, anybody: Program, hall_settings: Settings) -> None:
    code = amended(hall)

    def told() -> tuple[Any, Any]:
        hall.session.commit()
        entries = [entry for page in pages(anybody, words="true") for entry in page["entries"]]
        records = {each["code"]: each for page in pages(anybody, words="true") for each in page["records"]}
        return next(each["words"] for each in entries if each.get("kind") == "scenario.amended"), records[code]

    words, record = told()
    assert words["reason"] == REASON and words["title"] == record["content"]["title"]
    assert (record["is_public"], record["revision"], record["content"]["contact_email"]) == (True, 2, None)
    erase_line(hall.admin, session=hall.session, line_id=line(hall, "scenario.amended"), outbox=hall_settings.data_dir)
    assert told()[0] == {"title": None, "reason": None}
    for action, is_public in (("suspend", False), ("reinstate", True)):
        act_on_organization(hall.admin, session=hall.session, organization=hall.port, action=action, reason="x")
        words, record = told()
        assert record["is_public"] is is_public and (record["content"] is not None) is is_public
        assert words == ({"title": None, "reason": None} if is_public else {})
        last = pages(anybody)[-1]["entries"][-1]
        assert set(last) == {"id", "at", "organization"} and last["organization"] == hall.port.pk


def test_what_leaves_the_public_by_a_private_entry_is_told(hall: World, anybody: Program) -> None:
    product = hall.listed_product()
    delist_product(hall.supplier, session=hall.session, product=product, version=None, reason="停产")
    never = hall.submitted_product()
    submit_product(hall.supplier, session=hall.session, product=product, version=None)
    hall.session.commit()
    page = pages(anybody, words="true")[-1]
    last = page["entries"][-1]
    assert set(last) == {"id", "at", "subject", "code"} and last["code"] == product.code != never.code
    assert next(each for each in page["records"] if each["code"] == product.code)["is_public"] is False
    assert anybody.get(f"/products/{product.code}").status_code == 404


@pytest.mark.parametrize(
    ("subject", "lifecycle"),
    [("scenario", SCENARIO), ("product", PRODUCT), ("outcome", OUTCOME), ("organization", ORGANIZATION)],
)
def test_no_way_into_or_out_of_the_public_is_silent(subject: str, lifecycle: Lifecycle) -> None:
    """Each such step of a lifecycle is a public entry, or says from where to where it went."""
    public = change_feed.PUBLIC_STATES[subject]
    crossing = [row for row in lifecycle.transitions if (row.state in public) != (row.next in public)]
    assert crossing
    for row in crossing:
        kind = KINDS[row.event]
        assert kind.is_public or {"from", "to"} <= set(kind.fields), row


def kept_for_ever(answer: Any) -> bool:
    says = answer.headers["Cache-Control"]
    assert says in ("public, max-age=31536000, immutable", "public, no-cache"), says
    return "immutable" in says


def test_only_what_can_never_change_may_be_kept(hall: World, anybody: Program, signed: Callable[[], object]) -> None:
    for _ in range(2):
        amended(hall)
    hall.session.commit()
    epoch = (anybody.get("/changes").json or {})["epoch"]
    assert not kept_for_ever(anybody.get(f"/changes?after=0&epoch={epoch}"))  # no checkpoint has it yet
    signed()
    for _ in range(SMALL):
        hall.draft_scenario()
    end = last_id(hall.session)
    hall.session.rollback()
    kept = {after for after in range(end + 1) if kept_for_ever(anybody.get(f"/changes?after={after}&epoch={epoch}"))}
    covered = (anybody.get("/changes").json or {})["checkpoint"]["size"]
    assert kept == {after for after in range(0, covered, SMALL) if after + SMALL <= covered} and len(kept) > 1
    for query in ("after=0", f"after=0&words=true&epoch={epoch}"):
        assert not kept_for_ever(anybody.get(f"/changes?{query}"))


def test_a_kept_page_stays_true_whatever_happens(
    hall: World, anybody: Program, hall_settings: Settings, signed: Callable[[], object]
) -> None:
    code = amended(hall)
    product = hall.listed_product()
    for _ in range(2):
        hall.released_scenario()
    hall.session.commit()
    signed()
    epoch = (anybody.get("/changes").json or {})["epoch"]

    def kept() -> dict[int, bytes]:
        end = last_id(hall.session)
        hall.session.rollback()
        answers = {after: anybody.get(f"/changes?after={after}&epoch={epoch}") for after in range(0, end, SMALL)}
        return {after: each.data for after, each in answers.items() if kept_for_ever(each)}

    before = kept()
    delist_product(hall.supplier, session=hall.session, product=product, version=None, reason="停产")
    submit_product(hall.supplier, session=hall.session, product=product, version=None)
    erase_line(hall.admin, session=hall.session, line_id=line(hall, "scenario.amended"), outbox=hall_settings.data_dir)
    erase_line(hall.admin, session=hall.session, line_id=line(hall, "scenario.released"), outbox=hall_settings.data_dir)
    act_on_organization(hall.admin, session=hall.session, organization=hall.port, action="suspend", reason="x")
    hall.listed_product()
    hall.session.commit()
    signed()
    after = kept()
    assert {name: after[name] for name in before} == before and len(after) > len(before) > 2
    assert code.encode() in b"".join(before.values()) and REASON.encode() not in b"".join(after.values())


def test_what_was_seen_is_not_sent_again_until_it_is_other(
    hall: World, anybody: Program, hall_settings: Settings
) -> None:
    amended(hall)
    hall.session.commit()
    path = "/changes?words=true"
    at = line(hall, "scenario.amended")
    path = f"/changes?words=true&after={(at - 1) // SMALL * SMALL}"
    tag = anybody.get(path).headers["ETag"]
    same = anybody.get(path, If_None_Match=tag)
    assert same.status_code == 304 and same.headers["Cache-Control"] == "public, no-cache"
    erase_line(hall.admin, session=hall.session, line_id=at, outbox=hall_settings.data_dir)
    assert anybody.get(path, If_None_Match=tag).status_code == 200


def restored(hall: World, lines: int) -> None:
    """The line that a restoration writes (``recovery/restore.py``)."""
    with transaction(hall.session):
        append(
            hall.session,
            kind="log.restored",
            actor_id=None,
            subject_kind="log",
            subject_id=0,
            subject_code="",
            data={"lines": lines, "made": "2026-11-28T00:00:00+00:00"},
        )


def test_after_a_restoration_everybody_begins_anew(hall: World, anybody: Program) -> None:
    hall.released_scenario()
    hall.session.commit()
    first = anybody.get("/changes").json or {}
    epoch, end = first["epoch"], last_id(hall.session)
    hall.session.rollback()
    assert anybody.get(f"/changes?epoch={epoch}&after={end}").status_code == 200
    for over in (f"/changes?after={end + 1}", f"/changes?epoch={'0' * 16}", f"/changes?epoch={epoch}&after={end + 9}"):
        assert anybody.get(over).status_code == 410
    restored(hall, end)
    answer = anybody.get(f"/changes?epoch={epoch}&after={end}")
    assert answer.status_code == 410 and "private" in answer.headers["Cache-Control"]
    restart = (answer.json or {})["restart"]
    assert restart["after"] == 0 and restart["epoch"] != epoch
    assert anybody.get(f"/changes?epoch={restart['epoch']}&after=0").status_code == 200
    assert anybody.get(f"/changes?epoch={epoch}", Accept="application/jsonl").status_code == 410
    restored(hall, end)  # the same backup once more
    assert (anybody.get("/changes").json or {})["epoch"] not in (epoch, restart["epoch"])


def test_the_requests_of_the_documentation_can_be_pasted(hall: World, anybody: Program) -> None:
    hall.released_scenario()
    hall.session.commit()
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    asked = [each.strip() for each in text.splitlines() if each.startswith("    curl") and "/changes" in each]
    assert len(asked) == 3
    for each in asked:
        status, answer = pasted(anybody, each)
        assert status == 200 and '"id":' in answer, each


@pytest.mark.parametrize("wrong", ["after=-1", "after=x", "epoch=", "epoch=ZZ", "words=yes", "what=1"])
def test_a_wrong_question_is_refused(anybody: Program, wrong: str) -> None:
    assert anybody.get(f"/changes?{wrong}").status_code == 422


def test_lines_are_the_entries_of_all_pages(hall: World, anybody: Program) -> None:
    amended(hall)
    hall.session.commit()
    for query in ({}, {"words": "true"}):
        entries = [entry for page in pages(anybody, **query) for entry in page["entries"]]
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        answer = anybody.get(f"/changes?{asked}", Accept="application/jsonl")
        assert answer.mimetype == "application/jsonl" and "immutable" not in answer.headers["Cache-Control"]
        assert [json.loads(each) for each in answer.text.splitlines()] == entries
        rest = anybody.get(f"/changes?after=3&{asked}", Accept="application/jsonl")
        assert [json.loads(each) for each in rest.text.splitlines()] == entries[3:]
    end = last_id(hall.session)
    assert anybody.get(f"/changes?after={end}", Accept="application/jsonl").text == ""


def test_pages_of_other_sites_read_it_and_a_token_s_answer_is_its_own(
    hall: World, anybody: Program, demand: Program
) -> None:
    answer = anybody.get("/changes")
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and "RateLimit" in answer.headers
    varies = {each.strip() for each in answer.headers["Vary"].split(",")}
    assert varies >= {"Accept", "Authorization"} and "Accept-Language" not in varies
    own = demand.get("/changes")
    assert "private" in own.headers["Cache-Control"] and own.json == answer.json
    # Whoever has cookies may be sent new ones, which are nobody else's.
    anybody.client.set_cookie("session", "x")
    with_cookie = anybody.get("/changes")
    assert "private" in with_cookie.headers["Cache-Control"] and with_cookie.json == answer.json
    assert "private" in anybody.get("/statistics").headers["Cache-Control"]


def test_a_long_page_asks_no_more_than_a_short_one(
    app: Flask, hall: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_feed, "SIZE", 1000)
    counts: list[int] = []
    asked: list[str] = []
    engine = app.extensions["hall_engine"]

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        for more in (0, 4):
            hall.approved()
            for _ in range(more):
                hall.released_scenario()
            hall.session.commit()
            asked.clear()
            assert Program(app.test_client(), document).get("/changes?words=true").status_code == 200
            counts.append(len(asked))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] < 16


def test_a_withdrawn_scenario_s_reason_is_read_until_it_is_erased(
    hall: World, anybody: Program, hall_settings: Settings
) -> None:
    scenario = hall.released_scenario()
    end_scenario(
        hall.demand, session=hall.session, scenario=scenario, action="withdraw", version=None, reason="不再需要"
    )
    hall.session.commit()
    assert "不再需要" in json.dumps(pages(anybody, words="true"), ensure_ascii=False)
    erase_line(
        hall.admin, session=hall.session, line_id=line(hall, "scenario.withdrawn"), outbox=hall_settings.data_dir
    )
    assert "不再需要" not in json.dumps(pages(anybody, words="true"), ensure_ascii=False)
