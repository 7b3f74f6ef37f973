"""How a Chinese text sounds: the syllables of Mandarin, without tones."""

from __future__ import annotations


def syllables(text: str) -> list[str]:
    """One syllable a character, by the words that they stand in; what is no Chinese stays as it is, run by run."""
    # Its dictionaries are read as it is imported: 0.4 s that only who asks for a sound waits for.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    found: list[str] = lazy_pinyin(text, style=Style.NORMAL)
    return found
