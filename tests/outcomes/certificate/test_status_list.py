"""A bit for each certificate: 1 when it was revoked, and for no other."""

from __future__ import annotations

import base64
import gzip

from scenario_hall.outcomes.certificate.service import certificate_of, revoke_outcome
from scenario_hall.outcomes.certificate.status_list import SHORTEST, encoded_list
from tests.world import World


def revoked(encoded: str) -> list[int]:
    """Read by the definition (Bitstring Status List 1.0, section 3.2), bit by bit."""
    assert encoded[0] == "u"
    raw = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    bits = "".join(f"{byte:08b}" for byte in raw)
    assert len(bits) == SHORTEST
    return [place for place, bit in enumerate(bits) if bit == "1"]


def test_only_what_was_revoked_is_marked(world: World) -> None:
    assert revoked(encoded_list(world.session)) == []
    outcomes = [world.approved(world.accepted(product=world.listed_product())) for _ in range(3)]
    places = [found.pk for outcome in outcomes if (found := certificate_of(world.session, outcome))]
    assert revoked(encoded_list(world.session)) == []
    for outcome in (outcomes[0], outcomes[2]):
        revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason="材料有误")
    assert revoked(encoded_list(world.session)) == [places[0], places[2]]
