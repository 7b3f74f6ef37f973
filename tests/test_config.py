"""Settings: what production does not start with."""

from __future__ import annotations

import secrets

import pytest

from scenario_hall.config import SettingsError, load_settings

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


@pytest.mark.parametrize("text", ["ask", "ask@", "@hall.example", "ask@hall", "ask us@hall.example", "a@b.c\nd@e.f"])
def test_whom_to_write_to_is_one_address(text: str) -> None:
    with pytest.raises(SettingsError, match="HALL_CONTACT"):
        load_settings({"HALL_SECRET_KEY": secrets.token_hex(32), "HALL_CONTACT": text})
    assert (
        load_settings({"HALL_SECRET_KEY": secrets.token_hex(32), "HALL_CONTACT": " ask@hall.example "}).contact
        == "ask@hall.example"
    )
