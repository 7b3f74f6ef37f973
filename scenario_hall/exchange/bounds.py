"""How large a list may be. Everything is counted while it is read, so that what is too large is refused at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from scenario_hall.core.errors import HallError
from scenario_hall.core.texts import N_

MAX_BYTES = 200 * 1024 * 1024  # of the file; of a workbook, when it is unpacked, too
MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELLS = 4_000_000
MAX_ROW_TEXT = 200_000  # characters of a row
MAX_DEPTH = 20  # of JSON values in one another

Row = TypeVar("Row", bound=Sequence[object])


class ReadingError(HallError):
    """The file as a whole cannot be read; the message says what to do."""

    status = 422
    title = N_("This file could not be read")


def bounded(rows: Iterable[Row]) -> Iterator[Row]:
    """``rows``, counted. Raises ReadingError at the row that is too many or too wide."""
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        check_size(rows=number, columns=len(row), cells=cells)
        yield row


def check_size(*, rows: int = 0, columns: int = 0, cells: int = 0) -> None:
    """Raise ReadingError for more than a list may have."""
    if columns > MAX_COLUMNS:
        raise ReadingError(
            N_("The list has more than %(most)s columns. Please delete the empty ones and save it again."),
            most=f"{MAX_COLUMNS:,}",
        )
    if rows > MAX_ROWS:
        raise ReadingError(
            N_("The list has more than %(most)s rows. Please delete the empty ones, or split it."),
            most=f"{MAX_ROWS:,}",
        )
    if cells > MAX_CELLS:
        raise ReadingError(N_("The list has more than %(most)s cells. Please split it."), most=f"{MAX_CELLS:,}")


def too_large() -> ReadingError:
    """What is said of a file that is too large as a whole."""
    return ReadingError(N_("The file is larger than %(size)s MB. Please split it."), size=MAX_BYTES // 1024**2)


def is_deeper(value: object, depth: int = MAX_DEPTH) -> bool:
    """Whether JSON values stand in one another deeper than ``depth``."""
    if not isinstance(value, list | dict):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return depth == 0 or any(is_deeper(each, depth - 1) for each in inner)
