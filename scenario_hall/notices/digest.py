"""The letter of the day: one to each person for all notices that they want together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.texts import N_
from scenario_hall.notices.choices import not_before
from scenario_hall.notices.kinds import KINDS_BY_NAME
from scenario_hall.notices.letters.next_steps import NEXT_STEPS
from scenario_hall.notices.letters.table import LETTERS
from scenario_hall.notices.models import Notice, StoredLetter
from scenario_hall.notices.post import PersonalPost
from scenario_hall.notices.sheet import Line, Section, Sheet, labelled
from scenario_hall.notices.writing import SIGNATURE, catalogue, long_day
from scenario_hall.organizations.models import Account

DIGEST = "digest"  # the kind of letter
MOST_SHOWN = 40


class DigestPost(PersonalPost):
    """Writes the letters of the day."""

    name = "digest post"

    def next_account(self, session: Session, passed: Collection[int]) -> int | None:
        due = select(Notice.account_id).where(_is_due(), col(Notice.account_id).not_in(passed))
        return session.exec(due.order_by(col(Notice.digest_at)).limit(1)).first()

    def write(self, session: Session, account_id: int) -> None:
        write_digest(session, account_id, self.settings)


def write_digest(session: Session, account_id: int, settings: Settings) -> StoredLetter | None:
    """The letter about all that is due to one person and was not read meanwhile, stored with the mark that it was
    told; None where there is nobody or nothing left to tell."""
    with transaction(session):
        due = list(session.exec(select(Notice).where(_is_due(), col(Notice.account_id) == account_id)))
        account = session.get_one(Account, account_id)
        unread = [notice for notice in due if notice.read_at is None]
        letter = None
        if unread and account.is_active and account.email_confirmed_at is not None:
            letter = _stored(session, account, sorted(unread, key=lambda notice: notice.pk, reverse=True), settings)
        for notice in due:
            notice.digest_at = None
            session.add(notice)
        return letter


def _is_due() -> ColumnElement[bool]:
    return col(Notice.digest_at) <= now()


def _stored(session: Session, account: Account, notices: Sequence[Notice], settings: Settings) -> StoredLetter:
    sheet, newest = digest_sheet(account, notices, settings), notices[0]
    host = urlsplit(settings.base_url).hostname or "hall"
    letter = StoredLetter(
        event_id=newest.event_id,
        number=-newest.pk,  # no letter that an event causes itself has such a one
        account_id=account.pk,
        to=account.email,
        subject=sheet.subject,
        text=sheet.as_text(),
        html=sheet.as_html(),
        message_id=f"<hall-digest-{account.pk}-{newest.pk}@{host}>",
        kind=DIGEST,
        next_try_at=not_before(session, account.pk, now()),
    )
    session.add(letter)
    return letter


def digest_sheet(account: Account, notices: Sequence[Notice], settings: Settings) -> Sheet:
    """The notices (at least one, newest first) by record, in the person's language."""
    _ = catalogue(account.locale).gettext
    groups: dict[str, list[Notice]] = {}
    for notice in notices[:MOST_SHOWN]:
        groups.setdefault(notice.about, []).append(notice)

    def line(notice: Notice) -> Line:
        details = []
        if notice.letter in NEXT_STEPS:
            details.append(labelled(_(N_("What comes next:")), _(NEXT_STEPS[notice.letter])))
        if notice.until is not None:
            details.append(labelled(_(N_("Until:")), long_day(notice.until, account.locale)))
        return Line(_(LETTERS[notice.letter].subject), settings.base_url + notice.path, details)

    more = len(notices) - MOST_SHOWN
    return Sheet(
        language=account.locale.replace("_", "-"),
        subject=_(LETTERS[notices[0].letter].subject)
        if len(notices) == 1
        else _(N_("%(count)s notices from the hall")) % {"count": len(notices)},
        greeting=_(N_("Dear %(name)s,")) % {"name": account.name},
        paragraphs=[_(N_("This is new for you in the hall and was not read yet."))],
        sections=[
            Section(found[0].title or _(KINDS_BY_NAME[found[0].kind].title), [line(each) for each in found])
            for found in groups.values()
        ],
        closing=[labelled(_(N_("and %(count)s more:")) % {"count": more}, f"{settings.base_url}/notices/")]
        if more > 0
        else [],
        why=[_(N_("You get this letter because you want some kinds of notice together, or many came within an hour."))],
        links=[(_(N_("How you are told of what, and quiet hours:")), f"{settings.base_url}/notices/choices")],
        signature=_(SIGNATURE),
    )
