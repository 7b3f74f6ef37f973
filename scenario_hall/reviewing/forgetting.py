"""What reviewing forgets of a person whose account is closed for good."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.reviewing.absences import forget_absence
from scenario_hall.reviewing.turns import forget_turns


def forget_reviewer(session: Session, account_id: int) -> None:
    """Within the caller's transaction, take away their absence, whom they stand in for, and what was given to them."""
    forget_absence(session, account_id)
    forget_turns(session, account_id)
