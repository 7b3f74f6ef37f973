"""Signatures: what the hall signed is valid, one changed byte is not, a revoked one is rejected, keys rotate."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenario_hall.core import clock
from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.keys import KeyRing
from scenario_hall.outcomes.certificate.signing import Finding, verify

LIST = {"type": "scenario-hall-revocations", "issued_by": "http://hall.test"}
DOCUMENT = {
    "type": "scenario-hall-certificate",
    "issued_by": "http://hall.test",
    "number": "C-2026-000001",
    "status": "valid",
    "product": {"title": "岸桥巡检", "version": 2},
    "metrics": [1.5],
}


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


def test_what_was_signed_is_valid_and_stays_so_after_a_rotation(ring: KeyRing) -> None:
    signed = ring.sign(DOCUMENT)
    assert verify(signed, ring.public_keys()).is_valid
    before = ring.public_keys()[0]
    fresh = ring.rotate()
    assert verify(signed, ring.public_keys()).is_valid
    assert ring.sign(DOCUMENT)["signature"]["key"] == fresh.id != before.id
    assert not (ring.folder / f"{before.id}.private").exists()


def test_the_private_key_is_the_halls_alone(ring: KeyRing) -> None:
    ring.sign(DOCUMENT)
    (private,) = ring.folder.glob("*.private")
    assert private.stat().st_mode & 0o077 == 0


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), written=st.sampled_from("0123456789abc岸。 :"))
def test_any_changed_character_is_detected(ring: KeyRing, place: int, written: str) -> None:
    signed = ring.sign(DOCUMENT)
    text = json.dumps(signed["document"], ensure_ascii=False)
    place %= len(text)
    try:
        document = json.loads(text[:place] + written + text[place + 1 :])
    except ValueError:
        return
    if isinstance(document, dict) and canonical_json(document) != canonical_json(signed["document"]):
        assert not verify({**signed, "document": document}, ring.public_keys()).is_valid


def test_each_way_to_be_no_certificate_has_its_name(ring: KeyRing, tmp_path: Path) -> None:
    signed = ring.sign(DOCUMENT)
    keys = ring.public_keys()
    changed = copy.deepcopy(signed)
    changed["document"]["number"] = "C-2026-000002"
    assert verify(changed, keys).finding is Finding.CHANGED
    assert verify(signed, []).finding is Finding.UNKNOWN_KEY
    assert verify(signed, KeyRing(tmp_path / "other").public_keys()).finding is Finding.UNKNOWN_KEY
    for nonsense in (None, [], {}, {"document": 1, "signature": 2}, "text"):
        assert verify(nonsense, keys).finding is Finding.UNREADABLE
    later = [replace(key, valid_from=key.valid_from + timedelta(days=1)) for key in keys]
    ended = [replace(key, valid_until=key.valid_from - timedelta(days=1)) for key in keys]
    for others in (later, ended):
        assert verify(signed, others).finding is Finding.OUT_OF_VALIDITY


def test_a_revoked_one_is_rejected_by_its_own_word_and_by_the_list(ring: KeyRing) -> None:
    keys = [*ring.public_keys()] or [ring.rotate()]
    old = ring.sign(DOCUMENT)
    listed = ring.sign({**LIST, "revoked": [{"number": "C-2026-000001", "reason": "数据有误"}]})
    assert verify(old, keys).is_valid and verify(old, keys).number == "C-2026-000001"
    assert verify(old, keys, listed).finding is Finding.REVOKED
    assert verify(old, keys, listed).reason == "数据有误"
    assert verify(ring.sign({**DOCUMENT, "status": "revoked"}), keys).finding is Finding.REVOKED
    forged = {**listed, "document": {**listed["document"], "revoked": []}}
    found = verify(old, keys, forged)
    assert (found.finding, found.number, found.reason) == (Finding.CHANGED, "C-2026-000001", "revocations")


def test_only_a_list_of_the_same_hall_that_is_no_older_tells_of_revocations(ring: KeyRing) -> None:
    keys = [ring.rotate()]
    before = ring.sign({**LIST, "revoked": []})
    with clock.at(clock.now() + timedelta(seconds=1)):
        signed = ring.sign(DOCUMENT)
        fresh = ring.sign({**LIST, "revoked": []})
        strange = ring.sign({**LIST, "issued_by": "http://other.test", "revoked": []})
        shapeless = ring.sign({**LIST, "revoked": {"number": 1}})
    unchecked, checked = verify(signed, keys), verify(signed, keys, fresh)
    assert (unchecked.is_valid, unchecked.is_revocation_checked) == (True, False)
    assert (checked.is_valid, checked.is_revocation_checked) == (True, True)
    assert verify(signed, keys, before).finding is Finding.OLD_LIST
    for no_list in (signed, strange, shapeless):
        assert verify(signed, keys, no_list).finding is Finding.NO_LIST
    # And the other way round: what the hall signed as a list is no certificate.
    assert verify(fresh, keys).finding is Finding.OTHER_KIND


def test_a_key_that_was_retired_signs_nothing_more(ring: KeyRing, tmp_path: Path) -> None:
    """Not even for whoever has kept its private half: what it signs after its end is not valid."""
    start = clock.now()
    with clock.at(start):
        in_time = ring.sign(DOCUMENT)
    kept = KeyRing(Path(shutil.copytree(ring.folder, tmp_path / "kept")))
    with clock.at(start + timedelta(days=1)):
        ring.rotate()
        at_the_end = kept.sign(DOCUMENT)
    with clock.at(start + timedelta(days=1, milliseconds=1)):
        late = kept.sign(DOCUMENT)
    assert late["signature"]["key"] == in_time["signature"]["key"]
    assert verify(late, kept.public_keys()).is_valid  # by what was published before the rotation
    assert verify(late, ring.public_keys()).finding is Finding.OUT_OF_VALIDITY
    assert verify(in_time, ring.public_keys()).is_valid
    assert verify(at_the_end, ring.public_keys()).is_valid
