"""A certificate as a credential is what others' verifiers accept, and refuse after its revocation or any change."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from sqlalchemy import text

from scenario_hall.core.keys import KeyRing
from scenario_hall.log.checkpoints import make_checkpoint, origin_of, read_note
from scenario_hall.log.merkle import root_from_inclusion
from scenario_hall.outcomes.certificate import proofs
from scenario_hall.outcomes.certificate.credential import NotYetInCheckpoint, credential_of
from scenario_hall.outcomes.certificate.did import did_document, did_of
from scenario_hall.outcomes.certificate.kept_lists import status_credential
from scenario_hall.outcomes.certificate.logged import NotInLog
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import certificate_of, revoke_outcome
from tests.programs import needed
from tests.world import World
from tools.programs import node

BASE = "https://hall.test"
DID = "did:web:hall.test"
FOREIGN = Path(__file__).parents[2] / "foreign"


class Hall:
    """A hall with one certified first, and what it publishes for verifiers."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.ring, self.file = world, KeyRing(folder / "keys"), folder / "checkpoints.jsonl"
        self.outcome = world.approved()
        found = certificate_of(world.session, self.outcome)
        assert found is not None
        self.certificate: Certificate = found

    def checkpoint(self) -> None:
        make_checkpoint(self.world.session, self.ring, origin=origin_of(BASE), file=self.file)

    def credential(self) -> dict[str, Any]:
        return credential_of(self.world.session, self.certificate, self.ring, BASE)

    def status(self) -> dict[str, Any]:
        return status_credential(self.world.session, self.ring, BASE)

    def did(self) -> dict[str, Any]:
        return did_document(BASE, self.ring.public_keys())

    def revoke(self) -> None:
        revoke_outcome(
            self.world.admin, session=self.world.session, outcome=self.outcome, version=None, reason="材料有误"
        )

    def download(self, url: str, **_: object) -> bytes:
        """What the hall answers at the addresses that its credential names."""
        answers = {f"{BASE}/.well-known/did.json": self.did(), f"{BASE}/certificates/status": self.status()}
        return json.dumps(answers[url]).encode()


@pytest.fixture
def hall(small_world: World, tmp_path: Path) -> Hall:
    made = Hall(small_world, tmp_path)
    made.checkpoint()
    return made


def badge_verifier(hall: Hall, credential: dict[str, Any]) -> None:
    """Raises LibOpenBadgesException. It knows lists that are signed as a JWT alone, so it reads this one unverified;
    the list's own proofs are for the other verifier."""
    verifier = OB3LdpVerifier.for_issuer_did(DID)
    verifier.verify(credential, check_status=True, download=hall.download, verify_status_list=False)


def digital_bazaar(hall: Hall, credential: dict[str, Any]) -> dict[str, Any]:
    contexts = {address: proofs._context(address) for address in proofs._FILES}
    given = {"credential": credential, "status": hall.status(), "did": hall.did(), "contexts": contexts}
    done = subprocess.run(
        [str(needed(node(), "Node.js")), "verify.mjs"],
        cwd=FOREIGN,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_badge_verifier_accepts_it_until_it_is_revoked(hall: Hall) -> None:
    credential = hall.credential()
    badge_verifier(hall, credential)
    hall.revoke()
    with pytest.raises(LibOpenBadgesException, match="'revocation' is set"):
        badge_verifier(hall, credential)
    assert hall.credential() == credential, "signed once; the list tells of the revocation"


def test_a_changed_one_is_refused_by_the_badge_verifier(hall: Hall) -> None:
    changed = copy.deepcopy(hall.credential())
    changed["credentialSubject"]["achievement"]["name"] = "首用 First use"
    with pytest.raises(LibOpenBadgesException):
        badge_verifier(hall, changed)


def test_both_proofs_hold_for_another_verifier_until_it_is_revoked(hall: Hall) -> None:
    credential = hall.credential()
    found = digital_bazaar(hall, credential)
    assert found["verified"], found["errors"]
    assert [each["cryptosuite"] for each in found["proofs"]] == ["eddsa-jcs-2022", "eddsa-rdfc-2022"]
    changed = copy.deepcopy(credential)
    changed["credentialSubject"]["achievement"]["name"] = "首用 First use"
    assert [each["verified"] for each in digital_bazaar(hall, changed)["proofs"]] == [False, False]
    assert [each["revoked"] for each in found["proofs"]] == [False, False]
    hall.revoke()
    assert [each["revoked"] for each in digital_bazaar(hall, credential)["proofs"]] == [True, True]


def test_the_logs_own_proof_leads_from_the_approval_to_a_signed_checkpoint(hall: Hall) -> None:
    (evidence,) = hall.credential()["evidence"]
    told = json.loads(evidence["narrative"])
    stated = read_note(told["checkpoint"], hall.ring.public_keys(), origin="hall.test/log")
    path = [bytes.fromhex(each) for each in told["path"]]
    leaf = bytes.fromhex(told["leaf"])
    assert root_from_inclusion(leaf, told["entry"] - 1, stated.size, path) == stated.root
    assert root_from_inclusion(leaf, told["entry"] - 2, stated.size, path) != stated.root


def test_there_is_none_before_the_log_is_signed(small_world: World, tmp_path: Path) -> None:
    hall = Hall(small_world, tmp_path)
    with pytest.raises(NotYetInCheckpoint):
        hall.credential()
    hall.checkpoint()
    assert hall.credential()["id"] == f"{BASE}/certificates/{hall.certificate.number}/credential"


def test_it_says_what_was_reached_and_names_no_person(hall: Hall) -> None:
    credential = hall.credential()
    subject = credential["credentialSubject"]
    assert [each["identityHash"] for each in subject["identifier"]] == ["禾翼航空", hall.outcome.product.code]
    (asked,) = subject["achievement"]["resultDescription"]
    assert (asked["name"], asked["requiredValue"]) == ("续航时间 ≥ 40 分钟", "40")
    (reached,) = subject["result"]
    assert (reached["value"], reached["resultDescription"]) == ("43", asked["id"])
    words = json.dumps(credential, ensure_ascii=False)
    people = (hall.world.port_person, hall.world.maker_person, hall.world.administrator)
    assert not any(person.name in words or person.email in words for person in people)


def test_a_row_that_the_log_does_not_know_gets_no_credential(hall: Hall) -> None:
    hall.credential()
    session = hall.world.session
    session.execute(text("UPDATE certificate SET content = replace(content, '3', '4')"))
    session.commit()
    with pytest.raises(NotInLog):
        hall.credential()


def test_what_was_signed_cannot_be_exchanged(hall: Hall) -> None:
    hall.credential()
    session = hall.world.session
    session.execute(text("UPDATE certificate_credential SET signed = replace(signed, 'First trial', 'First use')"))
    session.commit()
    session.expire_all()
    with pytest.raises(NotInLog):
        hall.credential()


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://hall.example", "did:web:hall.example"),
        ("https://hall.example:8443/", "did:web:hall.example%3A8443"),
        ("http://hall.example/bay/west", "did:web:hall.example:bay:west"),
    ],
)
def test_an_address_as_an_identifier(address: str, did: str) -> None:
    assert did_of(address) == did
