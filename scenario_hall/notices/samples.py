"""Every letter with sample data, for whoever answers for what the hall writes."""

from __future__ import annotations

from datetime import timedelta

from scenario_hall.config import Settings
from scenario_hall.core.clock import local_today, now
from scenario_hall.core.errors import NotFound
from scenario_hall.core.texts import N_
from scenario_hall.notices.digest import DIGEST, digest_sheet
from scenario_hall.notices.kinds import KIND_OF_LETTER
from scenario_hall.notices.letter import Addressed
from scenario_hall.notices.letters.outcomes import DISMISSED
from scenario_hall.notices.letters.table import LETTERS
from scenario_hall.notices.models import Notice
from scenario_hall.notices.sheet import Sheet
from scenario_hall.notices.writing import sheet_of, stop_path
from scenario_hall.organizations.models import Account
from scenario_hall.outcomes.plan.milestones import MILESTONE_NAMES
from scenario_hall.reviewing.queues import QUEUES

# One value for everything that some letter says.
VALUES = {
    "name": "岸桥夜间无人机巡检",
    "title": "岸桥夜间无人机巡检",
    "product": "全自动无人机机场",
    "reason": "请写明每台岸桥每次停机多少小时。",
    "months": "3",
    "code": "SC-2026-00042",
}
NAMED = {"queue": QUEUES["scenarios"].title, "decision": DISMISSED}
# Letters that ask for something until a day.
UNTIL = frozenset(
    {"confirm_address", "colleague_invited", "supplier_invited", "product_invited", "scenario_released"}
    | {"milestone_due", "stands_in"}
)
PAGE = "/scenarios/SC-2026-00042"
DIGEST_TITLE = N_("The letter of the day")


def sample_names() -> list[str]:
    """What there are samples of: every letter, and the letter of the day."""
    return [*LETTERS, DIGEST]


def sample_sheet(name: str, locale: str, reader: Account, settings: Settings) -> Sheet:
    """The letter as ``reader`` would get it in that language. Raises NotFound where there is none of that name."""
    person = Account(id=reader.pk, name=reader.name, email=reader.email, locale=locale, password_hash="")
    person.email_confirmed_at = now()
    if name == DIGEST:
        return digest_sheet(person, _notices(reader.pk), settings)
    if name not in LETTERS:
        raise NotFound()
    until = local_today() + timedelta(days=14)
    addressed = Addressed(
        [person],
        PAGE,
        {**VALUES, "due": until.isoformat(), "until": until.isoformat()},
        {**NAMED, "milestone": next(iter(MILESTONE_NAMES.values()))},
        until=until if name in UNTIL else None,
    )
    # A link that stops nothing: whoever tries the sample changes nobody's choices.
    stop = "/notices/choices" if stop_path(settings, reader.pk, KIND_OF_LETTER[name]) else ""
    return sheet_of(name, addressed, person, settings, stop)


def _notices(account_id: int) -> list[Notice]:
    """Some of one record and some of another, newest first."""
    told = (
        ("milestone_due", "OC-2026-00007", VALUES["product"]),
        ("application_submitted", "SC-2026-00042", VALUES["name"]),
        ("question_on_scenario", "SC-2026-00042", VALUES["name"]),
    )
    until = local_today() + timedelta(days=14)
    return [
        Notice(
            id=len(told) - place,
            account_id=account_id,
            event_id=0,
            letter=letter,
            kind=KIND_OF_LETTER[letter].name,
            about=about,
            title=title,
            path=PAGE,
            until=until if letter in UNTIL else None,
            at=now(),
        )
        for place, (letter, about, title) in enumerate(told)
    ]
