"""Passwords that many people have: whoever guesses tries them first (OWASP ASVS 5.0, 6.2.4 and 6.2.12).

``data/common_passwords.bin`` has the 113,000 passwords of at least 10 characters among the million most used of ten
million from breaches (Mark Burnett's, by OWASP's SecLists), as the first 40 bits of the SHA-256 of each in small
letters, sorted. By chance one of ten million other passwords is refused, too. ``tools/common_passwords.py`` makes
the file.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "common_passwords.bin"
BYTES = 5  # of each hash


def is_common(password: str) -> bool:
    """Is the password, in whatever case, one of those?"""
    known, wanted = _hashes(), hash_of(password)
    count = len(known) // BYTES
    at = bisect_left(range(count), wanted, key=lambda place: known[place * BYTES : (place + 1) * BYTES])
    return at < count and known[at * BYTES : (at + 1) * BYTES] == wanted


def hash_of(password: str) -> bytes:
    """What stands in the file for the password."""
    return hashlib.sha256(password.lower().encode("utf-8", "surrogatepass")).digest()[:BYTES]


@cache
def _hashes() -> bytes:
    return FILE.read_bytes()
