"""What an entry says by itself, without the words beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.fields import FIELDS
from scenario_hall.log.kinds.table import KINDS


def told_marks(event: Event) -> Mapping[str, Any]:
    """The marks that the entry's kind declares: numbers, codes, days, states; never the words."""
    data: Mapping[str, Any] = json.loads(event.data)
    return {name: data[name] for name in KINDS[event.kind].fields if name in data and FIELDS[name].holds == "mark"}
