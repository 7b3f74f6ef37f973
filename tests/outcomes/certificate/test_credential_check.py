"""Offline: a credential is valid, revoked, changed or not to be told, as the given keys and list say."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scenario_hall.cli.certificates import verify_certificate
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.keys import KeyRing
from scenario_hall.outcomes.certificate.credential_check import verify_credential
from scenario_hall.outcomes.certificate.signing import Finding
from tests.outcomes.certificate.test_credential import Hall
from tests.world import World


@pytest.fixture
def hall(small_world: World, tmp_path: Path) -> Hall:
    made = Hall(small_world, tmp_path)
    made.checkpoint()
    return made


def check(hall: Hall, credential: Any, status: Any = None) -> Finding:
    return verify_credential(credential, hall.ring.public_keys(), status).finding


def test_it_is_valid_until_a_list_says_that_it_was_revoked(hall: Hall) -> None:
    credential, before = hall.credential(), hall.status()
    found = verify_credential(credential, hall.ring.public_keys())
    assert (found.finding, found.number) == (Finding.VALID, hall.certificate.number)
    assert not found.is_revocation_checked
    assert verify_credential(credential, hall.ring.public_keys(), before).is_revocation_checked
    hall.revoke()
    assert check(hall, credential, before) is Finding.VALID
    assert check(hall, credential, hall.status()) is Finding.REVOKED


def test_a_list_that_is_older_changed_or_of_another_kind_does_not_tell(hall: Hall, tmp_path: Path) -> None:
    with clock.at(now() - timedelta(hours=1)):
        hall.ring.ensure_key()
    with clock.at(now() - timedelta(minutes=1)):
        older = hall.status()
    credential = hall.credential()
    assert check(hall, credential, older) is not Finding.VALID
    forged = copy.deepcopy(hall.status())
    forged["credentialSubject"]["encodedList"] = "uH4sIAAAAAAAAA"
    assert check(hall, credential, forged) is Finding.CHANGED
    for other in (credential, {}, [], "list", 5):
        assert check(hall, credential, other) is Finding.NO_LIST
    stranger = Hall.__new__(Hall)
    stranger.world, stranger.ring = hall.world, KeyRing(tmp_path / "other")
    assert check(hall, credential, stranger.status()) is Finding.CHANGED


def test_how_old_a_list_is_its_own_proof_says_and_no_other_beside_it(hall: Hall) -> None:
    hall.ring.ensure_key()
    before = hall.status()
    with clock.at(now() + timedelta(minutes=1)):
        credential = hall.credential()
    assert check(hall, credential, before) is Finding.OLD_LIST
    forged = {**before["proof"][0], "created": (now() + timedelta(days=1)).isoformat()}
    for first in (forged, {}, {"created": "no time"}):
        assert check(hall, credential, {**before, "proof": [first, *before["proof"]]}) is Finding.OLD_LIST


def test_what_is_changed_or_by_another_key_is_not_valid(hall: Hall, tmp_path: Path) -> None:
    credential = hall.credential()
    changed = copy.deepcopy(credential)
    changed["name"] = "C-2026-999999"
    assert check(hall, changed) is Finding.CHANGED
    other = KeyRing(tmp_path / "other")
    other.ensure_key()
    assert verify_credential(credential, other.public_keys()).finding is Finding.UNKNOWN_KEY
    assert check(hall, hall.status()) is Finding.OTHER_KIND
    for nothing in ({}, [], None, "text", {"number": "C-1"}):
        assert check(hall, nothing) is Finding.UNREADABLE


def test_the_command_takes_both_forms(hall: Hall, tmp_path: Path) -> None:
    keys, file, listed = (tmp_path / name for name in ("keys.json", "credential.json", "status.json"))
    keys.write_text(json.dumps({"keys": [key.as_json() for key in hall.ring.public_keys()]}))
    file.write_text(json.dumps(hall.credential()))
    arguments = [str(file), "--keys", str(keys)]
    assert CliRunner().invoke(verify_certificate, arguments).exit_code == 3
    listed.write_text(json.dumps(hall.status()))
    assert CliRunner().invoke(verify_certificate, [*arguments, "--revocations", str(listed)]).exit_code == 0
    hall.revoke()
    listed.write_text(json.dumps(hall.status()))
    told = CliRunner().invoke(verify_certificate, [*arguments, "--revocations", str(listed)])
    assert told.exit_code == 1 and "REVOKED" in told.output
