"""What is said of a kind of event: one row of the tables beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scenario_hall.core.texts import N_


class ReaderName(StrEnum):
    """Who follows the log. All but the last keep a cursor under this name."""

    SEARCH = "search"
    MEANING = "meaning"
    MATCHER = "matcher"
    NOVELTY = "novelty"
    MAIL = "mail"
    ALERTS = "alerts"
    PAGES = "pages"  # each web process: it reads the taxonomy again when that has changed


READER_NAMES: dict[str, str] = {
    ReaderName.SEARCH: N_("Search index"),
    ReaderName.MEANING: N_("Vectors of meaning"),
    ReaderName.MATCHER: N_("Matching"),
    ReaderName.NOVELTY: N_("Prior art"),
    ReaderName.MAIL: N_("Letters"),
    ReaderName.ALERTS: N_("Saved searches"),
    ReaderName.PAGES: N_("Pages"),
}

# A scenario that can be found and matched has changed; so has a product, or all that an organisation has.
SCENARIOS_CHANGE = (ReaderName.SEARCH, ReaderName.MEANING, ReaderName.MATCHER)
PRODUCTS_CHANGE = (ReaderName.SEARCH, ReaderName.MEANING, ReaderName.MATCHER, ReaderName.NOVELTY)
# What saved searches may tell of, beside.
ALERTING = (ReaderName.ALERTS,)
ALL_OF_IT_CHANGES = (ReaderName.SEARCH, ReaderName.MATCHER, ReaderName.NOVELTY)

# Who may see the event in its record's history: the action of the record's permissions that one must be allowed.
ITS_PEOPLE = "view_private"
BOTH_SIDES = "view"
JUDGES = "view_judging"
ADMINISTRATORS = ""  # no action of a record: it stands only in the log of everything

# The parties of a record for which its people act.
OWNER, SUPPLIER, DEMAND = ("owner",), ("supplier",), ("demand",)

# Words of an entry that its record's page shows to everybody.
TITLE_AND_REASON = ("title", "reason")

# What a transition says by itself (``log/transitions.py``).
CHANGE = ("from", "to", "reason")


@dataclass(frozen=True)
class FeedLine:
    """How the public feed tells the event; the record's title follows."""

    headline: str
    icon: str
    words: tuple[str, ...] = ("title",)  # fields whose words everybody may read while the record is public


@dataclass(frozen=True)
class EventKind:
    """One kind of event. ``title`` and a feed line's ``headline`` are message ids."""

    name: str  # stored in every log, so it is never renamed
    subject: str
    title: str
    fields: tuple[str, ...] = ()  # what the data may hold; each is named in ``fields.py``
    visible_to: str = ITS_PEOPLE
    feed: FeedLine | None = None  # None: not public
    wanted_by: tuple[ReaderName, ...] = ()  # beside the mail reader, which wants what causes a letter
    letters: tuple[str, ...] = ()  # by their names in ``notices/letters/``
    # The parties of the record for which its actor may act; who does so is on that side from then on (``log/acts.py``).
    acts_for: tuple[str, ...] = ()
    # Its reason is part of a decision that was published and signed, so it does not go with the account of who gave it.
    keeps_words: bool = False
    erases_words: bool = False  # it tells why words of lines before it are gone (``log/verifying.py``)

    @property
    def is_public(self) -> bool:
        return self.feed is not None

    @property
    def readers(self) -> frozenset[ReaderName]:
        """All who want it."""
        return frozenset(self.wanted_by) | ({ReaderName.MAIL} if self.letters else frozenset())
