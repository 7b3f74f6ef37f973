"""Canonical JSON keeps its bytes for ever: what was hashed and signed with it years ago still verifies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.keys import PublicKey
from scenario_hall.log.chain import Event, line_hash
from scenario_hall.outcomes.certificate.signing import verify

VALUE: dict[str, Any] = {"title": "岸桥“巡检”", "b": [1, 2.5, None, True], "a": {"z": "é\n", "é": 1e-7}}
# Written by the first version of the hall.
TEXT = '{"a":{"z":"é\\n","é":1e-07},"b":[1,2.5,null,true],"title":"岸桥“巡检”"}'
LINE_HASH = "9f4712648365b05da0c16efd215835d7c31be28284f0c3be274bf264f44a323f"
PUBLIC_KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
SIGNATURE = "SPxhMaVJ8+MeEIkA9op4ZrV0sbJcuHSxloDO8BkxAzmsnP8c5OaSGGMV4n+V96CGW2SH8Be2eML86l7pm562CQ=="


def test_one_value_has_one_spelling() -> None:
    assert canonical_json(VALUE) == TEXT
    assert canonical_json(dict(reversed(VALUE.items()))) == TEXT


def test_a_number_that_json_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json({"share": float("nan")})


def test_a_line_of_an_old_log_has_the_hash_that_it_had() -> None:
    event = Event(
        id=7,
        at=datetime(2026, 11, 27, 3, 4, 5, 678901, tzinfo=UTC),
        kind="scenario.released",
        actor_id=None,
        subject_kind="scenario",
        subject_id=3,
        subject_code="S-2026-000003",
        data=TEXT,
        previous_hash="0" * 64,
        hash="",
    )
    assert line_hash(event) == LINE_HASH


def test_an_old_certificate_is_still_valid() -> None:
    signed = {
        "document": {
            "number": "C-2026-000001",
            "status": "valid",
            "product": {"title": "岸桥“巡检”", "version": 2},
            "signed_at": "2026-11-27T03:04:05+00:00",
        },
        "signature": {"key": "old", "algorithm": "Ed25519", "value": SIGNATURE},
    }
    key = PublicKey("old", PUBLIC_KEY, datetime(2026, 11, 1, tzinfo=UTC))
    assert verify(signed, [key]).is_valid
    signed["document"]["product"] = {"title": "岸桥“巡检”", "version": 3}
    assert not verify(signed, [key]).is_valid
