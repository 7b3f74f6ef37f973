"""The table of OWASP ASVS 5.0.0 in docs/security.md: every requirement of levels 1 and 2 once, and nothing named in it that
is not there."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

from scenario_hall.config import ROOT

# How many requirements of levels 1 and 2 each section of version 5.0.0 has, and which, from the standard's own list
# (OWASP_Application_Security_Verification_Standard_5.0.0_en.csv); "1-3" are 1, 2 and 3. Level 3 alone is left out.
NUMBERS = {
    "1.1": "1-2",
    "1.2": "1-9",
    "1.3": "1-11",
    "1.4": "1-3",
    "1.5": "1-2",
    "2.1": "1-3",
    "2.2": "1-3",
    "2.3": "1-4",
    "2.4": "1-1",
    "3.2": "1-2",
    "3.3": "1-4",
    "3.4": "1-6",
    "3.5": "1-5",
    "3.7": "1-2",
    "4.1": "1-3",
    "4.2": "1-1",
    "4.3": "1-2",
    "4.4": "1-4",
    "5.1": "1-1",
    "5.2": "1-3",
    "5.3": "1-2",
    "5.4": "1-3",
    "6.1": "1-3",
    "6.2": "1-12",
    "6.3": "1-4",
    "6.4": "1-4",
    "6.5": "1-5",
    "6.6": "1-3",
    "6.8": "1-4",
    "7.1": "1-3",
    "7.2": "1-4",
    "7.3": "1-2",
    "7.4": "1-5",
    "7.5": "1-2",
    "7.6": "1-2",
    "8.1": "1-2",
    "8.2": "1-3",
    "8.3": "1-1",
    "8.4": "1-1",
    "9.1": "1-3",
    "9.2": "1-4",
    "10.1": "1-2",
    "10.2": "1-2",
    "10.3": "1-4",
    "10.4": "1-11",
    "10.5": "1-5",
    "10.6": "1-2",
    "10.7": "1-3",
    "11.1": "1-2",
    "11.2": "1-3",
    "11.3": "1-3",
    "11.4": "1-4",
    "11.5": "1-1",
    "11.6": "1-1",
    "12.1": "1-3",
    "12.2": "1-2",
    "12.3": "1-4",
    "13.1": "1-1",
    "13.2": "1-5",
    "13.3": "1-2",
    "13.4": "1-5",
    "14.1": "1-2",
    "14.2": "1-4",
    "14.3": "1-3",
    "15.1": "1-3",
    "15.2": "1-3",
    "15.3": "1-7",
    "16.1": "1-1",
    "16.2": "1-5",
    "16.3": "1-4",
    "16.4": "1-3",
    "16.5": "1-3",
    "17.1": "1-1",
    "17.2": "1-4",
    "17.3": "1-2",
}
STATUSES = {"met", "not applicable", "open"}
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("## OWASP ASVS 5.0")[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| [0-9]+\.[0-9]+\.[0-9]+[,0-9. ]* \|", line)
]


def numbers_of(row: list[str]) -> list[str]:
    return row[0].split(", ")


def test_every_requirement_of_levels_one_and_two_stands_there_once() -> None:
    asked = [
        f"{section}.{number}"
        for section, span in NUMBERS.items()
        for number in range(int(span.partition("-")[0]), int(span.partition("-")[2]) + 1)
    ]
    assert len(asked) == 253  # 70 of level 1 and 183 of level 2
    assert [number for row in ROWS for number in numbers_of(row)] == asked


def test_a_row_has_a_status_and_says_why() -> None:
    for row in ROWS:
        assert len(row) == 4 and all(row), row
        assert row[2] in STATUSES, row
        assert row[3].startswith("`") or row[2] != "met", row


def test_the_counts_above_the_table_are_its_own() -> None:
    counts = Counter(row[2] for row in ROWS for _ in numbers_of(row))
    told = re.search(r"([0-9]+) in all: ([0-9]+) met,\s+([0-9]+) not applicable, ([0-9]+) open", PAGE)
    assert told is not None
    expected = [253, counts["met"], counts["not applicable"], counts["open"]]
    assert [int(each) for each in told.groups()] == expected


@pytest.mark.parametrize("row", [row for row in ROWS if row[2] == "met"], ids=lambda row: row[0])
def test_what_shows_it_is_there(row: list[str]) -> None:
    named = row[3].split("`")[1]
    path, _, test = named.partition("::")
    assert (ROOT / path).is_file(), named
    if path.startswith("tests/"):
        assert test, named
    if test:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, named
