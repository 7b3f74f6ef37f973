"""Check that each catalogue translates every text of the sources, holds no other, and is as `make messages` writes it.

Run by `make lint`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.faults import ROOT, Fault, end_with
from translations.messages import (
    TRANSLATED_BY_PEOPLE,
    SourceText,
    catalogue_path,
    is_translated,
    merged,
    read_catalogue,
    texts_of,
)


def faults_of(locale: str, texts: list[SourceText], root: Path = ROOT) -> Iterator[Fault]:
    """What is missing, empty or fuzzy in the catalogue of ``locale``; failing that, whether it is in order."""
    catalogue, path = read_catalogue(locale, root), catalogue_path(locale, root).relative_to(root)
    are_all_there = True
    for text in {text.id: text for text in texts}.values():
        if catalogue.get(text.id) is None:
            are_all_there = False
            yield Fault(text.path, text.line, f"not in the {locale} catalogue, run `make messages`: {text.id}")
    for message in catalogue:
        if message.id and not is_translated(message):
            yield Fault(path, message.lineno or 1, f"no translation: {message.id}")
        if message.id and message.fuzzy:
            yield Fault(path, message.lineno or 1, f"fuzzy, so not shown: {message.id}")
    if are_all_there and merged(locale, texts, root) != (root / path).read_bytes():
        yield Fault(path, 1, "not as `make messages` writes it; run that")


if __name__ == "__main__":
    every_text = list(texts_of())
    end_with(fault for locale in TRANSLATED_BY_PEOPLE for fault in faults_of(locale, every_text))
