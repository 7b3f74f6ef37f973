"""The signatures, as a foreign verifier and the standard itself have them."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.keys import KeyRing
from scenario_hall.webhooks.service import renew_secret
from scenario_hall.webhooks.signing import new_secret, public_key_text, standard_headers
from tests.webhooks.conftest import Hooks

BODY = '{"type":"x","data":{"名":"值"}}'.encode()


def headers(folder: Path, *secrets: str, body: bytes = BODY) -> dict[str, str]:
    timestamp = int(now().timestamp())
    return standard_headers(KeyRing(folder), message_id="entry_1", timestamp=timestamp, body=body, secrets_=secrets)


def test_the_standards_own_library_takes_the_signature(tmp_path: Path) -> None:
    secret = new_secret()
    found = headers(tmp_path, secret)
    assert Webhook(secret).verify(BODY, found) == json.loads(BODY)
    for name, other in (("webhook-id", "entry_2"), ("webhook-timestamp", str(int(now().timestamp()) - 1))):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(BODY, {**found, name: other})
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" ", found)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, found)


def test_while_a_secret_is_changed_both_are_good(tmp_path: Path) -> None:
    first, second = new_secret(), new_secret()
    found = headers(tmp_path, second, first)
    assert Webhook(first).verify(BODY, found)
    assert Webhook(second).verify(BODY, found)


def test_the_halls_public_key_is_enough_to_check_the_other_signature(tmp_path: Path) -> None:
    found = headers(tmp_path)
    (written,) = (each for each in found["webhook-signature"].split() if each.startswith("v1a,"))
    text = public_key_text(KeyRing(tmp_path).public_keys()[-1])
    assert text.startswith("whpk_")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(text.removeprefix("whpk_")))
    signed = f"entry_1.{found['webhook-timestamp']}.".encode() + BODY
    key.verify(base64.b64decode(written.removeprefix("v1a,")), signed)
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(written.removeprefix("v1a,")), signed + b" ")


def test_a_secret_is_as_long_as_the_standard_asks_and_never_the_same(tmp_path: Path) -> None:
    made = {new_secret() for _ in range(20)}
    assert len(made) == 20
    assert all(24 <= len(base64.b64decode(each.removeprefix("whsec_"))) <= 64 for each in made)


def test_what_arrives_is_signed_by_the_present_secret_and_for_a_day_by_the_one_before(hooks: Hooks) -> None:
    key, first = hooks.made()
    world = hooks.world
    second = renew_secret(
        world.demand,
        session=world.session,
        secret_key=hooks.settings.secret_key,
        endpoint=hooks.mine(key),
        version=None,
    )
    assert first not in hooks.row(key).sealed_key_before
    world.draft_scenario()
    hooks.send()
    got = hooks.receiver.got[-1]
    assert Webhook(first).verify(got.body, got.headers)
    assert Webhook(second).verify(got.body, got.headers)
    hooks.receiver.got.clear()
    with clock.at(now() + timedelta(hours=25)):
        world.draft_scenario()
        hooks.send()
    found = hooks.receiver.got[-1].headers["webhook-signature"].split()
    assert [each.partition(",")[0] for each in found] == ["v1", "v1a"]
