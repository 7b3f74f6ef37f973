"""A list of revocations is signed when it has changed and every hour, not for everybody who asks; whatever rows say, it
is what the log says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.keys import KeyRing
from scenario_hall.log.checkpoints import make_checkpoint, origin_of
from scenario_hall.outcomes.certificate.credential import credential_of
from scenario_hall.outcomes.certificate.credential_check import verify_credential
from scenario_hall.outcomes.certificate.documents import signed_certificate
from scenario_hall.outcomes.certificate.kept_lists import RENEWED_EVERY, signed_revocations, status_credential
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import certificate_of, revoke_outcome
from scenario_hall.outcomes.certificate.signing import Finding, verify
from scenario_hall.outcomes.models import Outcome
from tests.world import World

BASE = "https://hall.test"
List = dict[str, Any]
LISTS: dict[str, Callable[..., List]] = {"revocations": signed_revocations, "status": status_credential}


class Hall:
    """A hall with one certified first, that counts what it signs."""

    def __init__(self, world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.session, self.signatures = world, world.session, 0
        self.ring, self.file = KeyRing(folder / "keys"), folder / "checkpoints.jsonl"
        self.outcome = world.approved()
        sign = KeyRing._signature

        def counted(ring: KeyRing, *given: Any) -> bytes:
            self.signatures += 1
            return sign(ring, *given)

        monkeypatch.setattr(KeyRing, "_signature", counted)

    def list(self, name: str) -> List:
        return LISTS[name](self.session, self.ring, BASE)

    def certificate(self, outcome: Outcome | None = None) -> Certificate:
        found = certificate_of(self.session, outcome or self.outcome)
        assert found is not None
        return found

    def revoke(self, outcome: Outcome | None = None) -> None:
        revoke_outcome(
            self.world.admin, session=self.session, outcome=outcome or self.outcome, version=None, reason="材料有误"
        )

    def finds(self, name: str, listed: List, outcome: Outcome | None = None) -> Finding:
        """What whoever checks the certificate finds with the list."""
        keys = self.ring.public_keys()
        if name == "revocations":
            return verify(
                signed_certificate(self.session, self.certificate(outcome), self.ring, BASE), keys, listed
            ).finding
        make_checkpoint(self.session, self.ring, origin=origin_of(BASE), file=self.file)
        credential = credential_of(self.session, self.certificate(outcome), self.ring, BASE)
        return verify_credential(credential, keys, listed).finding


@pytest.fixture
def hall(small_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    return Hall(small_world, tmp_path, monkeypatch)


@pytest.mark.parametrize("name", LISTS)
def test_however_often_it_is_asked_for_it_is_signed_once_an_hour(hall: Hall, name: str) -> None:
    with clock.at(now()):
        first, signatures = hall.list(name), hall.signatures
        assert [hall.list(name) for _ in range(5)] == [first] * 5 and hall.signatures == signatures
    with clock.at(now() + RENEWED_EVERY):
        second = hall.list(name)
        assert second != first
    with clock.at(now() - timedelta(hours=3)):  # the clock was set back: one from the future is signed anew
        assert hall.list(name) != second


@pytest.mark.parametrize("name", LISTS)
def test_a_revocation_stands_in_the_next_answer(hall: Hall, name: str) -> None:
    other = hall.world.approved(hall.world.accepted(product=hall.world.listed_product()))
    assert {hall.finds(name, hall.list(name), each) for each in (hall.outcome, other)} <= {
        Finding.VALID,
        Finding.OLD_LIST,
    }
    before = hall.list(name)
    assert {hall.finds(name, before, each) for each in (hall.outcome, other)} == {Finding.VALID}
    hall.revoke()
    after = hall.list(name)
    assert after != before and hall.finds(name, after) is Finding.REVOKED
    assert hall.finds(name, after, other) is Finding.VALID


@pytest.mark.parametrize("name", LISTS)
def test_a_certificate_that_is_signed_later_is_never_newer_than_the_list_that_is_given(hall: Hall, name: str) -> None:
    hall.list(name)
    hall.finds(name, hall.list(name))  # signs the certificate
    assert hall.finds(name, hall.list(name)) is Finding.VALID


@pytest.mark.parametrize("name", LISTS)
def test_a_key_that_signs_no_more_has_signed_no_list_that_is_given(hall: Hall, name: str) -> None:
    old, before = hall.ring.ensure_key(), hall.list(name)
    new = hall.ring.rotate()
    after = hall.list(name)
    assert old.id in str(before) and new.id in str(after) and old.id not in str(after)


@pytest.mark.parametrize("name", LISTS)
def test_whoever_writes_an_old_list_into_its_row_brings_it_back_for_nobody(hall: Hall, name: str) -> None:
    hall.finds(name, hall.list(name))
    before = hall.list(name)
    hall.session.commit()
    row = (
        hall.session.connection()
        .execute(text("SELECT covers, signed FROM signed_list WHERE name = :name"), {"name": name})
        .one()
    )
    hall.revoke()
    hall.session.connection().execute(
        text("UPDATE signed_list SET covers = :covers, signed = :signed WHERE name = :name"),
        {"name": name, "covers": row.covers, "signed": row.signed},
    )
    hall.session.commit()
    told = hall.list(name)
    assert told != before and hall.finds(name, told) is Finding.REVOKED


def test_the_list_says_when_it_was_signed_last(hall: Hall) -> None:
    begun = now().replace(microsecond=0)
    status = hall.list("status")
    assert begun <= datetime.fromisoformat(status["validFrom"]) <= now()
