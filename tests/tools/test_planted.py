"""Every planted fault still finds its place, and breaks nothing but the rule: the file stays Python."""

from __future__ import annotations

import ast

import pytest

from tools.planted import FAULTS, ROOT, Fault


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.rule)
def test_a_fault_has_its_place_and_its_tests(fault: Fault) -> None:
    text = (ROOT / fault.path).read_text(encoding="utf-8")
    assert ast.dump(ast.parse(fault.broken(text))) != ast.dump(ast.parse(text))
    assert all((ROOT / path).exists() for path in fault.tests.split())


def test_a_place_that_is_gone_is_told() -> None:
    with pytest.raises(ValueError, match="0 times"):
        Fault("a rule", "some.py", "no such text", "", "tests").broken("x = 1\n")
