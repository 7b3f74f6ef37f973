"""What becomes of tests whose program is not on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def needed(program: Path | None, name: str) -> Path:
    """Where the program is; where it is missing, its tests are skipped, but in CI they fail."""
    if program is not None:
        return program
    reason = f"{name} is not on this machine; `make test` says how to install it"
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; CI needs it")
    pytest.skip(reason)
