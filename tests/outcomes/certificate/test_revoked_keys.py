"""A signing key that others may have: nothing that it signed counts, whatever moment it says, and the hall signs anew
what stands."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openbadgeslib.errors import LibOpenBadgesException

from scenario_hall.cli.commands import hall as commands
from scenario_hall.core import clock
from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.clock import now
from scenario_hall.core.keys import KeyRing, PublicKey, decoded, encoded
from scenario_hall.outcomes.certificate.credential_check import verify_credential
from scenario_hall.outcomes.certificate.documents import signed_certificate
from scenario_hall.outcomes.certificate.kept_lists import signed_revocations
from scenario_hall.outcomes.certificate.signing import Finding, verify
from tests.outcomes.certificate.test_credential import BASE, Hall, badge_verifier
from tests.world import World


@pytest.fixture
def hall(small_world: World, tmp_path: Path) -> Hall:
    made = Hall(small_world, tmp_path)
    made.checkpoint()
    return made


def stolen(ring: KeyRing, key: PublicKey) -> Any:
    """A certificate as whoever has the private half makes one: dated back to when the key was in use."""
    private = Ed25519PrivateKey.from_private_bytes(decoded((ring.folder / f"{key.id}.private").read_text()))
    document = {
        "type": "scenario-hall-certificate",
        "number": "C-2026-999999",
        "status": "valid",
        "issued_by": BASE,
        "signed_at": (key.valid_from + timedelta(seconds=1)).isoformat(),
    }
    value = encoded(private.sign(canonical_json(document).encode()))
    return {"document": document, "signature": {"key": key.id, "algorithm": "Ed25519", "value": value}}


def test_what_a_thief_dates_back_holds_until_the_key_is_revoked_and_not_after(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    key = ring.ensure_key()
    with clock.at(now() + timedelta(hours=1)):
        forged = stolen(ring, key)
        ring.rotate()
        assert verify(forged, ring.public_keys()).finding is Finding.VALID, "a rotation is not enough"
        ring.revoke(key.id)
        assert verify(forged, ring.public_keys()).finding is Finding.REVOKED_KEY
        told = json.loads(json.dumps([each.as_json() for each in ring.public_keys()]))
        assert verify(forged, [PublicKey.read(each) for each in told]).finding is Finding.REVOKED_KEY


def test_the_key_that_signs_is_replaced_and_its_private_half_deleted(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    key = ring.ensure_key()
    revoked = ring.revoke(key.id)
    assert revoked.revoked_at is not None and ring.revoke(key.id) == revoked  # once
    assert ring.ensure_key().id != key.id and not (tmp_path / f"{key.id}.private").exists()
    assert verify(ring.sign({"number": "C-1", "status": "valid"}), ring.public_keys()).is_valid
    with pytest.raises(KeyError):
        ring.revoke("20260101-none")


def test_certificates_credentials_and_lists_are_signed_anew_by_another_key(hall: Hall) -> None:
    session, ring = hall.world.session, hall.ring
    before, credential = signed_certificate(session, hall.certificate, ring, BASE), hall.credential()
    signed_revocations(session, ring, BASE), hall.status()
    key = ring.ensure_key()
    ring.revoke(key.id)
    keys = ring.public_keys()
    assert verify(before, keys).finding is Finding.REVOKED_KEY
    assert verify_credential(credential, keys).finding is Finding.REVOKED_KEY
    listed, status = signed_revocations(session, ring, BASE), hall.status()  # before the certificates
    after, anew = signed_certificate(session, hall.certificate, ring, BASE), hall.credential()
    assert verify(after, keys, signed_revocations(session, ring, BASE)).is_revocation_checked
    assert verify_credential(anew, keys, hall.status()).is_revocation_checked
    assert key.id not in json.dumps([listed, status, after, anew])
    for again in (signed_certificate(session, hall.certificate, ring, BASE), hall.credential()):
        assert again in (after, anew), "and then once"


def test_a_foreign_verifier_refuses_the_old_one_and_takes_the_new_one(hall: Hall) -> None:
    old = hall.credential()
    badge_verifier(hall, old)
    hall.ring.revoke(hall.ring.ensure_key().id)
    with pytest.raises(LibOpenBadgesException):
        badge_verifier(hall, old)
    badge_verifier(hall, hall.credential())


def test_the_command_names_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_ENVIRONMENT", "development")
    monkeypatch.setenv("HALL_DATA_DIR", str(tmp_path))
    key = KeyRing(tmp_path / "signing-keys").ensure_key()
    told = CliRunner().invoke(commands, ["signing-keys", "--revoke", key.id])
    assert told.exit_code == 0 and f"{key.id}" in told.output and "REVOKED" in told.output.splitlines()[0]
    assert CliRunner().invoke(commands, ["signing-keys", "--revoke", "none"]).exit_code == 2
