"""No text that somebody sends makes a second line of the log, or one that reads as another."""

from __future__ import annotations

import json
import logging
import sys

from hypothesis import example, given
from hypothesis import strategies as st

from scenario_hall.core.logs import JsonLines

ANY = st.text(st.characters(exclude_categories=()))


@given(ANY, ANY)
@example("x\n2026-11-27 INFO scenario_hall: forged", "\r\x85\u2028\u202e\x1b[2K\ud800\U000e0001")
def test_a_record_is_one_line_with_the_very_text(path: str, value: str) -> None:
    try:
        raise ValueError(value)
    except ValueError:
        record = logging.LogRecord("a.b", logging.ERROR, "f", 1, "request %s failed", (path,), sys.exc_info())
    line = JsonLines().format(record)
    assert line.isprintable() and len(line.splitlines()) == 1
    told = json.loads(line)
    expected = f"request {path} failed".encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert told["message"] in (f"request {path} failed", expected)
    assert list(told) == ["at", "level", "logger", "message", "error"] and "ValueError" in told["error"]
