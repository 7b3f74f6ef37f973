"""Files chosen in a form that comes back with an error are there again, in every form that takes files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.files import MAX_OF_ROLE, StoredFile
from scenario_hall.core.staged import STAGED, prune_staged, stage_file
from scenario_hall.core.stores import place_of
from tests.web.conftest import EMAILS
from tests.web.page_forms import forms_of
from tests.web.test_access import OK, ROLES, TABLE
from tests.world import World

EN = {"Accept-Language": "en"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)
# What makes each form come back: a value that it never takes, else its required texts left empty.
WRONG = {"budget_min": "much", "requirements-0-value": "much", "pilot_capacity": "much", "measured-0": "much"}
EMPTIED = ("title", "name", "proposal", "summary", "reason")


def fields_for_files(page: str) -> list[str]:
    tags = re.findall(r"<input[^>]*type=\"file\"[^>]*>", page)
    return [name for tag in tags for name in re.findall(r'name="([^"]+)"', tag)]


def test_every_field_for_files_keeps_what_was_chosen(
    app: Flask, as_person: Callable[[str], FlaskClient], places: dict[str, str], database: Session
) -> None:
    walked: set[str] = set()
    wrong = []
    for role in ("demand", "supplier", "administrator"):
        client = as_person(EMAILS[role])
        for pattern, row in TABLE.items():
            path = pattern.format(**places)
            is_shown = row[ROLES.index(role)] == OK and "?" not in path and path != "/admin/components/"  # samples
            page = client.get(path, headers=EN) if is_shown else None
            if page is None or page.mimetype != "text/html" or not fields_for_files(page.text):
                continue
            form = next(form for form in forms_of(page.text) if "enctype" in page.text and form.sent.get("once"))
            for name in fields_for_files(page.text):
                form = next(each for each in forms_of(page.text) if each.action in ("", path))
                content, file_name = (b"\n", "pier.txt") if name == "document" else (PNG, "pier.png")
                emptied = {key: [""] for key in EMPTIED if key in form.sent}
                broken = {key: [value] for key, value in WRONG.items() if key in form.sent}
                sent = (
                    form.sent | emptied | broken | {"list_name": ["x" * 201], name: [(io.BytesIO(content), file_name)]}
                )
                answer = client.post(path, data=sent, headers=EN, content_type="multipart/form-data")
                walked.add(f"{pattern} {name}")
                if (
                    answer.status_code != 200
                    or f'name="{name}-kept"' not in answer.text
                    or file_name not in answer.text
                ):
                    wrong.append(f"{path} {name}: {answer.status_code}")
    assert wrong == []
    assert {name.rpartition(" ")[2] for name in walked} >= {"attachments", "pictures", "documents", "evidence", "file"}
    assert len(walked) >= 8


def test_a_kept_file_is_saved_with_the_form_and_a_dropped_one_is_not(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session, hall_settings: Settings
) -> None:
    client, draft = as_person("maker@maker.example"), hall.draft_product()
    path = f"/products/{draft.code}/edit"
    form = forms_of(client.get(path, headers=EN).text)[-1].sent
    files = [(io.BytesIO(PNG), "one.png"), (io.BytesIO(PNG), "two.png"), (io.BytesIO(b"text"), "three.png")]
    back = client.post(path, data=form | {"title": [""], "pictures": files}, headers=EN)
    assert "“three.png” is not a type of file accepted here" in back.text
    assert back.text.count('name="pictures-kept"') == 2
    shown = next(each.sent for each in forms_of(back.text) if "pictures-kept" in each.sent)
    one, two = shown["pictures-kept"]
    done = client.post(path, data=shown | {"title": ["新标题"], "pictures-drop": [one]}, headers=EN)
    assert done.status_code == 302, done.text
    kept = database.exec(select(StoredFile).where(col(StoredFile.subject_kind) == "product")).all()
    assert [(file.id, file.name, file.subject_id, file.role) for file in kept] == [
        (int(two), "two.png", draft.pk, "picture")
    ]


def test_nobody_uses_or_sees_the_upload_of_another(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session, hall_settings: Settings
) -> None:
    theirs = staged(database, hall_settings, hall.demand.account_id or 0)
    client, draft = as_person("maker@maker.example"), hall.draft_product()
    path = f"/products/{draft.code}/edit"
    form = forms_of(client.get(path, headers=EN).text)[-1].sent
    assert client.post(path, data=form | {"pictures-kept": [str(theirs.id)]}).status_code == 302
    database.refresh(theirs)
    assert theirs.subject_kind == STAGED
    assert client.get(f"/files/{theirs.id}").status_code == 404


def staged(session: Session, settings: Settings, account_id: int, role: str = "pictures") -> StoredFile:
    return stage_file(
        session,
        settings.files,
        stream=io.BytesIO(PNG),
        name="pier.png",
        account_id=account_id,
        role=role,
        allowed={"image/png"},
    )


def test_uploads_that_nobody_saved_make_room_and_go_after_a_day(
    hall: World, database: Session, hall_settings: Settings
) -> None:
    account_id = hall.demand.account_id or 0
    made = [staged(database, hall_settings, account_id) for _ in range(MAX_OF_ROLE + 3)]
    held = database.exec(select(StoredFile).where(col(StoredFile.subject_kind) == STAGED)).all()
    assert len(held) == MAX_OF_ROLE and held[-1].id == made[-1].id
    content = hall_settings.files_folder / place_of(made[-1].sha256)
    assert prune_staged(database, hall_settings.files) == 0 and content.exists()
    with clock.at(now() + timedelta(days=1, minutes=1)):
        assert prune_staged(database, hall_settings.files) == MAX_OF_ROLE
    assert not content.exists()


@pytest.mark.parametrize("text", ["0", "-1", "x", "99999999999999999999", "9223372036854775807"])
def test_an_odd_number_of_an_upload_is_none(hall: World, as_person: Callable[[str], FlaskClient], text: str) -> None:
    client, draft = as_person("maker@maker.example"), hall.draft_product()
    path = f"/products/{draft.code}/edit"
    form = forms_of(client.get(path, headers=EN).text)[-1].sent
    assert client.post(path, data=form | {"pictures-kept": [text]}).status_code == 302
