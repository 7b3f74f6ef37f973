"""Two machines of one hall, each with a data folder of its own: what is done at one is there at the other, and nothing
that one keeps on its disk is missed when that is gone."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import Session, select

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.core.db import make_engine
from scenario_hall.core.files import StoredFile
from scenario_hall.core.keys import PublicKey
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.signing import Finding, verify
from tests.buckets import KEY, PrivateBuckets
from tests.conftest import PEOPLED, settings_in
from tests.postgres import PrivatePostgres
from tests.web.conftest import token
from tests.world import PASSWORD, World


@pytest.fixture
def machines(postgres: PrivatePostgres, buckets: PrivateBuckets, tmp_path: Path) -> list[Settings]:
    url, files = postgres.url(postgres.copy_database(PEOPLED)), buckets.make()
    shared = {"files_url": files, "files_key": KEY, "signing_keys": None}
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    return [replace(settings_in(tmp_path / name, url), **shared) for name in ("one", "other")]  # type: ignore[arg-type]


@pytest.fixture
def apps(machines: list[Settings]) -> list[Flask]:
    return [create_app(each) for each in machines]


@pytest.fixture
def world(machines: list[Settings]) -> Iterator[World]:
    engine = make_engine(machines[0].database_url)
    with Session(engine) as session:
        yield World(session)
    engine.dispose()


def everywhere(apps: list[Flask], email: str) -> list[FlaskClient]:
    """One browser, which a proxy sends now to the one machine and now to the other."""
    clients = [app.test_client() for app in apps]
    sent = {"csrf_token": token(clients[0], "/login"), "email": email, "password": PASSWORD}
    assert clients[0].post("/login", data=sent).status_code == 302
    cookie = clients[0].get_cookie("session")
    assert cookie is not None
    clients[1].set_cookie("session", cookie.value)
    return clients


def test_an_upload_at_one_is_sent_and_removed_at_the_other(
    world: World, apps: list[Flask], machines: list[Settings]
) -> None:
    draft = world.draft_scenario()
    world.session.commit()
    one, other = everywhere(apps, "port@port.example")
    picture = io.BytesIO()
    Image.new("RGB", (600, 400), "red").save(picture, "PNG")
    path = f"/scenarios/{draft.code}/edit/site"
    form = {
        "csrf_token": token(one, path),
        "go": "stay",
        "attachments": (io.BytesIO(picture.getvalue()), "port.png"),
    }
    assert one.post(path, data=form, content_type="multipart/form-data").status_code < 400
    world.session.rollback()
    (file,) = world.session.exec(select(StoredFile)).all()
    sent = other.get(f"/files/{file.id}")
    assert sent.status_code == 200 and sent.content_length == file.size == len(sent.data)
    assert "no-store" in sent.headers["Cache-Control"] and "sandbox" in sent.headers["Content-Security-Policy"]
    part = one.get(f"/files/{file.id}", headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (
        206,
        b"PNG",
        f"bytes 1-3/{file.size}",
    )
    unchanged = one.get(f"/files/{file.id}", headers={"If-None-Match": sent.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert one.get(f"/files/{file.id}/480").mimetype == other.get(f"/files/{file.id}/480").mimetype == "image/webp"
    assert apps[1].test_client().get(f"/files/{file.id}").status_code == 404, "a draft's files are its people's"
    assert [list(each.data_dir.rglob("*.webp")) for each in machines] == [[], []]
    removing = {"csrf_token": token(other, f"/files/{file.id}/remove")}
    digest = file.sha256
    world.session.rollback()
    assert other.post(f"/files/{file.id}/remove", data=removing).status_code == 302
    assert one.get(f"/files/{file.id}").status_code == 404
    assert not machines[0].files.has(digest) and not machines[0].files.has(digest, "480.webp")


def test_what_one_signs_the_other_s_keys_verify(world: World, apps: list[Flask], machines: list[Settings]) -> None:
    world.approved()
    certificate = world.session.exec(select(Certificate)).one()
    world.session.rollback()
    one, other = (app.test_client() for app in apps)
    signed = one.get(f"/certificates/{certificate.number}.json").get_json()
    world.session.rollback()
    keys = [PublicKey.read(key) for key in other.get("/.well-known/scenario-hall-keys.json").get_json()["keys"]]
    listed = other.get("/certificates/revocations.json").get_json()
    assert verify(signed, keys, listed).finding is Finding.VALID
    assert [key.as_json() for key in keys] == one.get("/.well-known/scenario-hall-keys.json").get_json()["keys"]
    assert one.get("/.well-known/did.json").get_json() == other.get("/.well-known/did.json").get_json()
    shutil.rmtree(machines[0].data_dir)
    assert other.get(f"/certificates/{certificate.number}.json").get_json() == signed


def test_a_store_that_is_away_costs_its_files_and_nothing_else(
    world: World, machines: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenario_hall.core.buckets.ATTEMPTS", 1)
    draft = world.draft_scenario()
    world.session.commit()
    away = [create_app(replace(each, files_url="s3://hall?endpoint=http://127.0.0.1:9")) for each in machines]
    one, _other = everywhere(away, "port@port.example")
    path = f"/scenarios/{draft.code}/edit/site"
    form = {"csrf_token": token(one, path), "go": "stay", "attachments": (io.BytesIO(b"%PDF-1.7 plan"), "plan.pdf")}
    answer = one.post(path, data=form, content_type="multipart/form-data")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "30"
    world.session.rollback()
    assert world.session.exec(select(StoredFile)).all() == [], "no row without bytes"
    for page in ("/", f"/scenarios/{draft.code}", path, "/readyz"):
        assert one.get(page).status_code == 200, page
