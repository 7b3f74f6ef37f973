"""Canonical JSON: one spelling for one value, for everything that is hashed or signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any


def canonical_json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """``value`` as JSON with sorted keys and no spaces; every other character stands for itself.

    Raises ValueError for a number that JSON does not have (NaN, infinity).
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def fingerprint(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """SHA-256 of the canonical JSON in UTF-8, hexadecimal.

    Raises ValueError as ``canonical_json``.
    """
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
