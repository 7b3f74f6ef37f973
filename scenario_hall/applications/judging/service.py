"""Use cases of judging: set the criteria, declare an interest, score alone, open the joint round, revise.

Nobody, not even editors or administrators, sees the marks of others before the joint round, so that first opinions
are independent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session, col, select

from scenario_hall.applications import lifecycle
from scenario_hall.applications.judging.models import Criterion, Declaration, Judging, Mark, Score, default_criteria
from scenario_hall.applications.models import Application
from scenario_hall.applications.service import applications_to
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, StaleEdit, WrongState
from scenario_hall.core.lines import require_lines
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.scenarios.models import Scenario

# As many evaluators have to have scored each open application before anybody sees the scores of others.
FEWEST_SCORES = 2
MOST_CRITERIA = 12
LONGEST = 2_000


def judging_of(session: Session, scenario: Scenario) -> Judging:
    """The scenario's judging as stored; else a new one with the shipped criteria, that is not written yet."""
    found = session.get(Judging, scenario.pk, populate_existing=True)
    if found is not None:
        return found
    shipped = [each.model_dump(mode="json") for each in default_criteria()]
    return Judging(scenario_id=scenario.pk, version=0, criteria=shipped)


def counted_scores(session: Session, applications: Iterable[Application]) -> dict[int, list[Score]]:
    """Application id → each evaluator's newest score, without those of evaluators who have a conflict."""
    ids = [application.pk for application in applications]
    barred = {
        (row.application_id, row.account_id)
        for row in session.exec(
            select(Declaration).where(col(Declaration.application_id).in_(ids), col(Declaration.has_conflict))
        )
    }
    newest: dict[tuple[int, int], Score] = {}
    for score in session.exec(select(Score).where(col(Score.application_id).in_(ids)).order_by(col(Score.number))):
        newest[score.application_id, score.account_id] = score
    found: dict[int, list[Score]] = {key: [] for key in ids}
    for pair, score in sorted(newest.items()):
        if pair not in barred:
            found[score.application_id].append(score)
    return found


def criteria_are_fixed(session: Session, scenario: Scenario) -> bool:
    """Has a score been given? Then what is scored stays as it is."""
    query = (
        select(Score.id)
        .join(Application, col(Application.id) == col(Score.application_id))
        .where(col(Application.scenario_id) == scenario.pk)
    )
    return session.exec(query.limit(1)).first() is not None


def set_criteria(
    actor: Actor, *, session: Session, scenario: Scenario, version: int | None, criteria: Sequence[Criterion]
) -> Judging:
    """Say what is scored and how much each counts.

    Raises Denied, WrongState (a score was given), StaleEdit, Invalid.
    """
    with transaction(session):
        session.refresh(scenario, with_for_update=True)
        require(actor, "set_criteria", scenario)
        if criteria_are_fixed(session, scenario):
            raise WrongState(N_("A score has already been given: the criteria can no longer change."))
        judging = judging_of(session, scenario)
        _require_version(judging, version)
        _check_criteria(criteria)
        judging.criteria = [each.model_dump(mode="json") for each in criteria]
        judging.version += 1
        session.add(judging)
        weighted = [{"name": each.key or each.name, "weight": each.weight} for each in criteria]
        record_event(session, actor, scenario, "scenario.criteria_set", {"criteria": weighted})
    return judging


def _check_criteria(criteria: Sequence[Criterion]) -> None:
    require_lines(names={"criteria": (each.name for each in criteria)})
    names = [each.key or each.name for each in criteria]
    if not names or not all(names):
        raise Invalid({"criteria": N_("Enter at least one criterion.")})
    if len(names) > MOST_CRITERIA:
        raise Invalid({"criteria": N_("At most %(count)s criteria: more cannot be compared.")}, count=MOST_CRITERIA)
    if len(set(names)) < len(names):
        raise Invalid({"criteria": N_("Two criteria have the same name.")})


def declare_interest(
    actor: Actor, *, session: Session, application: Application, has_conflict: bool, reason: str = ""
) -> Declaration:
    """Say, before scoring, whether one has an interest in this application. A conflict bars from scoring it, sets
    aside a score given before, and stands.

    Raises NotFound, Denied, WrongState (decided, or a conflict was declared), Invalid (a conflict without a reason).
    """
    with transaction(session):
        account_id = _lock_for_evaluator(session, actor, application)
        if has_conflict and not reason.strip():
            raise Invalid({"reason": N_("Describe the conflict of interest.")})
        if len(reason) > LONGEST:
            raise Invalid({"reason": N_("This is too long.")})
        found = session.get(Declaration, (application.pk, account_id), populate_existing=True)
        if found is not None and found.has_conflict:
            raise WrongState(N_("You have already declared a conflict of interest; it cannot be withdrawn."))
        if found is not None and not has_conflict:
            return found
        made = found or Declaration(application_id=application.pk, account_id=account_id, has_conflict=has_conflict)
        made.has_conflict, made.reason = has_conflict, reason.strip()
        session.add(made)
        # What the conflict is stays with the owner's people; the log says only that there is one.
        kind = "application.conflict_declared" if has_conflict else "application.impartiality_declared"
        record_event(session, actor, application, kind, {})
    return made


