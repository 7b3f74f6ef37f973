"""The number beside the bell of every page's header: what its reader was told and has not read."""

from __future__ import annotations

from flask import g
from flask_login import current_user
from sqlmodel import Session

from scenario_hall.notices.inbox import MOST_COUNTED, unread_count
from scenario_hall.web.kit.request import database


def notice_count() -> str:
    """How many notices the reader has not read; empty where there is none, or nobody is logged in."""
    if not current_user.is_authenticated:
        return ""
    if "notice_count" not in g:
        g.notice_count = count_of(database(), current_user.account_id)
    return str(g.notice_count)


def count_of(session: Session, account_id: int) -> str:
    """The same of one account: “99+” for more; empty for none."""
    count = unread_count(session, account_id)
    return "" if not count else f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
