"""What a text that should be a sum or a date is instead: the reasons, as message ids."""

from __future__ import annotations

from dataclasses import dataclass

from scenario_hall.core.texts import N_

LONGEST_VALUE = 500
"""Characters of a text that is to be one value: a sum, a date, a number, a name. What is longer is prose, and its
reading could take more than linear time."""
_SHOWN = 80  # characters of a text in a message


@dataclass(frozen=True)
class Fault:
    """A text that gives no value: an English message id with ``%(value)s`` in it, and the text that fills it."""

    reason: str
    value: str = ""

    def __str__(self) -> str:
        return self.reason % {"value": shorten(self.value)}


def shorten(text: str) -> str:
    """``text`` on one line, cut for a message."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


NOT_STATED = N_("“%(value)s” states no amount; the amount is left open.")
NO_SUM = N_("No amount could be read from “%(value)s”. Please write it like 300万元 or HK$850,000.")
SEVERAL_SUMS = N_("“%(value)s” has more than one amount. Please write one amount or one range.")
SUM_WITHOUT_UNIT = N_("“%(value)s”: in 元 or 万元? Please write the unit with the amount.")
NOT_UNDERSTOOD = N_("Not all of “%(value)s” was understood. Please write one amount or one range with its unit.")
TWO_READINGS = N_(
    "“%(value)s” can be read in two ways. Please write the amount without a separator, e.g. 500000 or 50万."
)
NOT_WHOLE = N_("“%(value)s” is not a whole amount. Please write whole units of the currency, or 1.5万.")
OTHER_CURRENCY = N_("“%(value)s” is in a currency that the hall does not use. Please use CNY, HKD or MOP.")
WHICH_DOLLAR = N_("“%(value)s”: which dollar? Please write HK$ or the currency's name.")
BAD_SUM = N_("“%(value)s” is not a valid amount. An amount is 0 or more, and a range runs from low to high.")
RATE_NOT_SUM = N_("“%(value)s” is a unit price, not a total. Please write the total amount.")
UNKNOWN_CURRENCY = N_("“%(value)s” is not a currency that the hall uses. Please write CNY, HKD or MOP.")
IMPOSSIBLE_DATE = N_("“%(value)s” is not a calendar date. Please write it like 2026-12-31.")
TOO_LONG = N_("“%(value)s” is too long for a single value. Please write the value alone.")
NO_DATE = N_("No date could be read from “%(value)s”. Please write it like 2026-12-31.")
