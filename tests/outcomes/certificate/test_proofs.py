"""A proof holds for its document alone; the contexts are the published ones; multibase round-trips."""

from __future__ import annotations

import copy
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.keys import KeyRing
from scenario_hall.outcomes.certificate import proofs
from scenario_hall.outcomes.certificate.proofs import bytes_of, multibase, multikey, proved_at, with_proofs

DID = "did:web:hall.test"
DOCUMENT: dict[str, Any] = {
    "@context": [proofs.CREDENTIALS_V2, proofs.OPEN_BADGES],
    "id": "http://hall.test/certificates/C-2026-000001/credential",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "首试 First trial",
    "issuer": {"id": DID, "type": ["Profile"], "name": "Hall"},
    "validFrom": "2026-11-28T00:00:00Z",
    "credentialSubject": {"type": ["AchievementSubject"], "achievement": {"id": "http://hall.test/a", "name": "A"}},
}
# Verifiable Credentials Data Model 2.0, appendix B.1; and what 1EdTech serves at the address of its context.
PUBLISHED = {
    "credentials-v2.json": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    "open-badges-3.0.3.json": "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
}


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


def test_the_contexts_are_the_published_ones_and_no_other_is_ever_fetched() -> None:
    folder = Path(proofs.__file__).parent / "contexts"
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.json")}
    assert found == PUBLISHED
    with pytest.raises(ValueError, match="not here"):
        proofs._load("https://example.org/context")


def test_a_proof_holds_for_its_document_while_the_key_was_in_use(ring: KeyRing) -> None:
    signed = with_proofs(DOCUMENT, ring, DID)
    assert [each["cryptosuite"] for each in signed["proof"]] == ["eddsa-jcs-2022", "eddsa-rdfc-2022"]
    assert proved_at(signed, ring.public_keys(), DID)
    ring.rotate()
    assert proved_at(signed, ring.public_keys(), DID), "what a retired key signed before still holds"
    retired, fresh = sorted(ring.public_keys(), key=lambda key: key.valid_until is None)
    assert not proved_at(signed, [fresh], DID) and not proved_at(signed, ring.public_keys(), "did:web:other.test")
    with clock.at(now() + timedelta(days=1)):
        late = with_proofs(DOCUMENT, ring, DID)
    assert proved_at(late, [fresh], DID)
    for proof in late["proof"]:
        proof["verificationMethod"] = f"{DID}#{retired.id}"
    assert not proved_at(late, ring.public_keys(), DID)


@pytest.mark.parametrize("field", ["id", "type", "name", "issuer", "validFrom", "credentialSubject", "@context"])
def test_whatever_is_changed_taken_or_added_is_noticed(ring: KeyRing, field: str) -> None:
    signed = with_proofs(DOCUMENT, ring, DID)
    for changed in (
        {**signed, field: "other"},
        {name: value for name, value in signed.items() if name != field},
        {**signed, f"{field}2": signed[field]},
    ):
        assert not proved_at(changed, ring.public_keys(), DID)


@pytest.mark.parametrize(
    "field", ["created", "proofPurpose", "verificationMethod", "proofValue", "cryptosuite", "type"]
)
def test_the_options_of_a_proof_are_signed_as_well(ring: KeyRing, field: str) -> None:
    signed = with_proofs(DOCUMENT, ring, DID)
    for value in ("2027-01-01T00:00:00Z", "z3u", "", None, 5):
        changed = copy.deepcopy(signed)
        changed["proof"][0][field] = value
        assert not proved_at(changed, ring.public_keys(), DID), value
    assert not proved_at({**signed, "proof": signed["proof"][1]}, ring.public_keys(), DID)
    assert not proved_at({**signed, "proof": None}, ring.public_keys(), DID)


@given(st.binary(min_size=1, max_size=90))
def test_bytes_come_back_from_their_text(raw: bytes) -> None:
    assert bytes_of(multibase(raw)) == raw


@pytest.mark.parametrize(
    ("raw", "text"),
    # draft-msporny-base58-03, section 5.
    [
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
    ],
)
def test_the_texts_are_those_of_the_draft(raw: bytes, text: str) -> None:
    assert multibase(raw) == text and bytes_of(text) == raw


@pytest.mark.parametrize("text", [None, 5, "", "z", "u2NEpo", "z0", "zO", "zl", "z" + "2" * 300, "z岸"])
def test_what_is_no_multibase_is_none(text: object) -> None:
    assert bytes_of(text) is None


def test_a_public_key_begins_as_those_of_its_kind_do(ring: KeyRing) -> None:
    assert multikey(ring.ensure_key()).startswith("z6Mk")
