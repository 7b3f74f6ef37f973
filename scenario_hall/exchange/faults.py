"""What cannot be taken over from a list, reported cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from scenario_hall.core.texts import N_
from scenario_hall.language.faults import shorten

MAX_VALUE = 200  # characters of a cell that a stored fault keeps


class Severity(StrEnum):
    ERROR = "error"  # the row is refused
    WARNING = "warning"  # the row comes in without this value; its original text is kept


@dataclass(frozen=True)
class RowFault:
    """A fault with its place: the row as a person counts it in the file, and the column's own header."""

    row: int
    column: str
    value: str
    reason: str
    severity: Severity = Severity.WARNING
    other: str = ""  # the second value, where two stand against each other
    sheet: str = ""  # where a workbook's list stands on several sheets, or the fault is a sheet's own

    @property
    def place(self) -> str:
        """The row, behind its sheet where there are several; empty for what concerns the whole file."""
        row = str(self.row) if self.row else ""
        return f"{self.sheet}!{row}".rstrip("!") if self.sheet else row

    def as_json(self) -> dict[str, Any]:
        """The fault as it is stored, a long value cut."""
        return {**asdict(self), "value": self.value[:MAX_VALUE]}

    def __str__(self) -> str:
        return self.reason % {"value": shorten(self.value), "other": shorten(self.other)}


def fault_from(stored: Mapping[str, Any]) -> RowFault:
    """A fault from ``as_json``."""
    return RowFault(**{**stored, "severity": Severity(stored["severity"])})


FORMULA = N_("“%(value)s” is a formula. Please write the text itself; formulas are never calculated.")
NO_TITLE = N_("This row has no title. Please add one.")
NO_TITLE_COLUMN = N_("No column was recognised as the title. Please say which one it is.")
LONG_TITLE = N_("The title “%(value)s” is longer than 200 characters. Please shorten it.")
LONG_TEXT = N_("The text “%(value)s” is longer than 10,000 characters. Please shorten it.")
DOUBLED = N_("This row repeats row %(value)s; only the first is used.")
SAME_CONTENT = N_(
    "This row is the same as row %(value)s but has another reference. Please check whether this is intended."
)
SAME_REFERENCE = N_("This row's reference is already used in row %(value)s. Each reference may appear only once.")
REPEATED_HEADER = N_("This row repeats the header and is left out.")
BROKEN_LINE = N_("This line is not a JSON object: “%(value)s”. Please correct or remove it.")
PAST_DEADLINE = N_("The deadline “%(value)s” has passed and was left out.")
BAD_READINESS = N_("“%(value)s” is not a readiness level from 1 to 9.")
UNKNOWN_REGION = N_("No region was recognised in “%(value)s”. Please name a city of Guangdong, Hong Kong or Macao.")
SEVERAL_REGIONS = N_("“%(value)s” names more than one region; the first is used.")
UNKNOWN_TAG = N_("“%(value)s” is not in the taxonomy; it is kept as a proposed tag.")
UNREAD_LINES = N_("Nothing measurable was found in “%(value)s”. If it is a requirement, please add it by hand.")
BAD_LINES = N_("“%(value)s” is not a list of requirements or specifications in JSON.")
UNKNOWN_SIDE = N_("“%(value)s” does not say demand, supply or both.")
JOINED = N_("This row had one cell too many; “%(value)s” was read as one cell. Please check the row.")
SHIFTED = N_(
    "This row has more cells than the header, so its values may be shifted. Please put quotation marks around texts."
)
LEFT_OVER = N_("This row has more cells than the header; “%(value)s” is kept but not interpreted.")
UNKNOWN_ORGANIZATION = N_(
    "“%(value)s” is not an organisation in the hall (or several have this name); it is kept with the list."
)
SAME_NUMBER = N_(
    "This row has the registration number of row %(value)s; only one organisation can be verified with it."
)
NOT_TAKEN = N_(
    "An error in the hall (%(value)s) kept this row from being imported; its operator finds the details in the log."
)
DAMAGED = N_("“%(value)s” contained broken characters; they were replaced.")
TOO_DEEP = N_("The values in this row are nested more than 20 levels deep. Please simplify them.")
LONG_ROW = N_("This row has more than 200,000 characters. Please shorten it.")


CONFLICT = N_(
    "The list says “%(value)s”, but this was changed by hand to “%(other)s”, which stays. Please settle which."
)
AMENDED_SINCE = N_("“%(value)s” was amended since the import and stays.")
STAYS = N_("“%(value)s” cannot be taken back here and stays. Please act on its own page.")
HIDDEN_ROW = N_("This row is hidden and was left out. Please show it in the spreadsheet if it is wanted.")
HIDDEN_SHEET = N_("The sheet “%(value)s” is hidden and was left out. Please show it if it is wanted.")
OTHER_SHEET = N_("The sheet “%(value)s” has other columns and was left out. Please provide it as a list of its own.")
NOTE_ROW = N_("“%(value)s” reads as a note beside the list and was left out.")
TOTAL_ROW = N_("“%(value)s” reads as a total and was left out.")
HEADING_ROW = N_("“%(value)s” reads as the heading of the rows below and was left out.")
ERROR_VALUE = N_("“%(value)s” is a spreadsheet's error, no value. Please correct the formula or write the value.")
STORED_RESULTS = N_("The results that the file stores for formulas were taken over (%(value)s in this column).")
UNREAD_FORMATS = N_(
    "The formats of this workbook are damaged; percentages, dates and units that are only part of a format are missing."
)
SERIAL_DATE = N_("“%(value)s” was read as the number that a spreadsheet stores for a date. Please check the date.")


def in_order(faults: Iterable[RowFault]) -> list[RowFault]:
    """Faults by sheet and row; what concerns the whole file first."""
    told = list(faults)
    sheets = {sheet: place for place, sheet in enumerate(dict.fromkeys(fault.sheet for fault in told))}
    return sorted(told, key=lambda fault: (fault.row > 0, sheets[fault.sheet], fault.row))


def not_taken(row: int, error: Exception) -> RowFault:
    """The hall's own fault at a row: the others go on."""
    return RowFault(row, "", type(error).__name__, NOT_TAKEN, Severity.ERROR)
