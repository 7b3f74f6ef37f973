"""What is asked and said: public questions on a scenario, messages between the two sides of an application."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from sqlmodel import col, select

from scenario_hall.api import applications
from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.scenarios import SCENARIOS
from scenario_hall.api.values import Asked, OrganizationRef, Told
from scenario_hall.applications import messages
from scenario_hall.core.errors import Denied
from scenario_hall.core.texts import N_
from scenario_hall.dossiers.application import messages_for
from scenario_hall.organizations.tokens import Scope
from scenario_hall.outcomes.models import Outcome
from scenario_hall.scenarios.questions import questions_on, takes_questions


class QuestionTold(Told):
    """A question and its answer, both public; who asked is not told."""

    id: int
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


class Questions(Told):
    """The oldest first."""

    takes_questions: bool
    items: list[QuestionTold]


class MessageTold(Told):
    """What one side has written to the other."""

    id: int
    side: Literal["supplier", "demand"]
    organization: OrganizationRef
    author: str = Field(description="Empty where they have not consented to being named across the border.")
    text: str
    sent_at: datetime
    is_new: bool


class Messages(Told):
    """The oldest first."""

    items: list[MessageTold]


class NewMessage(Asked):
    """What the other side reads."""

    text: str = Field(min_length=1, max_length=messages.LONGEST, pattern=r"\S")


def _questions(call: Call) -> Questions:
    rows = questions_on(call.session, call.record)
    return Questions(
        takes_questions=takes_questions(call.record), items=[QuestionTold.model_validate(each) for each in rows]
    )


def _messages(call: Call) -> Messages:
    outcomes = select(Outcome).where(col(Outcome.application_id) == call.record.pk)
    found = messages_for(call.session, call.actor, call.record, list(call.session.exec(outcomes)))
    if found is None:
        raise Denied()
    return Messages(items=[_message(each) for each in found.shown])


def _message(shown: messages.ShownMessage) -> MessageTold:
    row = shown.message
    return MessageTold(
        id=row.id or 0,
        side="supplier" if row.party == "supplier" else "demand",
        organization=OrganizationRef.model_validate(shown.organization),
        author=shown.author,
        text=row.text,
        sent_at=row.sent_at,
        is_new=shown.is_new,
    )


def _send(call: Call) -> MessageTold:
    sent = messages.send_message(call.actor, session=call.session, application=call.record, text=call.body.text)
    shown = messages.messages_of(call.session, call.actor, call.record)
    return _message(next(each for each in shown if each.message.id == sent.id))


_OF_APPLICATION: dict[str, Any] = {
    "path": "/applications/{code}/messages",
    "subject": "applications",
    "load": applications.load,
}
OPERATIONS = [
    Operation(
        name="list_questions",
        method="GET",
        path="/scenarios/{code}/questions",
        subject="scenarios",
        summary=N_("The questions on it, and their answers"),
        answer=Questions,
        load=SCENARIOS.load,
        run=_questions,
    ),
    Operation(
        name="list_messages",
        method="GET",
        summary=N_("What its two sides have written to each other"),
        answer=Messages,
        scopes=(Scope.READ,),
        run=_messages,
        **_OF_APPLICATION,
    ),
    Operation(
        name="send_message",
        method="POST",
        summary=N_("Write to the other side"),
        answer=MessageTold,
        body=NewMessage,
        status=201,
        scopes=(Scope.APPLY,),
        run=_send,
        example={"text": "…"},
        **_OF_APPLICATION,
    ),
]
