"""What the preview of a scenario's draft shows, as one value for the page and its JSON twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.policy import Actor, can, require
from scenario_hall.dossiers.scenario import can_edit
from scenario_hall.matching.likeness import LikeScenario, is_contact_told, similar_scenarios
from scenario_hall.outcomes.lessons import Lesson, lessons_of
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import get_scenario
from scenario_hall.search.engine.index import SearchIndex
from scenario_hall.taxonomy.taxonomy import Taxonomy

MOST_ALIKE = 3


@dataclass(frozen=True)
class ScenarioPreview:
    """A draft as it will look, with what it lacks and what is already known of its kind."""

    scenario: Scenario
    files: Sequence[StoredFile]
    lacking: Mapping[str, str]
    can_edit: bool
    alike: Sequence[LikeScenario]
    lessons: Sequence[Lesson]
    can_propose: bool
    apart: frozenset[int]  # organisations among the owners that a proposal would not tell the contact's address


def scenario_preview(
    session: Session, actor: Actor, code: str, *, taxonomy: Taxonomy, index: SearchIndex
) -> ScenarioPreview:
    """Raises NotFound or Denied where the actor may not see the draft."""
    scenario = get_scenario(session, code)
    require(actor, "view_private", scenario)
    alike = similar_scenarios(session, scenario, taxonomy, index, most=20)
    owners = {like.scenario.organization_id: like.scenario.organization for like in alike[:MOST_ALIKE]}
    return ScenarioPreview(
        scenario=scenario,
        files=files_of(session, "scenario", scenario.pk),
        lacking=scenario.missing(),
        can_edit=can_edit(actor, scenario),
        alike=alike[:MOST_ALIKE],
        lessons=lessons_of(session, alike),
        can_propose=can(actor, "propose_jointly", scenario),
        apart=frozenset(pk for pk, owner in owners.items() if not is_contact_told(session, scenario, owner)),
    )
