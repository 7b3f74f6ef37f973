"""What stands on one line, a name, a title, a place, breaks no line; a name is no address on the web either.

What people write there is put into letters and lists beside the hall's own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from scenario_hall.core.errors import Invalid
from scenario_hall.core.texts import N_

NOT_ONE_LINE = N_("This must be on one line, without control characters.")
HAS_ADDRESS = N_("A name may not contain a web address.")
# Line and paragraph separators, and the marks that turn the reading direction of what follows.
_CONTROLS = frozenset({"Cc", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ADDRESS = re.compile(r"://|\bwww\.", re.IGNORECASE)

# One text, or several of one field.
Written = str | Iterable[str]


def line_fault(text: str, *, is_name: bool = False) -> str:
    """What is wrong with a text that has to stand on one line, as a message id; empty when nothing is."""
    stripped = text.strip()
    if any(unicodedata.category(each) in _CONTROLS or each in _TURNING for each in stripped):
        return NOT_ONE_LINE
    if is_name and _ADDRESS.search(unicodedata.normalize("NFKC", stripped)):
        return HAS_ADDRESS
    return ""


def line_faults(lines: Mapping[str, Written], *, are_names: bool = False) -> dict[str, str]:
    """Field → what is wrong with its text, or with one of its texts."""
    found = {}
    for field, written in lines.items():
        texts = [written] if isinstance(written, str) else written
        fault = next((fault for text in texts if (fault := line_fault(text, is_name=are_names))), "")
        if fault:
            found[field] = fault
    return found


def require_lines(*, names: Mapping[str, Written] | None = None, lines: Mapping[str, Written] | None = None) -> None:
    """Raise Invalid, field by field, for what is not on one line, and for names with a web address."""
    faults = line_faults(names or {}, are_names=True) | line_faults(lines or {})
    if faults:
        raise Invalid(faults)
