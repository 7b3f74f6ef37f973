"""No text freezes a process: the time of every reader of text grows with the text's length and hardly faster."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from statistics import median
from time import thread_time

import pytest

from tests.adversarial import CHARACTERS, PAIRS, PROSE, VALUES, Reader

LONG = 10_000  # characters; the longest field holds as many
SHORT = 402  # more than is kept of what was folded
SECONDS = 4.0
PATTERNS = Path(__file__).parents[1] / "scenario_hall"
# Which readers above reach the patterns of a module; what is no text from outside says why.
REACHED = {
    "web/kit/codes.py": "codes in a text, of fixed length",
    "api/requests.py": "headers and numbers of an address, whole and with bounded repetition",
    "core/bounds.py": "whole number",
    "core/lines.py": "one line",
    "core/search_servers.py": "the operator's own setting, one class with bounded repetition",
    "exchange/cells.py": "contact",
    "exchange/columns.py": "header",
    "exchange/lines.py": "requirements of a list",
    "exchange/asides.py": "cells that are cut to 400 characters",
    "exchange/csv_text.py": "a list",
    "exchange/file_kinds.py": "the first 4,096 bytes of a file",
    "exchange/headers.py": "cells of a header, cut to 40 characters",
    "exchange/number_formats.py": "format codes, cut to 1,000 characters",
    "exchange/ods.py": "what a cell shows, matched from its first character with bounded repetition",
    "exchange/reading.py": "a list",
    "exchange/sheets.py": "references of cells, matched as a whole with bounded repetition",
    "exchange/source.py": "single characters of cells",
    "exchange/xlsx.py": "texts of cells, with a pattern of a fixed length",
    "exchange/realignment.py": "cells that a list's own reader has bounded",
    "exchange/row_reader.py": "cells that a list's own reader has bounded",
    "language/codes.py": "tokens",
    "language/counted_words.py": "sum",
    "language/date_words.py": "date",
    "language/dates.py": "date",
    "language/folding.py": "fold",
    "language/glossary.py": "glosses",
    "language/numerals.py": "number",
    "language/stems.py": "tokens",
    "language/separators.py": "sum",
    "language/sum_words.py": "sum",
    "language/sums.py": "sum",
    "language/terms.py": "tags",
    "language/text.py": "tokens",
    "matching/engine/asking.py": "sentences that ask",
    "matching/engine/negations.py": "denials",
    "matching/engine/word_counts.py": "counted words",
    "organizations/registration.py": "registration uscc",
    "quantities/better_direction.py": "quantities",
    "quantities/english_acts.py": "quantities",
    "quantities/conditions.py": "quantities",
    "quantities/masks.py": "quantities",
    "quantities/metric_names.py": "quantities",
    "quantities/metric_names_english.py": "quantities",
    "quantities/not_quantities.py": "quantities",
    "quantities/number_words.py": "quantities",
    "quantities/pattern.py": "quantities",
    "quantities/portuguese.py": "quantities",
    "quantities/portuguese_acts.py": "quantities",
    "quantities/portuguese_names.py": "quantities",
    "quantities/portuguese_numbers.py": "quantities",
    "quantities/quantities.py": "quantities",
    "quantities/rewriting.py": "quantities",
    "quantities/requirements.py": "requirements",
    "search/engine/by_meaning.py": "a query that meaning may answer",
    "search/engine/plan.py": "words of a query that only ask",
    "search/highlight.py": "highlights",
    "search/query.py": "a query",
    "taxonomy/metrics.py": "unit",
    "web/public/search_address.py": "slugs of an address, whole and of bounded length",
    "web/kit/forms.py": "sum",
    "web/kit/illustrations.py": "the hall's own drawings",
    "taxonomy/service.py": "a slug of at most 60 characters, one possessive class",
}


# These read by sentences or words with readers that have every pair by themselves; a part of the pairs is enough.
BUILT_ON_OTHERS = frozenset(
    "requirements|suggested requirements|suggested specifications|requirements of a list|specifications of a list"
    "|features of a need|features of an offer|synonyms|highlights|counted words|grams|characters".split("|")
)


def repeated(piece: str, length: int) -> str:
    """The piece as often as fills ``length`` characters of folded text: one ligature may be 18."""
    return piece * (length // len(unicodedata.normalize("NFKC", piece)) + 1)


def seconds(read: Reader, text: str) -> float:
    begin = thread_time()
    read(text)
    return thread_time() - begin


def test_every_module_with_a_pattern_is_reached() -> None:
    found = {
        str(path.relative_to(PATTERNS))
        for path in PATTERNS.rglob("*.py")
        if re.search(r"\bre\.(?:compile|sub|findall|finditer|match|search|split|fullmatch)\(", path.read_text("utf-8"))
    }
    assert found == set(REACHED)


@pytest.mark.parametrize("name", [*PROSE, *VALUES])
def test_a_repeated_piece_takes_near_linear_time(name: str) -> None:
    """Every character and every pair of tokens in a short text; those that take longest also in one as long as the
    longest field."""
    read = {**PROSE, **VALUES}[name]
    seconds(read, "无人机续航不少于60分钟。")  # what is loaded once
    pieces = [*CHARACTERS, *(PAIRS[::75] if name in BUILT_ON_OTHERS else PAIRS)]
    taken = {piece: seconds(read, repeated(piece, SHORT)) for piece in pieces}
    usual = median(taken.values())
    for piece in sorted(pieces, key=lambda piece: -taken[piece])[:10]:
        if taken[piece] > max(3 * usual, 0.002):
            again = min(taken[piece], seconds(read, repeated(piece, SHORT)))
            # Twice as long as its length would have it is near enough; a square would be 25 times as long.
            allowed = min(SECONDS, 2.5 * LONG / SHORT * again + 0.3)
            whole = seconds(read, repeated(piece, LONG))
            if whole >= allowed:  # a machine may pause, a reader may not
                whole = min(whole, seconds(read, repeated(piece, LONG)))
            assert whole < allowed, repr(piece)
