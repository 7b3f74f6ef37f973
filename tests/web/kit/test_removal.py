"""A file is removed on its own page, after a second question, without JavaScript."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scenario_hall.config import Settings
from scenario_hall.core.db import transaction
from scenario_hall.core.files import StoredFile, store_file
from scenario_hall.core.stores import place_of
from scenario_hall.scenarios.service import release_scenario, submit_scenario
from tests.web.conftest import token
from tests.world import World

EN = {"Accept-Language": "en"}


@pytest.fixture
def file(hall: World, hall_settings: Settings) -> StoredFile:
    with transaction(hall.session):
        return store_file(
            hall.session,
            hall_settings.files,
            stream=io.BytesIO(b"text"),
            name="plan.txt",
            subject_kind="scenario",
            subject_id=hall.draft_scenario().pk,
            role="attachment",
            uploaded_by=hall.demand.account_id,
        )


def test_the_owner_asks_confirms_and_it_is_gone(
    hall: World, hall_settings: Settings, as_person: Callable[[str], FlaskClient], file: StoredFile
) -> None:
    client, path = as_person("port@port.example"), f"/files/{file.id}/remove"
    bytes_of_it = hall_settings.files_folder / place_of(file.sha256)
    listed = client.get("/scenarios/S-2026-000001/edit/site", headers=EN).text
    assert path in listed
    assert "deleted for good" in client.get(path, headers=EN).text and bytes_of_it.exists()
    answer = client.post(path, data={"csrf_token": token(client, path)}, headers=EN, follow_redirects=True)
    assert "The file was removed." in answer.text and "A file was removed" in answer.text
    assert client.get(path).status_code == 404
    assert not bytes_of_it.exists()


def test_what_is_released_offers_no_removal(
    hall: World, as_person: Callable[[str], FlaskClient], file: StoredFile
) -> None:
    client, path = as_person("port@port.example"), f"/files/{file.id}/remove"
    form = token(client, path)
    scenario = hall.session.get_one(type(hall.draft_scenario()), file.subject_id)
    submit_scenario(hall.demand, session=hall.session, scenario=scenario, version=None)
    release_scenario(hall.admin, session=hall.session, scenario=scenario, version=None)
    assert path not in client.get(f"/scenarios/{scenario.code}").text
    assert client.get(path).status_code == 403
    assert client.post(path, data={"csrf_token": form}).status_code == 409
    assert client.get(f"/files/{file.id}").status_code == 200
