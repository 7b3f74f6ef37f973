"""What came after a first: the questions to its two sides, and what is public of the answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from scenario_hall.api import outcomes
from scenario_hall.api.contents import RegionCode
from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.products import PRODUCTS
from scenario_hall.api.values import Asked, Ref, Told
from scenario_hall.core.bounds import whole_number
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.core.policy import can, require
from scenario_hall.core.texts import N_
from scenario_hall.dossiers.follow_up import follow_up_dossier
from scenario_hall.organizations.tokens import Scope
from scenario_hall.outcomes.adoption.adoption import Adoption, adoptions_of
from scenario_hall.outcomes.adoption.follow_ups import answer_follow_up, follow_ups_of
from scenario_hall.outcomes.adoption.models import (
    MAX_ADOPTERS,
    MAX_REMARK,
    AmountBand,
    Answers,
    Contract,
    FollowUp,
)
from scenario_hall.outcomes.lifecycle import APPROVED
from scenario_hall.outcomes.models import Outcome

MOST_ADOPTERS = 200  # named in one answer


class FollowUpTold(Told):
    """One question, so many months after the approval."""

    month: int
    version: int
    due_on: date
    asked_at: datetime | None
    answered_at: datetime | None
    may_answer: bool
    answers: Answers | None


class FollowUps(Told):
    """The earliest first."""

    items: list[FollowUpTold]


class AdopterAsked(Asked):
    """Another organisation that uses it now; either part may be unknown."""

    name: str = Field(default="", max_length=200)
    region: RegionCode | None = None  # type: ignore[valid-type]


class AnswersAsked(Asked):
    """The answers, and the version of the question that was seen."""

    version: int = Field(ge=1, le=2**31)
    contract: Contract
    amount: AmountBand = AmountBand.NONE
    may_show_amount: bool = Field(default=False, description="Counts from the supplier alone.")
    second_order: bool
    still_in_use: bool
    adopters_count: int = Field(default=0, ge=0, le=MAX_ADOPTERS)
    adopters: list[AdopterAsked] = Field(default_factory=list, max_length=MOST_ADOPTERS)
    remark: str = Field(default="", max_length=MAX_REMARK)


class RegionCount(Told):
    """How many others use it in a region; empty: where nobody said."""

    region: str
    count: int


class AdoptionTold(Told):
    """An approved first of the product, and what is public of what came after it; null where nobody has answered."""

    outcome: str
    scenario: Ref
    as_of: datetime | None
    contract: Contract | None
    amount: AmountBand | None = Field(description="Where the supplier lets it be shown.")
    second_order: bool | None
    still_in_use: bool | None
    adopters: list[RegionCount]


class Adoptions(Told):
    """The earliest first."""

    items: list[AdoptionTold]


def _follow_up(call: Call, outcome: Outcome, row: FollowUp) -> FollowUpTold:
    takes_answers = outcome.state == APPROVED and row.takes_answers(now())
    return FollowUpTold(
        **{name: getattr(row, name) for name in ("month", "version", "due_on", "asked_at", "answered_at", "answers")},
        may_answer=takes_answers and can(call.actor, "answer_follow_up", outcome),
    )


def _list(call: Call) -> FollowUps:
    require(call.actor, "view_private", call.record)
    rows = follow_ups_of(call.session, call.record)
    return FollowUps(items=[_follow_up(call, call.record, row) for row in rows])


def _answer(call: Call) -> FollowUpTold:
    month = whole_number(call.path["month"], 1, 600)
    if month is None:
        raise NotFound()
    dossier = follow_up_dossier(call.session, call.actor, call.record.code, month)
    sent: AnswersAsked = call.body
    if len(sent.adopters) > sent.adopters_count:
        raise Invalid({"adopters_count": N_("You list %(count)s below.")}, count=len(sent.adopters))
    adopters = [{"name": each.name, "region": each.region or ""} for each in sent.adopters]
    row = answer_follow_up(
        call.actor,
        session=call.session,
        outcome=dossier.outcome,
        month=month,
        version=sent.version,
        answers=Answers.model_validate({**sent.model_dump(exclude={"version"}), "adopters": adopters}),
    )
    return _follow_up(call, dossier.outcome, row)


def _adoption(adoption: Adoption) -> AdoptionTold:
    outcome, row = adoption.outcome, adoption.follow_up
    answers = row.answers if row is not None else None
    return AdoptionTold(
        outcome=outcome.code,
        scenario=Ref(code=outcome.scenario.code, title=outcome.scenario.title),
        as_of=row.as_of if row is not None else None,
        contract=answers.contract if answers is not None else None,
        amount=answers.amount if answers is not None and answers.may_show_amount else None,
        second_order=answers.second_order if answers is not None else None,
        still_in_use=answers.still_in_use if answers is not None else None,
        adopters=[
            RegionCount(region=code, count=count)
            for code, count in (row.adopters_by_region if answers is not None and row is not None else ())
        ],
    )


def _adoptions(call: Call) -> Adoptions:
    return Adoptions(items=[_adoption(each) for each in adoptions_of(call.session, call.record.pk)])


_OF_OUTCOME: dict[str, Any] = {"subject": "outcomes", "load": outcomes.load}
OPERATIONS = [
    Operation(
        name="list_follow_ups",
        method="GET",
        path="/outcomes/{code}/follow-ups",
        summary=N_("What its sides are asked after the approval, and what they answered"),
        answer=FollowUps,
        scopes=(Scope.READ,),
        run=_list,
        **_OF_OUTCOME,
    ),
    Operation(
        name="answer_follow_up",
        method="PUT",
        path="/outcomes/{code}/follow-ups/{month}",
        summary=N_("Answer for both sides, or correct the answer"),
        answer=FollowUpTold,
        body=AnswersAsked,
        scopes=(Scope.TRIALS,),
        run=_answer,
        example={"version": 1, "contract": "not_yet", "second_order": False, "still_in_use": True},
        **_OF_OUTCOME,
    ),
    Operation(
        name="list_adoptions",
        method="GET",
        path="/products/{code}/adoptions",
        subject="products",
        summary=N_("Its approved firsts, and what came after them"),
        answer=Adoptions,
        load=PRODUCTS.load,
        run=_adoptions,
    ),
]
