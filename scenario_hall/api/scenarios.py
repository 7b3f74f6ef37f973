"""Scenarios: read, written, reviewed, ended, and the questions on them."""

from __future__ import annotations

from scenario_hall.api.acts import Act
from scenario_hall.api.contents import asked_content, content_sent
from scenario_hall.api.declaring import Call
from scenario_hall.api.records import Notes, RecordKind, WaitingReason, WaitingVersion, body_of
from scenario_hall.api.values import Asked, Id, WrittenText
from scenario_hall.applications.closing import close_scenario
from scenario_hall.core.texts import N_
from scenario_hall.organizations.tokens import Scope
from scenario_hall.publishing.amending import accept_revision, get_waiting, return_revision, take_back_revision
from scenario_hall.publishing.discarding import recall
from scenario_hall.scenarios import questions, service
from scenario_hall.scenarios.fields import FIELDS
from scenario_hall.scenarios.models import Scenario

Amendment = body_of("Scenario", asked_content("ScenarioContentChange", FIELDS))
EXAMPLE = {
    "title": "港口岸桥无人机巡检",
    "situation": "人工登高检查岸桥钢结构，每台岸桥需停机2小时。",
    "wanted_result": "自动机场与多旋翼无人机夜间巡检，识别锈蚀与裂纹。",
    "domains": ["low-altitude"],
    "region": "440300",
    "requirements": [
        {"metric": "续航时间", "comparison": "at_least", "value": 40, "unit": "min", "necessity": "must", "note": ""}
    ],
    "budget_max": 800000,
    "currency": "CNY",
    "deadline": "2030-12-31T15:59:00Z",
    "contact_name": "陈港",
    "contact_email": "contact@port.example",
}


class Question(Asked):
    """A question; text and answer are public, who asked is not."""

    text: WrittenText


class QuestionAnswer(Asked):
    """The owner's answer."""

    question: Id
    text: WrittenText


def _amend(call: Call) -> object:
    return service.amend_scenario(
        call.actor,
        session=call.session,
        scenario=call.record,
        version=call.version,
        content=content_sent(Scenario, call.body.content),
        reason=call.body.reason,
    )


def _end(action: str) -> Act:
    def run(call: Call) -> object:
        return service.end_scenario(
            call.actor,
            session=call.session,
            scenario=call.record,
            action=action,
            version=call.version,
            reason=call.body.reason,
        )

    return Act(run)


def _return(call: Call) -> object:
    return service.return_scenario(
        call.actor,
        session=call.session,
        scenario=call.record,
        version=call.version,
        reason=call.body.reason,
        notes=call.body.notes,
    )


def accept_waiting(call: Call) -> object:
    """The change that waits, made public."""
    waiting = get_waiting(call.session, call.record)
    return accept_revision(
        call.actor, session=call.session, record=call.record, proposed=waiting, version=call.body.version
    )


def return_waiting(call: Call) -> object:
    """The change that waits, given back."""
    waiting = get_waiting(call.session, call.record)
    return return_revision(
        call.actor, session=call.session, proposed=waiting, version=call.body.version, reason=call.body.reason
    )


def take_back_waiting(call: Call) -> object:
    """The change that waits, taken back by its owner."""
    return take_back_revision(call.actor, session=call.session, record=call.record, version=call.body.version)


# What scenarios and products alike do with a change that waits for review.
WAITING = {
    "accept_revision": Act(accept_waiting, WaitingVersion, example={"version": 1}),
    "return_revision": Act(
        return_waiting,
        WaitingReason,
        N_("Return the change that waits, with a reason"),
        (Scope.REVIEW,),
        {"version": 1, "reason": "…"},
    ),
    "take_back_revision": Act(
        take_back_waiting, WaitingVersion, N_("Take back the change that waits"), (Scope.WRITE,), {"version": 1}
    ),
}

SCENARIOS = RecordKind(
    table=Scenario,
    subject="scenarios",
    published_at="released_at",
    get=service.get_scenario,
    create=service.create_scenario,
    save=service.save_draft,
    example=EXAMPLE,
    acts={
        "submit": Act(
            lambda call: service.submit_scenario(
                call.actor, session=call.session, scenario=call.record, version=call.version
            )
        ),
        "recall": Act(lambda call: recall(call.actor, session=call.session, record=call.record, version=call.version)),
        "release": Act(
            lambda call: service.release_scenario(
                call.actor, session=call.session, scenario=call.record, version=call.version
            )
        ),
        "return": Act(_return, Notes, example={"reason": "…", "notes": {"title": "…"}}),
        "amend": Act(_amend, Amendment, example={"content": {"timetable": "2031"}, "reason": "…"}),
        **WAITING,
        "close": Act(
            lambda call: close_scenario(
                call.actor,
                session=call.session,
                scenario=call.record,
                version=call.version,
                reason=call.body.reason,
            )
        ),
        "withdraw": _end("withdraw"),
        "ask_question": Act(
            lambda call: questions.ask(call.actor, session=call.session, scenario=call.record, text=call.body.text),
            Question,
            N_("Ask a question; text and answer are public"),
            (Scope.APPLY,),
            {"text": "…"},
        ),
        "answer_question": Act(
            lambda call: questions.answer(
                call.actor,
                session=call.session,
                scenario=call.record,
                question_id=call.body.question,
                text=call.body.text,
            ),
            QuestionAnswer,
            N_("Answer a question"),
            (Scope.WRITE,),
            {"question": 1, "text": "…"},
        ),
    },
)
