"""The rows that are one person's alone, which go with the account."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.alerts.service import forget_alerts
from scenario_hall.applications.messages import forget_readings
from scenario_hall.bookmarks.service import forget_bookmarks
from scenario_hall.core.kept_answers import forget_answers
from scenario_hall.notices.choices import forget_choices
from scenario_hall.notices.inbox import forget_notices
from scenario_hall.organizations.tokens import delete_tokens
from scenario_hall.reviewing.forgetting import forget_reviewer


def forget_own_rows(session: Session, account_id: int) -> None:
    """Within the caller's transaction, delete what nobody but this person needs: marks of what was read, bookmarks,
    saved searches, notices and how they come, turns and absence as a reviewer, tokens, answers kept for programs."""
    forget_readings(session, account_id)
    forget_reviewer(session, account_id)
    forget_bookmarks(session, account_id)
    forget_alerts(session, account_id)
    forget_notices(session, account_id)
    forget_choices(session, account_id)
    delete_tokens(session, account_id)
    forget_answers(session, account_id)
