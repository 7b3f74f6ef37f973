"""Writes the letters that an event causes, each in its reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from babel.dates import format_date
from babel.support import NullTranslations, Translations
from sqlmodel import Session

from scenario_hall.config import ROOT, Settings
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.table import KINDS
from scenario_hall.notices.kinds import KIND_OF_LETTER, Channel, NoticeKind
from scenario_hall.notices.letter import Addressed, Letter, Stranger
from scenario_hall.notices.letters.next_steps import NEXT_STEPS
from scenario_hall.notices.letters.table import LETTERS
from scenario_hall.notices.sheet import Sheet
from scenario_hall.notices.tokens import STOP_NOTICES, make_token
from scenario_hall.organizations.models import Account

SIGNATURE = N_("Scenario Hall of the Greater Bay Area")


def letters_for(session: Session, event: Event, settings: Settings) -> list[Letter]:
    """The letters that ``event`` causes; most cause none."""
    kind = KINDS.get(event.kind)
    if kind is None:
        return []
    letters: list[Letter] = []
    for name in kind.letters:
        addressed = LETTERS[name].addressed(session, event)
        readers: tuple[Account | Stranger, ...] = (*addressed.people, *addressed.strangers)
        letters += [_written(name, addressed, reader, settings) for reader in readers]
    return letters


def _written(name: str, addressed: Addressed, reader: Account | Stranger, settings: Settings) -> Letter:
    account_id = reader.pk if isinstance(reader, Account) else None
    stop = stop_path(settings, account_id, KIND_OF_LETTER[name]) if account_id is not None else ""
    sheet = sheet_of(name, addressed, reader, settings, stop)
    return Letter(name, reader.email, sheet.subject, sheet.as_text(), sheet.as_html(), account_id, addressed, stop)


def sheet_of(name: str, addressed: Addressed, reader: Account | Stranger, settings: Settings, stop: str) -> Sheet:
    """What the letter of that name tells ``reader``; ``stop``: the address on this site that stops its kind."""
    template, _ = LETTERS[name], catalogue(reader.locale).gettext
    values = {**addressed.values, **{name: _(text) for name, text in addressed.named_values.items()}}
    facts = []
    if name in NEXT_STEPS:
        facts.append((_(N_("What comes next:")), _(NEXT_STEPS[name])))
    if addressed.until is not None:
        facts.append((_(N_("Until:")), long_day(addressed.until, reader.locale)))
    return Sheet(
        language=reader.locale.replace("_", "-"),
        subject=_(template.subject),
        greeting=_greeting(_, reader),
        paragraphs=[_(text) % values for text in template.paragraphs],
        facts=facts,
        link=settings.base_url + addressed.path + _token(addressed, settings),
        label=_(N_("Open it in the hall")),
        closing=[_(text) % values for text in template.closing],
        why=[] if isinstance(reader, Stranger) else _why(_, KIND_OF_LETTER[name]),
        links=stop_links(_, settings, stop),
        signature=_(SIGNATURE),
    )


def _why(_: Callable[[str], str], kind: NoticeKind) -> list[str]:
    why = _(N_("You get this letter because: %(reason)s")) % {"reason": _(kind.reason)}
    return [why, _(kind.always)] if kind.always else [why]


def stop_links(_: Callable[[str], str], settings: Settings, stop: str) -> list[tuple[str, str]]:
    """How letters of the kind come no more, or otherwise; nothing where ``stop`` is empty."""
    if not stop:
        return []
    return [
        (_(N_("No more letters of this kind; it still stands in the hall:")), settings.base_url + stop),
        (_(N_("How you are told of what, and quiet hours:")), f"{settings.base_url}/notices/choices"),
    ]


def stop_path(settings: Settings, account_id: int, kind: NoticeKind) -> str:
    """The signed address that stops letters of this kind; empty where they have to come."""
    if Channel.HALL not in kind.allowed:
        return ""
    return "/notices/stop/" + make_token(settings.secret_key, STOP_NOTICES, account_id, kind.name)


def long_day(day: date, locale: str) -> str:
    """The day with its name, as it is written out in that language."""
    return format_date(day, "full", locale=locale)


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
