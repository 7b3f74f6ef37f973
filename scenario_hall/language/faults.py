"""What a text that should be a sum or a date is instead: the reasons, as message ids."""

from __future__ import annotations

from dataclasses import dataclass

from scenario_hall.core.texts import N_

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


NOT_STATED = N_("“%(value)s” states no sum; the sum is left open.")
NO_SUM = N_("No sum could be read from “%(value)s”. Please write it like 300万元 or HK$850,000.")
SEVERAL_SUMS = N_("“%(value)s” has more than one sum. Please write one sum or one range.")
SUM_WITHOUT_UNIT = N_("“%(value)s”: in 元 or 万元? Please write the unit with the sum.")
OTHER_CURRENCY = N_("“%(value)s” is in a currency that the hall does not keep. Please use CNY, HKD or MOP.")
WHICH_DOLLAR = N_("“%(value)s”: which dollar? Please write HK$ or the currency's name.")
BAD_SUM = N_("“%(value)s” is not a usable sum. A sum is 0 or more, and a range goes up.")
RATE_NOT_SUM = N_("“%(value)s” is a price by the unit of something, not a whole sum. Please write the whole sum.")
UNKNOWN_CURRENCY = N_("“%(value)s” is not a currency that the hall keeps. Please write CNY, HKD or MOP.")
IMPOSSIBLE_DATE = N_("“%(value)s” is no day of the calendar. Please write it like 2026-12-31.")
NO_DATE = N_("No date could be read from “%(value)s”. Please write it like 2026-12-31.")
