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
