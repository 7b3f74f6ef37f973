"""The tables that everything else shares."""

from __future__ import annotations

from scenario_hall.core.files import StoredFile
from scenario_hall.core.jobs import JobRun
from scenario_hall.core.kept_forms import KeptForm
from scenario_hall.core.limits import Attempt
from scenario_hall.core.shared_keys import SigningKey

CORE_TABLES = (Attempt, JobRun, KeptForm, SigningKey, StoredFile)
