"""The tables of matching, with the vectors that it reads."""

from __future__ import annotations

from scenario_hall.matching.models import GapCount, GapScenario, MatchOpinion, MatchPart, StoredMatch
from scenario_hall.search.models import RecordVector

MATCHING_TABLES = (GapCount, GapScenario, MatchOpinion, MatchPart, RecordVector, StoredMatch)
