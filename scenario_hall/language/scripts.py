"""Which script a letter is of, as far as words are cut where one ends (Unicode Standard Annex 24)."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache, lru_cache

# The insides of classes of regular expressions, over folded text.
HAN = (
    "\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U0001f250\U0001f251\U00020000-\U0003ffff"
)
HIRAGANA = "\u3041-\u309f\u30fc\U0001b001-\U0001b11f"
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\U0001aff0-\U0001b000"
LATIN = "a-z\u00df-\u00f6\u00f8-\u024f\u0250-\u02af\u1d00-\u1d25\u1e00-\u1eff\u2c60-\u2c7f\ua722-\ua787\uab30-\uab5a"
GREEK = "\u0370-\u0373\u0376-\u037d\u037f\u0386\u0388-\u03e1\u03f0-\u03ff\u1f00-\u1fff"
CYRILLIC = "\u0400-\u052f\u1c80-\u1c88\u2de0-\u2dff\ua640-\ua69f"
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7ff"
MARKS = "\u0300-\u036f"
"""Marks that may stand behind a letter of Latin, Greek or Cyrillic where no letter has them built in."""
# Shared by several scripts, so that their names tell nothing.
_SHARED = frozenset({"COMBINING", "MODIFIER", "VARIATION", "DIGIT", "FULLWIDTH", "MATHEMATICAL", "VULGAR", "NUMBER"})


@cache
def all_marks() -> str:
    """The inside of a class with the marks of every script, which letters of Indic scripts or Thai go with."""
    ranges: list[list[int]] = []
    for code in range(0x300, min(sys.maxunicode + 1, 0x11FFF)):
        if unicodedata.category(chr(code)).startswith("M"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


@lru_cache(maxsize=65536)
def _other_script(character: str) -> str:
    """The script of a letter outside the classes above, by the first word of its name; "" for marks and what goes with
    any."""
    if unicodedata.category(character).startswith(("N", "L")) and not character.isascii():
        first = unicodedata.name(character, "UNNAMED").split(" ", 1)[0].split("-", 1)[0]
        return "" if first in _SHARED else first
    return ""


def runs(text: str) -> list[tuple[int, int]]:
    """Where the parts of ``text``, letters of rare scripts without a gap, are that are each of one script."""
    found: list[tuple[int, int]] = []
    script, start = "", 0
    for place, character in enumerate(text):
        here = _other_script(character)
        if here and script and here != script:
            found.append((start, place))
            start = place
        script = here or script
    return [*found, (start, len(text))] if text else []
