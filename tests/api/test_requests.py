"""What stands in an address is read as its operation declares it."""

from __future__ import annotations

import pytest

from scenario_hall.api.declaring import Operation
from scenario_hall.api.operations import OPERATIONS
from tests.api.conftest import Program
from tests.api.test_every_operation import address_of


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.is_read], ids=lambda each: each.name)
def test_every_number_and_truth_value_of_an_address_is_read_as_one(
    administrator: Program, operation: Operation
) -> None:
    """However its bounds are declared."""
    described = administrator.document.told["paths"][f"/api/v1{operation.path}"]["get"]["parameters"]
    values = {"integer": "1", "boolean": "true"}
    asked = {each["name"]: values.get(each["schema"].get("type", "")) for each in described if each["in"] == "query"}
    for name, value in asked.items():
        if value is not None:
            answer = administrator.get(f"{address_of(operation)}?{name}={value}", Accept="*/*")
            assert answer.status_code != 422, (name, answer.text)
