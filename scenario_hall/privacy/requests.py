"""The register of people's requests about their data, with the day on which each has to be answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.privacy.models import PersonRequest
from scenario_hall.taxonomy.jurisdictions import JURISDICTION_NAMES

KINDS: dict[str, str] = {
    "access": N_("What is held of me"),
    "correction": N_("Correct it"),
    "erasure": N_("Erase it"),
    "withdrawal": N_("Stop using it"),
    "other": N_("Something else"),
}


@dataclass(frozen=True)
class Period:
    """Within how many days after its receipt a request is answered, and why; ``is_law``: not what the hall has set
    for itself where the law names no days."""

    days: int
    is_law: bool
    why: str


# Hong Kong: Personal Data (Privacy) Ordinance, sections 19(1), 21(1), 23(1), 25(1);
# http://www.hklii.org/hk/legis/en/ord/486/s19.html, https://www.pcpd.org.hk/english/publications/guide_no2_4.html.
# The mainland: Personal Information Protection Law, articles 45 (“in time”) and 50 (a refusal has reasons), without
# days; App 违法违规收集使用个人信息行为认定方法 (国信办秘字〔2019〕191号), section 6, for complaints.
# Macao: Law 8/2005, article 11(1); https://www.dspdp.gov.mo/zh_cn/FAQ_detail/article/l1pvbqx5.html.
ANSWERED_WITHIN = {
    "mainland": Period(
        15,
        is_law=False,
        why=N_(
            "The mainland: 15 days, which the hall has set. The law says “in time” (PIPL, article 45) and names no "
            "days; the authorities' method of 2019 allows apps 15 working days for a complaint."
        ),
    ),
    "hong_kong": Period(
        40,
        is_law=True,
        why=N_(
            "Hong Kong: 40 days by law, to answer or to refuse (Personal Data (Privacy) Ordinance, sections 19 to 25)."
        ),
    ),
    "macao": Period(
        30,
        is_law=False,
        why=N_(
            "Macao: 30 days, which the hall has set. The law says “within a reasonable period, without delay” "
            "(Law 8/2005, article 11) and names no days."
        ),
    ),
}
LONGEST_WANTED = 5_000  # characters


def enter_request(
    actor: Actor, *, session: Session, person: str, place: str, kind: str, wanted: str, received_on: date
) -> PersonRequest:
    """Note what somebody asks for. Raises Denied, Invalid."""
    _require_administrator(actor)
    faults = {}
    if not person.strip() or len(person) > 300:
        faults["person"] = N_("Say who asks, and how to reach them.")
    if place not in JURISDICTION_NAMES or kind not in KINDS:
        faults["place"] = N_("Please check this.")
    if received_on > local_today():
        faults["received_on"] = N_("This day is yet to come.")
    if len(wanted) > LONGEST_WANTED:
        faults["wanted"] = N_("This is too long.")
    if faults:
        raise Invalid(faults)
    made = PersonRequest(
        person=person.strip(),
        place=place,
        kind=kind,
        wanted=wanted.strip(),
        received_on=received_on,
        due_on=received_on + timedelta(days=ANSWERED_WITHIN[place].days),
        entered_by=actor.account_id or 0,
    )
    with transaction(session):
        session.add(made)
        session.flush()
        record_event(session, actor, made, "request.entered", {"due": made.due_on.isoformat()})
    return made


def answer_request(actor: Actor, *, session: Session, request_id: int, answer: str, is_refused: bool) -> PersonRequest:
    """Note what was answered, and why if it was refused. Raises Denied, NotFound, WrongState, Invalid."""
    _require_administrator(actor)
    if not answer.strip() or len(answer) > LONGEST_WANTED:
        raise Invalid({"answer": N_("Say what was done, or why it was refused.")})
    with transaction(session):
        row = session.get(PersonRequest, request_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise NotFound()
        if row.answered_at is not None:
            raise WrongState(N_("This request has been answered already."))
        row.answer, row.is_refused = answer.strip(), is_refused
        row.answered_at, row.answered_by = now(), actor.account_id
        session.add(row)
        record_event(session, actor, row, "request.answered")
    return row


def requests_of(session: Session) -> list[PersonRequest]:
    """The open ones first, those that are due next before the others."""
    is_open = col(PersonRequest.answered_at).is_(None)
    return list(session.exec(select(PersonRequest).order_by(is_open.desc(), col(PersonRequest.due_on))))


def overdue_requests(session: Session) -> list[PersonRequest]:
    return [row for row in requests_of(session) if row.answered_at is None and row.due_on < local_today()]


def _require_administrator(actor: Actor) -> None:
    if not actor.is_administrator:
        raise Denied()
