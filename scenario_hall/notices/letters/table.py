"""Every letter by its name."""

from __future__ import annotations

from collections.abc import Mapping

from scenario_hall.notices.letter import LetterTemplate
from scenario_hall.notices.letters import (
    accounts,
    applications,
    hall,
    invitations,
    organizations,
    outcomes,
    products,
    reviewing,
    revisions,
    scenarios,
    webhooks,
)

LETTERS: Mapping[str, LetterTemplate] = {
    **accounts.LETTERS,
    **organizations.LETTERS,
    **invitations.LETTERS,
    **scenarios.LETTERS,
    **products.LETTERS,
    **revisions.LETTERS,
    **applications.LETTERS,
    **outcomes.LETTERS,
    **reviewing.LETTERS,
    **hall.LETTERS,
    **webhooks.LETTERS,
}
