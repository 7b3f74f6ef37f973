"""Where a list goes on: opaque to programs, and bound to its list, so that none is taken for another's."""

from __future__ import annotations

import base64
import binascii
import json

from scenario_hall.api.problems import Fault, ProblemError
from scenario_hall.core.bounds import LARGEST_ID
from scenario_hall.core.texts import N_

NOT_OURS = N_("This is no cursor of this list in this order.")


def write_cursor(name: str, *place: str | int) -> str:
    """A cursor of the list ``name``."""
    text = json.dumps([name, *place], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(name: str, text: str, *kinds: type) -> list[str | int]:
    """The place that a cursor of the list ``name`` names, one value of each of ``kinds``. Raises ProblemError (422)."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) != len(kinds) + 1 or found[0] != name:
        raise _no_cursor()
    place = found[1:]
    for value, kind in zip(place, kinds, strict=True):
        if type(value) is not kind or (isinstance(value, int) and not 0 <= value <= LARGEST_ID):
            raise _no_cursor()
    return place


def _no_cursor() -> ProblemError:
    fault = Fault(detail=NOT_OURS, code="cursor", parameter="cursor")
    return ProblemError(422, NOT_OURS, faults=[fault])
