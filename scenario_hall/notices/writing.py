"""Writes the letters that an event causes, each in its reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from babel.support import NullTranslations, Translations
from sqlmodel import Session

from scenario_hall.config import ROOT, Settings
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.table import KINDS
from scenario_hall.notices.letter import Addressed, Letter, LetterTemplate, Stranger
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
from scenario_hall.notices.tokens import make_token
from scenario_hall.organizations.models import Account

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


def letters_for(session: Session, event: Event, settings: Settings) -> list[Letter]:
    """The letters that ``event`` causes; most cause none."""
    kind = KINDS.get(event.kind)
    if kind is None:
        return []
    letters: list[Letter] = []
    for template in (LETTERS[name] for name in kind.letters):
        addressed = template.addressed(session, event)
        letters += [_written(template, addressed, account, settings) for account in addressed.people]
        letters += [_written(template, addressed, stranger, settings) for stranger in addressed.strangers]
    return letters


def _written(template: LetterTemplate, addressed: Addressed, reader: Account | Stranger, settings: Settings) -> Letter:
    _ = catalogue(reader.locale).gettext
    values = {**addressed.values, **{name: _(text) for name, text in addressed.named_values.items()}}
    blocks = [
        _greeting(_, reader),
        *(_(text) % values for text in template.paragraphs),
        settings.base_url + addressed.path + _token(addressed, settings),
        *(_(text) % values for text in template.closing),
        "—\n" + _(N_("Scenario Hall of the Greater Bay Area")) + "\n",
    ]
    account_id = reader.pk if isinstance(reader, Account) else None
    return Letter(reader.email, _(template.subject), "\n\n".join(blocks), account_id)


def _greeting(_: Callable[[str], str], reader: Account | Stranger) -> str:
    """Whoever has not confirmed the address may have typed somebody else's, and any words as the name."""
    if isinstance(reader, Stranger) or reader.email_confirmed_at is None:
        return _(N_("Hello,"))
    return _(N_("Dear %(name)s,")) % {"name": reader.name}


def _token(addressed: Addressed, settings: Settings) -> str:
    if addressed.signed is None:
        return ""
    return make_token(settings.secret_key, addressed.signed.purpose, *addressed.signed.values)


@cache
def catalogue(locale: str) -> NullTranslations:
    """The message catalogue of ``locale``; English, the language of the message ids, where there is none."""
    return Translations.load(ROOT / "translations", [locale])
