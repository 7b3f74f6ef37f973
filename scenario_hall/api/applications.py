"""Applications: apply, answer, decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.api.acts import Act, acts_of
from scenario_hall.api.declaring import Call, Listing, Operation
from scenario_hall.api.values import Asked, FileOfRecord, ListQuery, RecordQuery, Ref, Text, Told, WrittenText, closed
from scenario_hall.applications import service
from scenario_hall.applications.lifecycle import LIFECYCLE, OPEN
from scenario_hall.applications.models import Answer, Application
from scenario_hall.core.files import files_of
from scenario_hall.core.policy import can, open_transitions, require
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_LINES, MAX_METRIC
from scenario_hall.organizations.tokens import Scope
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.withdrawal import withdraw_application
from scenario_hall.products.service import get_product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import get_scenario
from scenario_hall.web.kit.language import named

SUBJECT = "applications"
AnswerLine = closed(Answer)


class ApplicationTold(Told):
    """An application, to both sides and administrators."""

    code: str
    link: str
    version: int
    state: str
    state_name: str
    scenario: Ref
    scenario_revision: int = Field(description="The revision that it answers.")
    product: Ref
    product_revision: int
    proposal: str
    answers: list[Answer]
    questions: list[str] = Field(description="Metrics that the owner asks about and that have no answer yet.")
    feedback: str
    submitted_at: datetime
    updated_at: datetime
    outcomes: list[str]
    actions: list[str]
    files: list[FileOfRecord]


class NewApplication(Asked):
    """A product offered for a scenario."""

    scenario: str = Field(max_length=20)
    product: str = Field(max_length=20)
    proposal: WrittenText
    answers: list[AnswerLine] = Field(default_factory=list, max_length=MAX_LINES)  # type: ignore[valid-type]


class Feedback(Asked):
    """What the supplier reads with the decision."""

    feedback: Text = ""


class WrittenFeedback(Asked):
    """The same, which a refusal has to say."""

    feedback: WrittenText


class Renewal(Asked):
    """The scenario's revision that was seen and is answered now."""

    revision: int = Field(ge=1, le=2**31)


class Metric(Asked):
    """One requirement of the scenario."""

    metric: str = Field(min_length=1, max_length=MAX_METRIC)


class ApplicationsQuery(ListQuery):
    """Which of them."""

    scenario: str | None = Field(default=None, max_length=20, description="To this scenario alone.")
    state: str | None = Field(default=None, max_length=20, description="In this state alone.")


def load(call: Call) -> Application:
    """Raises NotFound, also for one that the caller may not see."""
    application = service.get_application(call.session, call.path["code"])
    require(call.actor, "view", application)
    return application


def tell(call: Call, application: Application) -> ApplicationTold:
    outcomes = select(Outcome.code).where(col(Outcome.application_id) == application.pk).order_by(col(Outcome.id))
    actions = [row.action for row in open_transitions(call.actor, application)]
    beside = [each for each in ("ask", "answer") if application.state in OPEN and can(call.actor, each, application)]
    return ApplicationTold(
        code=application.code,
        link=f"/api/v1/{SUBJECT}/{application.code}",
        version=application.version,
        state=application.state,
        state_name=named(application.state, "state.application"),
        scenario=Ref(code=application.scenario.code, title=application.scenario.title),
        scenario_revision=application.scenario_revision,
        product=Ref(code=application.product.code, title=application.product.title),
        product_revision=application.product_revision.number,
        proposal=application.proposal,
        answers=application.answer_lines,
        questions=application.open_questions,
        feedback=application.feedback,
        submitted_at=application.submitted_at,
        updated_at=application.updated_at,
        outcomes=list(call.session.exec(outcomes)),
        actions=[*actions, *beside],
        files=[FileOfRecord.model_validate(each) for each in files_of(call.session, "application", application.pk)],
    )


