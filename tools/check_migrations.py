"""What a migration must not ask of PostgreSQL while the version before it serves people.

Each finding is a statement with its reason. https://www.postgresql.org/docs/current/explicit-locking.html (which
statement takes which lock), https://www.postgresql.org/docs/current/sql-altertable.html (which rewrite the table).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = r'(?:"[^"]+"|[\w.]+)'
_CREATED = re.compile(rf"^CREATE TABLE (?:IF NOT EXISTS )?({_NAME})", re.IGNORECASE)
_INDEX = re.compile(
    rf"^CREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?(?:IF NOT EXISTS )?{_NAME} ON (?:ONLY )?({_NAME})", re.IGNORECASE
)
_DROP_INDEX = re.compile(r"^DROP INDEX (?!CONCURRENTLY)", re.IGNORECASE)
_ALTER = re.compile(rf"^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?({_NAME}) (.+)$", re.IGNORECASE | re.DOTALL)
_ADD = re.compile(r"^ADD COLUMN\b", re.IGNORECASE)
# Those that hold everybody off while they read or write the whole table.
_LONG = (
    (re.compile(r"^ALTER COLUMN \S+ (?:SET DATA )?TYPE\b", re.IGNORECASE), "writes the whole table anew"),
    (
        re.compile(r"^ALTER COLUMN \S+ SET NOT NULL\b", re.IGNORECASE),
        "reads the whole table; older code writes none",
    ),
    (
        re.compile(r"^ADD (?:CONSTRAINT \S+ )?(?:FOREIGN KEY|CHECK)\b(?!.*\bNOT VALID$)", re.IGNORECASE | re.DOTALL),
        "reads the whole table: NOT VALID first, VALIDATE CONSTRAINT afterwards",
    ),
    (
        re.compile(r"^ADD (?:CONSTRAINT \S+ )?(?:UNIQUE|PRIMARY KEY)\b(?!\s+USING INDEX)", re.IGNORECASE),
        "builds its index under a lock: build it concurrently, then USING INDEX",
    ),
)
# Those after which older code fails.
_BREAKING = (
    (re.compile(r"^DROP TABLE\b", re.IGNORECASE), "older code reads the table"),
    (re.compile(rf"^ALTER TABLE {_NAME} DROP COLUMN\b", re.IGNORECASE), "older code reads the column"),
    (re.compile(rf"^ALTER TABLE {_NAME} RENAME\b", re.IGNORECASE), "older code knows the old name alone"),
)


def faults_of(statements: Iterable[str], *, breaks_older_code: bool = False) -> list[str]:
    """What is wrong with one migration's statements, in their order. A table that it made itself is nobody's yet."""
    own: set[str] = set()
    found = []
    for given in statements:
        statement = " ".join(given.split()).rstrip(" ;")
        if created := _CREATED.match(statement):
            own.add(_plain(created[1]))
            continue
        reason = _why_not(statement, own) or ("" if breaks_older_code else _what_breaks(statement))
        if reason:
            found.append(f"{statement[:120]}: {reason}")
    return found


def _why_not(statement: str, own: set[str]) -> str:
    if (index := _INDEX.match(statement)) and not index[1] and _plain(index[2]) not in own:
        return "nobody writes the table meanwhile: create_index_online"
    if _DROP_INDEX.match(statement):
        return "waits for everybody who uses the table: DROP INDEX CONCURRENTLY"
    altered = _ALTER.match(statement)
    if altered is None or _plain(altered[1]) in own:
        return ""
    change = altered[2]
    if _ADD.match(change) and "NOT NULL" in change.upper() and "DEFAULT" not in change.upper():
        return "fails on a table with rows, and older code writes none: nullable first, or with a server_default"
    return next((reason for pattern, reason in _LONG if pattern.match(change)), "")


def _what_breaks(statement: str) -> str:
    reason = next((reason for pattern, reason in _BREAKING if pattern.match(statement)), "")
    return f"{reason}: in the version after, with breaks_older_code = True" if reason else ""


def _plain(name: str) -> str:
    return name.replace('"', "").lower()
