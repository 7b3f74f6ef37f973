"""Others' requests over the whole document: nothing is answered that it does not describe."""

from __future__ import annotations

from pathlib import Path

from tests.api.fuzzing import configured, hall_with_everything, walk

# The systematic phase walks every bound of every member and takes a minute for all; here for one of each shape.
CHAINS = "STATEFUL_TESTING"
SYSTEMATIC = "^/api/v1/(me|scenarios/{code}/(submit|return)|outcomes/{code}/claim)$"


def test_the_document_is_what_the_hall_does(tmp_path: Path) -> None:
    app, token = hall_with_everything(tmp_path)
    rest = {"exclude-path-regex": SYSTEMATIC, "phases": {"coverage": {"enabled": False}}}
    found = walk(app, configured(token, examples=1, chains=10, steps=5, operations=[rest]))
    assert found.failures == []
    operations = {operation for _phase, operation, _status in found.statuses}
    assert len(operations) == sum(
        len(methods) for methods in app.test_client().get("/api/v1/openapi.json").json["paths"].values()
    )
    # There were chains; where every link leads is walked in test_operations.py.
    assert any(phase == CHAINS for phase, _operation, _status in found.statuses)
