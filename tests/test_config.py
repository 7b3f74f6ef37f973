"""Settings: what production does not start with."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from scenario_hall.config import SettingsError, load_settings
from scenario_hall.core.buckets import BucketAddress, BucketStore
from scenario_hall.core.stores import FolderStore

WEAK = [
    "a" * 32, "ab" * 20, "0123456789abcdef" * 4, "abcdefghijklmnopqrstuvwxyz0123456789", "1" * 31 + "2",
    "change-me-before-you-start-the-hall-0", "HallHallHallHallHallHallHallHall", "my-secret-key-for-the-hall-of-2026-xyz",
]  # fmt: skip


@pytest.mark.parametrize("secret", WEAK)
def test_production_refuses_a_secret_that_is_easy_to_guess(secret: str) -> None:
    assert len(secret) >= 32
    with pytest.raises(SettingsError, match="HALL_SECRET_KEY"):
        load_settings({"HALL_SECRET_KEY": secret})


def test_production_takes_every_random_secret() -> None:
    for _ in range(2000):
        for secret in (secrets.token_hex(32), secrets.token_hex(16), secrets.token_urlsafe(32)):
            assert load_settings({"HALL_SECRET_KEY": secret}).secret_key == secret


ON_POSTGRES = {"HALL_ENVIRONMENT": "development", "HALL_DATABASE_URL": "postgresql://hall@/hall"}


def test_files_lie_in_a_folder_until_a_bucket_is_named(tmp_path: Path) -> None:
    here = {"HALL_DATA_DIR": str(tmp_path)}
    assert load_settings(ON_POSTGRES | here).files == FolderStore(tmp_path / "files")
    named = load_settings(ON_POSTGRES | here | {"HALL_FILES_URL": "s3://b/p", "HALL_FILES_KEY": "id:secret"}).files
    assert isinstance(named, BucketStore) and named.address == BucketAddress.read("s3://b/p")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"HALL_FILES_URL": "https://b"}, "s3://bucket"),
        ({"HALL_FILES_URL": "s3://b?endpoint=host"}, "endpoint"),
        ({"HALL_FILES_URL": "s3://b", "HALL_FILES_KEY": "secret"}, "HALL_FILES_KEY"),
        ({"HALL_FILES_URL": "s3://b", "HALL_DATABASE_URL": "sqlite:///hall.sqlite"}, "PostgreSQL"),
        ({"HALL_DATABASE_CONNECTIONS": "1"}, "HALL_DATABASE_CONNECTIONS"),
    ],
)
def test_what_cannot_be_used_is_named(wrong: dict[str, str], told: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=told):
        load_settings(ON_POSTGRES | {"HALL_DATA_DIR": str(tmp_path)} | wrong)


def test_keys_lie_in_a_folder_or_in_the_database(tmp_path: Path) -> None:
    here = ON_POSTGRES | {"HALL_DATA_DIR": str(tmp_path)}
    assert load_settings(here).signing_keys == tmp_path / "signing-keys"
    assert load_settings(here | {"HALL_SIGNING_KEYS": str(tmp_path / "k")}).signing_keys == tmp_path / "k"
    assert load_settings(here | {"HALL_SIGNING_KEYS": "database"}).signing_keys is None


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("HALL_SMTP_URL", "smtp://mail.example:25"),
        ("HALL_MEANING", "http://vectors.example/v1/embeddings?model=e5"),
        ("HALL_DATABASE_URL", "postgresql://u:p@db.example/hall"),
        ("HALL_FILES_URL", "s3://b?endpoint=http://store.example:8333"),
        ("HALL_SEARCH_URL", "opensearch://search.example/hall"),
    ],
)
def test_production_sends_nothing_in_the_clear_unless_it_is_told_where(name: str, address: str) -> None:
    env = {"HALL_SECRET_KEY": secrets.token_hex(32), "HALL_DATABASE_URL": "postgresql://localhost/hall", name: address}
    with pytest.raises(SettingsError, match=rf"{name}.*HALL_PLAIN_HOSTS="):
        load_settings(env)
    with pytest.raises(SettingsError, match=name):
        load_settings(env | {"HALL_PLAIN_HOSTS": "other.example"})
    assert load_settings(
        env | {"HALL_PLAIN_HOSTS": "x, mail.example,vectors.example,db.example,store.example,search.example"}
    )
    assert load_settings(env | {"HALL_ENVIRONMENT": "development"})


@pytest.mark.parametrize("text", ["ask", "ask@", "@hall.example", "ask@hall", "ask us@hall.example", "a@b.c\nd@e.f"])
def test_whom_to_write_to_is_one_address(text: str) -> None:
    with pytest.raises(SettingsError, match="HALL_CONTACT"):
        load_settings({"HALL_SECRET_KEY": secrets.token_hex(32), "HALL_CONTACT": text})
    assert (
        load_settings({"HALL_SECRET_KEY": secrets.token_hex(32), "HALL_CONTACT": " ask@hall.example "}).contact
        == "ask@hall.example"
    )