def _rows(call: Call) -> SelectOfScalar[Application]:
    query = select(Application).join(Scenario, col(Scenario.id) == col(Application.scenario_id))
    if not call.actor.is_administrator:
        own = call.actor.spoken_for
        query = query.where(or_(col(Application.organization_id).in_(own), col(Scenario.organization_id).in_(own)))
    if call.query.scenario is not None:
        query = query.where(col(Scenario.code) == call.query.scenario)
    if call.query.state is not None:
        query = query.where(col(Application.state) == call.query.state)
    return query


def _apply(call: Call) -> ApplicationTold:
    made = service.submit_application(
        call.actor,
        session=call.session,
        scenario=get_scenario(call.session, call.body.scenario),
        product=get_product(call.session, call.body.product),
        proposal=call.body.proposal,
        answers=call.body.answers,
    )
    return tell(call, made)


def _decide(action: str, body: type[Asked] = Feedback) -> Act:
    def run(call: Call) -> object:
        return service.act_on_application(
            call.actor,
            session=call.session,
            application=call.record,
            action=action,
            version=call.version,
            feedback=call.body.feedback,
        )

    return Act(run, body, example={"feedback": "…"})


ACTS: dict[str, Act] = {
    "shortlist": _decide("shortlist"),
    "accept": _decide("accept"),
    "decline": _decide("decline", WrittenFeedback),
    "withdraw": Act(
        lambda call: withdraw_application(
            call.actor, session=call.session, application=call.record, version=call.version
        )
    ),
    "renew": Act(
        lambda call: service.renew_application(
            call.actor,
            session=call.session,
            application=call.record,
            version=call.version,
            revision=call.body.revision,
        ),
        Renewal,
        example={"revision": 2},
    ),
    "ask": Act(
        lambda call: service.ask_supplier(
            call.actor, session=call.session, application=call.record, metric=call.body.metric
        ),
        Metric,
        N_("Ask the supplier about a requirement"),
        (Scope.APPLY,),
        {"metric": "续航时间"},
    ),
    "answer": Act(
        lambda call: service.answer_supplier_question(
            call.actor, session=call.session, application=call.record, answer=call.body
        ),
        AnswerLine,
        N_("Answer a question about a requirement"),
        (Scope.APPLY,),
        {"metric": "续航时间", "answer": "meets", "statement": "…"},
    ),
}
_COMMON: dict[str, Any] = {"subject": SUBJECT, "answer": ApplicationTold}
OPERATIONS = [
    Operation(
        name="list_applications",
        method="GET",
        path=f"/{SUBJECT}",
        summary=N_("Applications of and to the organisation that the token speaks for"),
        query=ApplicationsQuery,
        scopes=(Scope.READ,),
        listing=Listing(_rows, Application.id, lambda call, row: can(call.actor, "view", row), tell, ApplicationTold),
        **_COMMON,
    ),
    Operation(
        name="get_application",
        method="GET",
        path=f"/{SUBJECT}/{{code}}",
        summary=N_("One application"),
        query=RecordQuery,
        scopes=(Scope.READ,),
        load=load,
        run=lambda call: tell(call, call.record),
        **_COMMON,
    ),
    Operation(
        name="apply",
        method="POST",
        path=f"/{SUBJECT}",
        summary=N_("Offer a listed product for an open scenario"),
        body=NewApplication,
        status=201,
        scopes=(Scope.APPLY,),
        run=_apply,
        example={
            "scenario": "S-2026-000001",
            "product": "P-2026-000001",
            "proposal": "我们以自动机场完成夜间巡检。",
            "answers": [{"metric": "续航时间", "answer": "meets", "statement": "45 min"}],
        },
        **_COMMON,
    ),
    *acts_of(
        LIFECYCLE,
        ACTS,
        address=f"/{SUBJECT}/{{code}}",
        subject=SUBJECT,
        name="application",
        scope=Scope.APPLY,
        load=load,
        tell=tell,
        told=ApplicationTold,
    ),
]
