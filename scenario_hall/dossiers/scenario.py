"""What the pages of a scenario show, each as one value for the page and its JSON twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from scenario_hall.applications.closing import undecided_applications
from scenario_hall.applications.models import Application
from scenario_hall.applications.offers import products_to_offer
from scenario_hall.applications.service import applications_to
from scenario_hall.core.files import IMAGES, StoredFile, files_of
from scenario_hall.core.lifecycle import Transition
from scenario_hall.core.policy import Actor, can, cautions, open_transitions, require
from scenario_hall.dossiers.changes import ProposedChanges, changes_of_record
from scenario_hall.log.chain import Event
from scenario_hall.log.history import history_of
from scenario_hall.matching.groups import SupplierGroup, supplier_groups
from scenario_hall.matching.models import Opinion
from scenario_hall.matching.opinions import opinions_on
from scenario_hall.matching.service import ShownMatch, matches_of_scenario
from scenario_hall.products.models import Product
from scenario_hall.publishing.revisions import Comparison, compare
from scenario_hall.scenarios import lifecycle
from scenario_hall.scenarios.models import Question, Scenario, ScenarioRevision
from scenario_hall.scenarios.questions import cut_off_of, questions_on, takes_questions
from scenario_hall.scenarios.service import get_scenario, revisions_of

MOST_MATCHES, MOST_NEAR_MISSES = 20, 10


@dataclass(frozen=True)
class ScenarioDossier:
    """A scenario's page as one actor may see it."""

    scenario: Scenario
    is_private: bool  # shows what only the owner and administrators see
    files: Sequence[StoredFile]
    revisions: Sequence[ScenarioRevision]
    matches: Sequence[ShownMatch]
    sees_all_matches: bool
    near_misses: Sequence[ShownMatch]
    groups: Sequence[SupplierGroup]
    opinions: Mapping[int, Opinion]  # product id → the owner's opinion
    can_judge: bool
    applications: Sequence[Application]
    offers: Sequence[Product]  # what the actor could apply with
    questions: Sequence[Question]
    takes_questions: bool
    cut_off: datetime | None
    can_ask: bool
    can_answer: bool
    steps: Sequence[Transition]
    undecided: Sequence[Application]  # what stands against closing
    can_amend: bool
    can_invite: bool
    can_edit: bool
    can_recall: bool  # from review
    can_delete: bool
    events: Sequence[Event]
    proposed: ProposedChanges
    cautions: Sequence[str]  # why the reader is offered less than their membership would allow

    @property
    def picture(self) -> int | None:
        """The id of its first picture."""
        return next((file.id for file in self.files if file.content_type in IMAGES), None)


def scenario_dossier(session: Session, actor: Actor, code: str) -> ScenarioDossier:
    """Raises NotFound where the actor may not see the scenario."""
    scenario = viewed(session, actor, code)
    is_private, sees_all = can(actor, "view_private", scenario), can(actor, "view_matches", scenario)
    matches = matches_of_scenario(actor, session=session, scenario=scenario, top=MOST_MATCHES)
    near = matches_of_scenario(actor, session=session, scenario=scenario, top=40, near_misses=True) if sees_all else []
    steps = [step for step in open_transitions(actor, scenario) if step.action in ("close", "withdraw")]
    return ScenarioDossier(
        scenario=scenario,
        is_private=is_private,
        files=files_of(session, "scenario", scenario.pk),
        revisions=revisions_of(session, scenario),
        matches=matches,
        sees_all_matches=sees_all,
        near_misses=near[:MOST_NEAR_MISSES],
        groups=supplier_groups([*matches, *near]) if sees_all else [],
        opinions=opinions_on(session, scenario) if sees_all else {},
        can_judge=can(actor, "judge_matches", scenario),
        applications=applications_to(session, scenario) if can(actor, "view_applications", scenario) else [],
        offers=products_to_offer(session, actor, scenario) if scenario.is_open() else [],
        questions=questions_on(session, scenario),
        takes_questions=takes_questions(scenario),
        cut_off=cut_off_of(scenario),
        can_ask=can(actor, "ask_question", scenario),
        can_answer=can(actor, "answer_question", scenario),
        steps=steps,
        undecided=undecided_applications(session, scenario) if steps else [],
        can_amend=can(actor, "amend", scenario) and scenario.state == lifecycle.RELEASED,
        can_invite=can(actor, "invite", scenario) and scenario.is_public() and scenario.is_open(),
        can_edit=can_edit(actor, scenario),
        can_recall=can(actor, "recall", scenario),
        can_delete=can(actor, "edit", scenario) and scenario.is_mere_draft(),
        events=history_of(session, actor, scenario),
        proposed=changes_of_record(session, actor, scenario),
        cautions=cautions(actor, scenario),
    )


def scenario_revision(session: Session, actor: Actor, code: str, number: int) -> tuple[Scenario, Comparison]:
    """One revision beside the one before it. Raises NotFound."""
    scenario = viewed(session, actor, code)
    return scenario, compare(scenario.fields, revisions_of(session, scenario), number)


def viewed(session: Session, actor: Actor, code: str) -> Scenario:
    """The scenario, which the actor may see. Raises NotFound."""
    scenario = get_scenario(session, code)
    require(actor, "view", scenario)
    return scenario


def can_edit(actor: Actor, scenario: Scenario) -> bool:
    return can(actor, "edit", scenario) and scenario.state in scenario.drafting_states
