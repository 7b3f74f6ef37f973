"""The ring of keys while the clock is set back: no signature seems older than its key or than the one before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.keys import SET_BACK_AT_MOST, KeyRing, PublicKey, Ring
from scenario_hall.core.shared_keys import SharedRing
from scenario_hall.outcomes.certificate.proofs import proved_at, with_proofs
from scenario_hall.outcomes.certificate.signing import Finding, verify

CERTIFICATE = {"type": "scenario-hall-certificate", "issued_by": "http://hall.test", "number": "C-1", "status": "valid"}
LIST = {"type": "scenario-hall-revocations", "issued_by": "http://hall.test", "revoked": []}
HOUR = timedelta(hours=1)
SECRET = "a secret key for tests, 32 characters"


@pytest.fixture(params=["folder", "database"])
def ring(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ring]:
    if request.param == "folder":
        yield KeyRing(tmp_path / "keys")
        return
    with Session(request.getfixturevalue("sqlite_engine")) as session:
        yield SharedRing(session, SECRET)


def moment_of(signed: dict[str, object]) -> datetime:
    document = signed["document"]
    assert isinstance(document, dict)
    return datetime.fromisoformat(str(document["signed_at"]))


def test_what_is_signed_after_the_clock_was_set_back_is_valid(ring: Ring) -> None:
    ring.rotate()
    with clock.at(now() - HOUR):
        signed = ring.sign(CERTIFICATE)
    assert verify(signed, ring.public_keys()).is_valid


def test_a_list_that_is_signed_after_a_certificate_is_never_older(ring: Ring) -> None:
    signed = ring.sign(CERTIFICATE)
    with clock.at(now() - HOUR):
        listed = ring.sign(LIST)
    assert verify(signed, ring.public_keys(), listed).finding is Finding.VALID


def test_a_rotation_after_it_ends_no_key_before_its_last_signature(ring: Ring) -> None:
    signed = ring.sign(CERTIFICATE)
    with clock.at(now() - HOUR):
        ring.rotate()
        later = ring.sign(CERTIFICATE)
    assert verify(signed, ring.public_keys()).is_valid and verify(later, ring.public_keys()).is_valid


def test_a_credential_is_dated_in_the_same_way(ring: Ring) -> None:
    ring.rotate()
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"]}
    document["issuer"] = "did:web:hall.test"  # type: ignore[assignment]
    with clock.at(now() - HOUR):
        secured = with_proofs(document, ring, "did:web:hall.test")
    assert proved_at(secured, ring.public_keys(), "did:web:hall.test") is not None


def test_a_clock_that_went_far_ahead_once_does_not_date_what_comes_after(ring: Ring) -> None:
    ring.ensure_key()
    with clock.at(now() + SET_BACK_AT_MOST + HOUR):
        ring.sign(CERTIFICATE)
    before = now()
    assert before <= moment_of(ring.sign(CERTIFICATE)) <= now()


STEPS = st.lists(st.tuples(st.integers(-115, 115), st.sampled_from(["sign", "rotate"])), min_size=2, max_size=12)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_however_the_clock_slips_all_signatures_hold_and_go_forward(ring: Ring, steps: list[tuple[int, str]]) -> None:
    # What an example before this one signed last may lie an hour ahead, and dates this one's, too.
    began, signed = now(), []
    for minutes, what in steps:
        with clock.at(began + timedelta(minutes=minutes) / 2):
            if what == "rotate":
                ring.rotate()
            else:
                signed.append(ring.sign(CERTIFICATE))
    keys: list[PublicKey] = ring.public_keys()
    assert all(verify(each, keys).is_valid for each in signed)
    moments = [moment_of(each) for each in signed]
    assert moments == sorted(moments)
