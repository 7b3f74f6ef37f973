"""The tables of outcome records."""

from __future__ import annotations

from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.certificate.models import Certificate, SignedCertificate, SignedList
from scenario_hall.outcomes.claim.models import Advice, Objection, PriorArtCheck, RuleVersion
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import Milestone, PlanAmendment, PlanSignature
from scenario_hall.outcomes.run.models import Attestation

OUTCOME_TABLES = (
    Advice,
    Attestation,
    Certificate,
    FollowUp,
    Milestone,
    Objection,
    Outcome,
    PlanAmendment,
    PlanSignature,
    PriorArtCheck,
    RuleVersion,
    SignedCertificate,
    SignedList,
)
