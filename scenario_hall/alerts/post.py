"""Writes the letters that are due: one a person for all that was found, bounded by day and by hour."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select, update

from scenario_hall.alerts.letters import Told, alert_letter
from scenario_hall.alerts.models import AlertHit, Rhythm, SavedSearch, Watch
from scenario_hall.alerts.service import SUBJECTS
from scenario_hall.config import Settings
from scenario_hall.core.clock import last_morning, next_morning, now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, append
from scenario_hall.notices.choices import not_before
from scenario_hall.notices.models import StoredLetter
from scenario_hall.notices.post import PersonalPost
from scenario_hall.organizations.models import Account
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy

AT_ONCE, BY_RHYTHM = "alert_at_once", "alert"  # kinds of letters
# What is found within so long of the last letter waits for the next one.
GATHERED = timedelta(minutes=10)
MOST_A_DAY = 6  # letters at once, of one person
BRAKED = "alerts.braked"
# Behind the numbers of the letters that an event causes itself, so that no two have one number.
FIRST_NUMBER = 1_000_000


class AlertPost(PersonalPost):
    """Writes what saved searches have found for whoever is to be told now."""

    name = "alert post"
    _taxonomy: Taxonomy | None = None

    def run_slice(self, seconds: float) -> int:
        """As every post; the taxonomy is read once for all letters of a slice."""
        self._taxonomy = None
        return super().run_slice(seconds)

    def next_account(self, session: Session, passed: Collection[int]) -> int | None:
        due = select(AlertHit.account_id).where(_is_due(), col(AlertHit.account_id).not_in(passed))
        return session.exec(due.order_by(col(AlertHit.due_at)).limit(1)).first()

    def write(self, session: Session, account_id: int) -> None:
        if self._taxonomy is None:
            self._taxonomy = load_taxonomy(session)
        write_letter(session, account_id, self.settings, self._taxonomy)


def write_letter(session: Session, account_id: int, settings: Settings, taxonomy: Taxonomy) -> StoredLetter | None:
    """The letter about all that is due to one person, stored with the mark that it was told; None where it waits, or
    where there is nobody or nothing left to tell."""
    with transaction(session):
        hits = list(session.exec(select(AlertHit).where(_is_due(), col(AlertHit.account_id) == account_id)))
        account = session.get_one(Account, account_id)
        groups, lost = _groups(session, hits)
        searches = {search.pk: search for search, _ in groups}
        is_at_once = any(_is_urgent(each, searches.get(each.search_id)) for each in hits)
        if not account.is_active or account.email_confirmed_at is None:
            groups, lost = [], hits
        elif is_at_once and (until := _waits_until(session, account_id, settings)) is not None:
            _put_off(session, hits, until)
            return None
        moment, letter = now(), None
        if groups:
            letter = _stored(session, account, groups, (settings, taxonomy), AT_ONCE if is_at_once else BY_RHYTHM)
        gone = {each.id for each in lost}
        for hit in hits:
            hit.due_at = None
            if hit.id not in gone:
                hit.told_at = moment
            session.add(hit)
        return letter


def _is_due() -> ColumnElement[bool]:
    return col(AlertHit.due_at) <= now()


def _is_urgent(hit: AlertHit, search: SavedSearch | None) -> bool:
    """Is it told at once, and does not wait for its morning?"""
    return search is not None and search.rhythm == Rhythm.AT_ONCE and not hit.is_of_many and not _is_morning(hit)


def _is_morning(hit: AlertHit) -> bool:
    return hit.due_at is not None and hit.due_at == last_morning(hit.due_at + timedelta(milliseconds=1))


def _waits_until(session: Session, account_id: int, settings: Settings) -> datetime | None:
    """When a letter at once may be written; None: now. It waits for the one before to be old enough, or for the
    morning where the day's or the hall's measure is full."""
    moment = now()
    written = select(StoredLetter.written_at).where(col(StoredLetter.kind) == AT_ONCE)
    mine = written.where(
        col(StoredLetter.account_id) == account_id, col(StoredLetter.written_at) > last_morning(moment) - GATHERED
    )
    times = sorted(session.exec(mine))
    if len([each for each in times if each >= last_morning(moment)]) >= MOST_A_DAY:
        return next_morning(moment)
    an_hour_ago = col(StoredLetter.written_at) > moment - timedelta(hours=1)
    count = session.exec(
        select(func.count()).select_from(StoredLetter).where(col(StoredLetter.kind) == AT_ONCE, an_hour_ago)
    ).one()
    if count >= settings.alerts_an_hour:
        _tell_of_brake(session, moment)
        return next_morning(moment)
    if times and times[-1] + GATHERED > moment:
        return times[-1] + GATHERED
    return None


def _tell_of_brake(session: Session, moment: datetime) -> None:
    """Once until the next morning."""
    told = select(Event.id).where(col(Event.kind) == BRAKED, col(Event.at) >= last_morning(moment)).limit(1)
    if session.exec(told).first() is None:
        append(session, kind=BRAKED, actor_id=None, subject_kind="alerts", subject_id=0, subject_code="")


def _put_off(session: Session, hits: Sequence[AlertHit], until: datetime) -> None:
    ids = [hit.id for hit in hits]
    session.exec(update(AlertHit).where(col(AlertHit.id).in_(ids)).values(due_at=until))


def _groups(session: Session, hits: Sequence[AlertHit]) -> tuple[list[tuple[SavedSearch, list[Told]]], list[AlertHit]]:
    """The hits by their searches, the newest first, and those that nobody is told of: the record is public no longer,
    or the search wants no letters."""
    ids = {hit.search_id for hit in hits}
    searches = {row.pk: row for row in session.exec(select(SavedSearch).where(col(SavedSearch.id).in_(ids)))}
    records = {
        (kind, record.pk): record
        for kind in ("scenario", "product")
        for record in session.exec(
            select(SUBJECTS[kind]).where(
                col(SUBJECTS[kind].id).in_({hit.record_id for hit in hits if hit.record_kind == kind})
            )
        )
    }
    found: dict[int, list[Told]] = {}
    lost = []
    for hit in sorted(hits, key=lambda hit: hit.event_id, reverse=True):
        search, record = searches.get(hit.search_id), records.get((hit.record_kind, hit.record_id))
        if (
            search is None
            or search.is_paused
            or search.rhythm == Rhythm.NONE
            or record is None
            or not _is_wanted(search, record)
        ):
            lost.append(hit)
        else:
            path = f"/{hit.record_kind}s/{record.code}"
            told = Told(hit, record.title, path, watched_title(session, search))
            found.setdefault(search.pk, []).append(told)
    return [(searches[key], told) for key, told in sorted(found.items())], lost


def _is_wanted(search: SavedSearch, record: Scenario | Product) -> bool:
    """What is closed by now is told to nobody who has not asked for closed ones."""
    asks_for_closed = bool(search.asked.get("closed") or search.asked.get("status"))
    return record.is_public() and (record.is_open() or search.watch == Watch.RECORD or asks_for_closed)


def watched_title(session: Session, search: SavedSearch) -> str:
    """The title or name of what is watched; empty for a search."""
    if search.watch == Watch.SEARCH:
        return ""
    subject = session.get(SUBJECTS[search.subject_kind], search.subject_id)
    return str(getattr(subject, "title", None) or getattr(subject, "name", "")) if subject is not None else ""


def _stored(
    session: Session,
    account: Account,
    groups: Sequence[tuple[SavedSearch, list[Told]]],
    here: tuple[Settings, Taxonomy],
    kind: str,
) -> StoredLetter:
    settings, taxonomy = here
    written = alert_letter(account, groups, taxonomy, settings)
    newest = max((told.hit for _, found in groups for told in found), key=lambda hit: (hit.event_id, hit.id or 0))
    host = urlsplit(settings.base_url).hostname or "hall"
    letter = StoredLetter(
        event_id=newest.event_id,
        number=FIRST_NUMBER + (newest.id or 0),
        account_id=account.pk,
        to=account.email,
        subject=written.subject,
        text=written.text,
        html=written.html,
        message_id=f"<hall-alert-{secrets.token_hex(12)}@{host}>",
        kind=kind,
        unsubscribe=written.unsubscribe,
        next_try_at=not_before(session, account.pk, now()),
    )
    session.add(letter)
    return letter
