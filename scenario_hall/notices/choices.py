"""How a person wants to be told: by kind in the hall, by letter, in a letter a day or not at all; and when not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, delete, func, select

from scenario_hall.core.clock import HONG_KONG, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.notices.kinds import KIND_OF_LETTER, KINDS, KINDS_BY_NAME, Channel, NoticeKind
from scenario_hall.notices.models import NoticeChoice, QuietHours, StoredLetter
from scenario_hall.organizations.models import Account

# Letters at once to one person within an hour. What comes beyond stands in the letter of the day: a list that is
# released, or a program that does much, fills nobody's mail.
MOST_AN_HOUR = 20
LONGEST_QUIET = timedelta(hours=16)


def choices_of(session: Session, account_id: int) -> dict[str, Channel]:
    """Each kind's channel for the person: what they chose, else the default."""
    rows = session.exec(select(NoticeChoice).where(col(NoticeChoice.account_id) == account_id))
    made = {row.kind: row.channel for row in rows}
    return {kind.name: channel_of(kind, made) for kind in KINDS}


def channel_of(kind: NoticeKind, made: Mapping[str, str]) -> Channel:
    """The channel of a kind, of which ``made`` has what was chosen; what may not be chosen any more counts as not."""
    chosen = made.get(kind.name, kind.default)
    return Channel(chosen) if chosen in kind.allowed else kind.default


def choose(session: Session, account_id: int, choices: Mapping[str, str]) -> None:
    """Kind → channel of those that change; a row is kept only where it differs from the default. Raises Invalid (the
    field is the kind)."""
    wrong = {
        name: N_("This cannot be chosen for it.")
        for name, channel in choices.items()
        if name not in KINDS_BY_NAME or channel not in KINDS_BY_NAME[name].allowed
    }
    if wrong:
        raise Invalid(wrong)
    mine = col(NoticeChoice.account_id) == account_id
    with transaction(session):
        session.exec(delete(NoticeChoice).where(mine, col(NoticeChoice.kind).in_(choices)))
        session.add_all(
            NoticeChoice(account_id=account_id, kind=name, channel=channel)
            for name, channel in choices.items()
            if channel != KINDS_BY_NAME[name].default
        )


def stop_letters_of(session: Session, account_id: int, kind: str) -> bool:
    """From now on that kind stands in the hall alone; False where it came by no letter, or has to come by letter."""
    wanted = KINDS_BY_NAME.get(kind)
    if wanted is None or Channel.HALL not in wanted.allowed:
        return False
    if choices_of(session, account_id)[kind] not in (Channel.LETTER, Channel.DIGEST):
        return False
    with transaction(session):
        choose(session, account_id, {kind: Channel.HALL})
        record_event(session, None, session.get_one(Account, account_id), "account.notices_stopped", {"notice": kind})
    return True


def quiet_hours(session: Session, account_id: int) -> tuple[time, time] | None:
    """From and until, by the clock of Hong Kong."""
    row = session.get(QuietHours, account_id)
    return None if row is None else (_time(row.begins), _time(row.ends))


def set_quiet_hours(session: Session, account_id: int, hours: tuple[time, time] | None) -> None:
    """From and until, to the minute, by the clock of Hong Kong, over midnight where they say so; None: letters come
    at any time. Raises Invalid (field ``quiet_ends``) for more than LONGEST_QUIET."""
    begins, ends = (_minutes(each) for each in hours or (time(0), time(0)))
    if timedelta(minutes=(ends - begins) % MINUTES_A_DAY) > LONGEST_QUIET:
        raise Invalid({"quiet_ends": N_("At most 16 hours: time limits do not wait longer.")})
    with transaction(session):
        session.exec(delete(QuietHours).where(col(QuietHours.account_id) == account_id))
        if begins != ends:
            session.add(QuietHours(account_id=account_id, begins=begins, ends=ends))


MINUTES_A_DAY = 24 * 60


def after_quiet(moment: datetime, begins: int, ends: int) -> datetime:
    """``moment``, or the end of the quiet hours that it lies in. ``begins`` and ``ends`` are minutes of the day in Hong
    Kong, which has no summer time; the end itself is quiet no more."""
    local = moment.astimezone(HONG_KONG)
    minute = local.hour * 60 + local.minute
    if (minute - begins) % MINUTES_A_DAY >= (ends - begins) % MINUTES_A_DAY:
        return moment
    until = datetime.combine(local.date(), _time(ends), HONG_KONG)
    return (until if until > local else until + timedelta(days=1)).astimezone(moment.tzinfo)


def not_before(session: Session, account_id: int, moment: datetime) -> datetime:
    """When a letter to the person may go, from ``moment`` on."""
    row = session.get(QuietHours, account_id)
    return moment if row is None else after_quiet(moment, row.begins, row.ends)


class Wishes:
    """How some people want to be told, read at once; what they are sent meanwhile is counted on."""

    def __init__(self, session: Session, accounts: Collection[int]) -> None:
        self._choices: dict[int, dict[str, str]] = {}
        for row in session.exec(select(NoticeChoice).where(col(NoticeChoice.account_id).in_(accounts))):
            self._choices.setdefault(row.account_id, {})[row.kind] = row.channel
        quiet = session.exec(select(QuietHours).where(col(QuietHours.account_id).in_(accounts)))
        self._quiet = {row.account_id: (row.begins, row.ends) for row in quiet}
        recent = select(StoredLetter.account_id, func.count()).where(
            col(StoredLetter.account_id).in_(accounts),
            col(StoredLetter.written_at) > now() - timedelta(hours=1),
            col(StoredLetter.kind).in_(KIND_OF_LETTER),
        )
        self._sent = dict(session.exec(recent.group_by(col(StoredLetter.account_id))).all())

    def channel(self, account_id: int, letter: str) -> Channel:
        """By which way the person is told; a letter is counted. What would be too many within an hour waits for the
        letter of the day."""
        kind = KIND_OF_LETTER[letter]
        channel = channel_of(kind, self._choices.get(account_id, {}))
        if channel is not Channel.LETTER or Channel.DIGEST not in kind.allowed:
            return channel
        count = self._sent[account_id] = self._sent.get(account_id, 0) + 1
        return channel if count <= MOST_AN_HOUR else Channel.DIGEST

    def not_before(self, account_id: int, letter: str, moment: datetime) -> datetime:
        """When the letter may go, from ``moment`` on; what concerns the log-in waits for nothing."""
        if account_id not in self._quiet or Channel.DIGEST not in KIND_OF_LETTER[letter].allowed:
            return moment
        return after_quiet(moment, *self._quiet[account_id])


def forget_choices(session: Session, account_id: int) -> None:
    """Within the caller's transaction, delete what a person chose."""
    session.exec(delete(NoticeChoice).where(col(NoticeChoice.account_id) == account_id))
    session.exec(delete(QuietHours).where(col(QuietHours.account_id) == account_id))


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))
