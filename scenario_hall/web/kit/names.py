"""What values are called on pages. The name for people stands beside the enum or table that declares the value, as a
message id; here the tables are put together, so that a page finds a name by its group and value."""

from __future__ import annotations

from collections.abc import Mapping

from scenario_hall.applications.models import ANSWER_NAMES
from scenario_hall.core.files import FILE_ROLE_NAMES
from scenario_hall.core.policy import ROLE_NAMES
from scenario_hall.core.values import COMPARISON_NAMES, NECESSITY_NAMES
from scenario_hall.dossiers.outcome_way import STEP_NAMES
from scenario_hall.dossiers.progress import STAGE_NAMES
from scenario_hall.log.kinds.kind import READER_NAMES
from scenario_hall.log.subjects import SUBJECT_NAMES
from scenario_hall.matching.engine.explanation import ASPECT_NAMES, CHANGE_NAMES, PART_NAMES
from scenario_hall.matching.models import OPINION_NAMES
from scenario_hall.organizations.models import DETAIL_NAMES, SIDE_NAMES
from scenario_hall.organizations.registration import REGISTRATION_NAMES
from scenario_hall.outcomes.names import OUTCOME_GROUPS
from scenario_hall.products.fields import FIELDS as PRODUCT_FIELDS
from scenario_hall.quantities.verdicts import VERDICT_NAMES
from scenario_hall.reviewing.queues import QUEUE_NAMES
from scenario_hall.scenarios.fields import FIELDS as SCENARIO_FIELDS
from scenario_hall.search.suggest import SUGGESTION_NAMES
from scenario_hall.taxonomy.taxonomy import TAG_KIND_NAMES
from scenario_hall.web.kit.lifecycle_names import ACTIONS, APPLICATION_STATES, DONE, FINAL, REVISION_STATES, STATES

FIELDS = {f"field.{field.name}": field.label for field in (*SCENARIO_FIELDS, *PRODUCT_FIELDS)}
FIELDS = {**{f"field.{name}": label for name, label in DETAIL_NAMES.items()}, **FIELDS}


# Group → the names of its values. What has no group is found by the value alone.
GROUPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("", ANSWER_NAMES),
    ("", COMPARISON_NAMES),
    ("", FILE_ROLE_NAMES),
    ("", NECESSITY_NAMES),
    ("", OPINION_NAMES),
    ("", REGISTRATION_NAMES),
    ("", ROLE_NAMES),
    ("", SIDE_NAMES),
    ("", SUBJECT_NAMES),
    ("", SUGGESTION_NAMES),
    ("", TAG_KIND_NAMES),
    ("", VERDICT_NAMES),
    ("action", ACTIONS),
    ("aspect", ASPECT_NAMES),
    ("change", CHANGE_NAMES),
    ("done", DONE),
    ("final", FINAL),
    ("queue", QUEUE_NAMES),
    ("reader", READER_NAMES),
    ("part", PART_NAMES),
    ("stage", STAGE_NAMES),
    ("step", STEP_NAMES),
    ("state", STATES),
    ("state.application", APPLICATION_STATES),
    ("state.revision", REVISION_STATES),
    *OUTCOME_GROUPS,
)
NAMES: dict[str, str] = {
    **FIELDS,
    **{f"{group}.{value}" if group else f"{value}": name for group, names in GROUPS for value, name in names.items()},
}
