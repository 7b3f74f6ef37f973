"""What becomes of tests whose program is not on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def needed(program: Path | None, name: str, *, is_required: bool = True) -> Path:
    """Where the program is; where it is missing, its tests are skipped, but in CI they fail if it is required there."""
    if program is not None:
        return program
    reason = f"{name} is not on this machine; `make test` says how to install it"
    if is_required and os.environ.get("CI"):
        pytest.fail(f"{reason}; CI needs it")
    pytest.skip(reason)