def score_application(
    actor: Actor,
    *,
    session: Session,
    application: Application,
    version: int | None,
    marks: Sequence[Mark],
    reason: str = "",
) -> Score:
    """Score alone; in the joint round revise one's own score, with a reason. ``version`` is that of the criteria.

    Raises NotFound, Denied (a conflict of interest), WrongState, StaleEdit (other criteria now), Invalid.
    """
    with transaction(session):
        account_id = _lock_for_evaluator(session, actor, application)
        _require_impartial(session, application, account_id)
        judging = judging_of(session, application.scenario)
        _require_version(judging, version)
        own = _own_scores(session, application, account_id)
        is_joint = application.pk in judging.revealed
        if is_joint and not own:
            raise WrongState(N_("The joint round has begun: only those who scored independently before it can revise."))
        _check_marks(judging, marks, reason, needs_reason=is_joint)
        if not judging.version:
            judging.version = 1  # the first score fixes the shipped criteria
        session.add(judging)
        score = Score(
            application_id=application.pk,
            account_id=account_id,
            number=len(own) + 1,
            is_joint=is_joint,
            marks=[each.model_dump(mode="json") for each in marks],
            reason=reason.strip(),
        )
        session.add(score)
        kind = "application.score_revised" if is_joint else "application.scored"
        # The log is read by more people than the marks are.
        record_event(session, actor, application, kind, {"number": score.number})
    return score


def _check_marks(judging: Judging, marks: Sequence[Mark], reason: str, *, needs_reason: bool) -> None:
    faults = {}
    if len(marks) != len(judging.criteria):
        faults["marks"] = N_("Give every criterion a mark from 0 to 5.")
    elif not any(each.comment for each in marks):
        faults["marks"] = N_("Write a comment on at least one criterion: the feedback is based on it.")
    if needs_reason and not reason.strip():
        faults["reason"] = N_("Explain why you are revising your score.")
    elif len(reason) > LONGEST:
        faults["reason"] = N_("This is too long.")
    if faults:
        raise Invalid(faults)


def reveal_scores(actor: Actor, *, session: Session, scenario: Scenario) -> list[Application]:
    """Open the joint round: from now on the evaluators see each other's scores. Returns the applications concerned.

    Raises Denied, WrongState (nothing to open; an open application has too few scores: it says which).
    """
    with transaction(session):
        session.refresh(scenario, with_for_update=True)
        require(actor, "reveal_scores", scenario)
        judging = judging_of(session, scenario)
        applications = [each for each in applications_to(session, scenario) if each.pk not in judging.revealed]
        scores = counted_scores(session, applications)
        ready = [each for each in applications if each.state in lifecycle.OPEN or scores[each.pk]]
        if not ready:
            raise WrongState(N_("There are no scores to reveal."))
        lacking = lacking_scores(ready, scores)
        if lacking:
            raise WrongState(
                N_("Each open application needs the scores of two evaluators first. Still missing: %(missing)s."),
                missing=", ".join(f"{each.code} ({count})" for each, count in lacking),
            )
        judging.revealed = [*judging.revealed, *(each.pk for each in ready)]
        session.add(judging)
        facts = {"title": scenario.title, "applications": [each.code for each in ready]}
        record_event(session, actor, scenario, "scenario.scores_revealed", facts)
    return ready


def lacking_scores(
    applications: Iterable[Application], scores: Mapping[int, Sequence[Score]]
) -> list[tuple[Application, int]]:
    """The open applications that too few have scored, with how many scores each still needs."""
    return [
        (each, FEWEST_SCORES - len(scores[each.pk]))
        for each in applications
        if each.state in lifecycle.OPEN and len(scores[each.pk]) < FEWEST_SCORES
    ]


def _lock_for_evaluator(session: Session, actor: Actor, application: Application) -> int:
    """The evaluator's account id, with the application, and its scenario with it, locked."""
    session.refresh(application, with_for_update=True)
    require(actor, "judge", application)
    if actor.account_id is None:
        raise Denied()
    if application.state not in lifecycle.OPEN:
        raise WrongState(N_("This application has already been decided."))
    return actor.account_id


def _require_impartial(session: Session, application: Application, account_id: int) -> None:
    declared = session.get(Declaration, (application.pk, account_id), populate_existing=True)
    if declared is None:
        raise WrongState(N_("First declare whether you have a conflict of interest."))
    if declared.has_conflict:
        raise Denied(N_("You have declared a conflict of interest, so you cannot score this application."))


def _require_version(judging: Judging, version: int | None) -> None:
    if version is not None and judging.version != version:
        raise StaleEdit(judging)


def _own_scores(session: Session, application: Application, account_id: int) -> Sequence[Score]:
    query = select(Score).where(col(Score.application_id) == application.pk, col(Score.account_id) == account_id)
    return session.exec(query).all()
