"""How long what is kept: one rule a line, carried out by the schedule and by ``prune``, with counts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, select

from scenario_hall.alerts.service import prune_alerts
from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.kept_answers import prune_answers
from scenario_hall.core.kept_forms import prune_kept_forms
from scenario_hall.core.limits import prune_attempts
from scenario_hall.core.staged import prune_staged
from scenario_hall.core.texts import N_
from scenario_hall.log.sent_forms import prune_sent_forms
from scenario_hall.notices.inbox import prune_notices
from scenario_hall.organizations.invitations import prune_invitations
from scenario_hall.organizations.passkeys import prune_challenges
from scenario_hall.organizations.sessions import prune_sessions
from scenario_hall.organizations.tokens import prune_tokens
from scenario_hall.privacy.expiry import (
    let_contacts_go,
    let_letters_go,
    let_outbox_go,
    let_requests_go,
    let_unconfirmed_accounts_go,
)
from scenario_hall.privacy.models import RetentionRun
from scenario_hall.privacy.words import erase_before
from scenario_hall.webhooks.asking import prune_deliveries

logger = logging.getLogger(__name__)
WORDS = timedelta(days=3653)


@dataclass(frozen=True)
class Rule:
    """What is let go after how long; ``run`` returns how much that was."""

    name: str
    what: str
    period: str
    run: Callable[[Session, Settings], int]


RULES = (
    Rule(
        "attempts",
        N_("Attempts to log in, to register, to have mail sent"),
        N_("One day"),
        lambda s, _: prune_attempts(s),
    ),
    Rule(
        "kept forms",
        N_("Forms that are kept while their author logs in, or has not sent them"),
        N_("One hour; 14 days for what was typed and not sent"),
        lambda s, _: prune_kept_forms(s),
    ),
    Rule("sent forms", N_("Marks of forms that were sent"), N_("One day"), lambda s, _: prune_sent_forms(s)),
    Rule(
        "uploads",
        N_("Files that were chosen in a form and never sent"),
        N_("One day"),
        lambda s, settings: prune_staged(s, settings.files),
    ),
    Rule("log-ins", N_("Log-ins that are over"), N_("12 or 24 hours, 14 or 30 days"), lambda s, _: prune_sessions(s)),
    Rule(
        "passkeys",
        N_("Questions to passkeys that nobody has answered"),
        N_("Five minutes"),
        lambda s, _: prune_challenges(s),
    ),
    Rule("tokens", N_("Tokens of programs that are over"), N_("90 days"), lambda s, _: prune_tokens(s)),
    Rule("answers", N_("Answers that programs may ask for again"), N_("One day"), lambda s, _: prune_answers(s)),
    Rule("unconfirmed", N_("Accounts whose address was never confirmed"), N_("30 days"), let_unconfirmed_accounts_go),
    Rule("letters", N_("Address and subject of letters"), N_("Half a year"), let_letters_go),
    Rule("notices", N_("Notices in the hall"), N_("Half a year, at most 1,000"), lambda s, _: prune_notices(s)),
    Rule("alerts", N_("What saved searches have found"), N_("Half a year"), lambda s, _: prune_alerts(s)),
    Rule("webhooks", N_("What was sent to webhooks, and answered"), N_("30 days"), lambda s, _: prune_deliveries(s)),
    Rule("invitations", N_("Addresses of whoever was invited"), N_("30 days"), lambda s, _: prune_invitations(s)),
    Rule("outbox", N_("Letters as files, where there is no mail server"), N_("30 days"), let_outbox_go),
    Rule("requests", N_("People's requests that were answered"), N_("Four years"), let_requests_go),
    Rule("words", N_("Reasons and notes in the log"), N_("Ten years"), lambda s, _: erase_before(s, now() - WORDS)),
    Rule("contacts", N_("Contacts of scenarios that have ended"), N_("Two years"), let_contacts_go),
)


def carry_out(session: Session, settings: Settings) -> int:
    """Let go what is due; returns how much. A rule that raises keeps no other from its turn; then the first of those
    errors is raised."""
    counts, errors = 0, []
    for rule in RULES:
        try:
            count = rule.run(session, settings)
        except Exception as error:
            logger.exception("retention: %s failed", rule.name)
            session.rollback()
            errors.append(error)
            continue
        with transaction(session):
            row = session.get(RetentionRun, rule.name) or RetentionRun(name=rule.name)
            row.last_at, row.last_count, row.total = now(), count, row.total + count
            session.add(row)
        counts += count
    if errors:
        raise errors[0]
    return counts


def runs_of(session: Session) -> dict[str, RetentionRun]:
    """What each rule has let go, by its name."""
    return {row.name: row for row in session.exec(select(RetentionRun))}
