"""What cannot be taken over from a list, reported cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scenario_hall.core.texts import N_
from scenario_hall.language.faults import shorten


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

    def __str__(self) -> str:
        return self.reason % {"value": shorten(self.value)}


FORMULA = N_("“%(value)s” is a formula. Please write the text itself; formulas are never calculated.")
NO_TITLE = N_("There is no title in this row. Please give one.")
NO_TITLE_COLUMN = N_("No column was recognised as the title. Please say which one it is.")
LONG_TITLE = N_("The title “%(value)s” is longer than 200 characters. Please shorten it.")
LONG_TEXT = N_("The text “%(value)s” is longer than 10,000 characters. Please shorten it.")
DOUBLED = N_("This row is a doubled row %(value)s; only the first is taken.")
SAME_CONTENT = N_("This row says the same as row %(value)s under another reference. Please check whether it is meant.")
SAME_REFERENCE = N_("The reference of this row is used already in row %(value)s. Each reference may stand once.")
REPEATED_HEADER = N_("This row repeats the header and is left out.")
BROKEN_LINE = N_("This line is not a JSON object: “%(value)s”. Please correct or remove it.")
PAST_DEADLINE = N_("The deadline is past: “%(value)s”; it is left out.")
BAD_READINESS = N_("“%(value)s” is not a readiness level from 1 to 9.")
UNKNOWN_REGION = N_("No region was recognised in “%(value)s”. Please name a city of Guangdong, Hong Kong or Macao.")
SEVERAL_REGIONS = N_("“%(value)s” names more than one region; the first is taken.")
UNKNOWN_TAG = N_("“%(value)s” is not in the taxonomy; it is kept as a proposed tag.")
UNREAD_LINES = N_("Nothing measurable was read from “%(value)s”. Please add it by hand if it is a requirement.")
BAD_LINES = N_("“%(value)s” is not a list of requirements or specifications in JSON.")
UNKNOWN_SIDE = N_("“%(value)s” does not say demand, supply or both.")
JOINED = N_("This row had a cell too many; “%(value)s” was read as one cell. Please check the row.")
SHIFTED = N_(
    "This row has more cells than the header, so its values may be shifted. Please put quotation marks around texts."
)
LEFT_OVER = N_("This row has more cells than the header; “%(value)s” is kept without a meaning.")
