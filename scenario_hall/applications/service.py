"""Use cases of an application: submit, withdraw, renew, shortlist, accept, decline."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from scenario_hall.applications import lifecycle
from scenario_hall.applications.models import Answer, Application
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, NotFound, StaleEdit, WrongState
from scenario_hall.core.lines import line_faults, require_lines
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.chain import record_event
from scenario_hall.log.codes import APPLICATION, next_code
from scenario_hall.log.transitions import apply_transition, check
from scenario_hall.organizations.service import require_verified
from scenario_hall.products.models import Product
from scenario_hall.products.service import current_revision
from scenario_hall.scenarios.models import Scenario


def get_application(session: Session, code: str) -> Application:
    """Raises NotFound."""
    application = session.exec(select(Application).where(col(Application.code) == code)).first()
    if application is None:
        raise NotFound(N_("There is no application %(code)s."), code=code)
    return application


def applications_to(session: Session, scenario: Scenario) -> list[Application]:
    """Every application to a scenario, the first first."""
    query = select(Application).where(col(Application.scenario_id) == scenario.pk).order_by(col(Application.id))
    return list(session.exec(query))


def submit_application(
    actor: Actor,
    *,
    session: Session,
    scenario: Scenario,
    product: Product,
    proposal: str,
    answers: Sequence[Answer] = (),
) -> Application:
    """Offer ``product``, in the version listed now, for ``scenario``.

    Raises Denied, WrongState (deadline over, product not listed), Invalid, AlreadyExists (already applied).
    """
    faults = _faults_of_offer(scenario, proposal, answers)
    try:
        with transaction(session):
            # Held until the commit, so that nobody closes the scenario over an application on its way in.
            session.refresh(scenario, with_for_update={"read": True})
            session.refresh(product)
            require(actor, "apply", product)
            require(actor, "view", scenario)
            require_verified(product.organization)
            if not scenario.is_open():
                raise WrongState(N_("This scenario no longer accepts applications."))
            if not product.is_open():
                raise WrongState(N_("Only a listed product can be offered."))
            if scenario.organization_id == product.organization_id:
                raise Denied(N_("An organisation cannot apply to its own scenario."))
            if faults:
                raise Invalid(faults)
            application = Application(
                state=lifecycle.LIFECYCLE.initial,
                code=next_code(session, APPLICATION),
                scenario_id=scenario.pk,
                scenario_revision=scenario.revision,
                product_id=product.pk,
                product_revision_id=current_revision(session, product).id or 0,
                organization_id=product.organization_id,
                created_by=actor.account_id,
                proposal=proposal.strip(),
                answers=[answer.model_dump(mode="json") for answer in answers],
            )
            session.add(application)
            session.flush()
            # Whoever wrote the scenario for its owner does not apply to it for a supplier.
            require(actor, "offer", application)
            record_event(
                session,
                actor,
                application,
                "application.submitted",
                {"scenario": scenario.code, "product": product.code},
            )
    except IntegrityError:
        raise AlreadyExists(N_("You have already applied to this scenario with this product.")) from None
    return application


def _faults_of_offer(scenario: Scenario, proposal: str, answers: Sequence[Answer]) -> dict[str, str]:
    faults = {}
    if not proposal.strip():
        faults["proposal"] = N_("Explain how your product would do the job.")
    elif len(proposal) > MAX_TEXT:
        faults["proposal"] = N_("This is too long.")
    asked = {line.metric for line in scenario.requirement_lines}
    if any(answer.metric not in asked for answer in answers):
        faults["answers"] = N_("An answer names a requirement that the scenario does not have.")
    faults |= line_faults({"answers": (text for answer in answers for text in (answer.metric, answer.statement))})
    return faults


def act_on_application(
    actor: Actor,
    *,
    session: Session,
    application: Application,
    action: str,
    version: int | None = None,
    feedback: str = "",
) -> Application:
    """Apply one transition (shortlist, accept, decline, withdraw); a decline needs written feedback.

    Faces withdraw by ``outcomes.plan.withdrawal.withdraw_application``, which knows whether a plan is signed.
    """
    with transaction(session):
        lock(session, application, version)
        check(actor, application, action)
        if (action, application.state) == ("withdraw", lifecycle.ACCEPTED) and not application.answers_older_scenario():
            raise WrongState(N_("An accepted application can be withdrawn only after the scenario has changed."))
        apply_transition(
            session,
            actor,
            application,
            action,
            reason=feedback,
            data={"scenario": application.scenario.code, "product": application.product.code},
        )
        if feedback.strip():
            application.feedback = feedback.strip()
    return application


def renew_application(
    actor: Actor, *, session: Session, application: Application, version: int | None, revision: int
) -> Application:
    """The supplier confirms the application for the scenario's ``revision``, the one that was shown.

    Raises Denied, WrongState (it answers the present scenario already, or is over), StaleEdit (the scenario has
    changed once more).
    """
    with transaction(session):
        lock(session, application, version)
        session.refresh(application.scenario, with_for_update={"read": True})
        check(actor, application, "renew")
        scenario = application.scenario
        if not application.answers_older_scenario():
            raise WrongState(N_("This application already answers the scenario as it is now."))
        if not scenario.substance_revision <= revision <= scenario.revision:
            raise StaleEdit(application)
        application.scenario_revision = revision
        data = {"scenario": scenario.code, "product": application.product.code, "revision": revision}
        apply_transition(session, actor, application, "renew", data=data)
    return application


def ask_supplier(actor: Actor, *, session: Session, application: Application, metric: str) -> None:
    """Ask about a requirement that the product states nothing on; idempotent.

    Raises Denied, WrongState (decided, or withdrawn), Invalid (the scenario has no such requirement).
    """
    with transaction(session):
        lock(session, application, None)
        require(actor, "ask", application)
        _require_open(application)
        if metric not in {line.metric for line in application.scenario.requirement_lines}:
            raise Invalid({"metric": N_("An answer names a requirement that the scenario does not have.")})
        if metric in application.questions:
            return
        application.questions = [*application.questions, metric]
        session.add(application)
        record_event(session, actor, application, "application.asked", {"metric": metric})


def answer_supplier_question(actor: Actor, *, session: Session, application: Application, answer: Answer) -> None:
    """The supplier's answer to a question; it stands beside the others.

    Raises Denied, WrongState (decided, or nothing was asked).
    """
    with transaction(session):
        lock(session, application, None)
        require(actor, "answer", application)
        require_lines(lines={"statement": answer.statement})
        _require_open(application)
        if answer.metric not in application.open_questions:
            raise WrongState(N_("This was not asked, or has already been answered."))
        application.answers = [*application.answers, answer.model_dump(mode="json")]
        session.add(application)
        record_event(session, actor, application, "application.answered", {"metric": answer.metric})


def _require_open(application: Application) -> None:
    if application.state not in lifecycle.OPEN:
        raise WrongState(N_("This application has already been decided."))
