"""The one canonical form of JSON: what is hashed or signed is spelled the same everywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def canonical_json(data: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces; the bytes to hash or sign are its UTF-8."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
