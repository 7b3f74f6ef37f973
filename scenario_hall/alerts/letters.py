"""The letter that tells one person of everything that their saved searches have found, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenario_hall.alerts.models import AlertHit, Rhythm, SavedSearch, Watch
from scenario_hall.config import Settings
from scenario_hall.core.texts import N_
from scenario_hall.notices.sheet import Line, Section, Sheet
from scenario_hall.notices.tokens import STOP_LETTERS, make_token
from scenario_hall.notices.writing import SIGNATURE, catalogue
from scenario_hall.organizations.models import Account
from scenario_hall.taxonomy.taxonomy import Taxonomy

MOST_OF_A_SEARCH, MOST = 5, 25
FILTER_NAMES: dict[str, str] = {
    "kind": N_("Kind"),
    "domains": N_("Domain"),
    "regions": N_("Region"),
    "states": N_("Status"),
    "tags": N_("Tag"),
    "budget_min": N_("Budget"),
    "budget_max": N_("Budget"),
    "readiness_min": N_("Readiness level"),
    "deadline_before": N_("Deadline"),
    "deadline_after": N_("Deadline"),
    "deadline_days": N_("Deadline"),
    "posted_since": N_("Posted since"),
    "posted_until": N_("Posted since"),
    "posted_days": N_("Posted since"),
}
CHANGE_NAMES: dict[str, str] = {
    "deadline": N_("Deadline"),
    "budget_min": N_("Budget"),
    "budget_max": N_("Budget"),
    "price_min": N_("Price"),
    "price_max": N_("Price"),
    "currency": N_("Currency"),
    "region": N_("Region"),
    "regions_served": N_("Regions served"),
    "closed": N_("It was closed"),
    "expired": N_("Its deadline has passed"),
}
_RHYTHMS: dict[str, str] = {
    Rhythm.AT_ONCE: N_("letters at once"),
    Rhythm.DAILY: N_("a letter a day"),
    Rhythm.WEEKLY: N_("a letter a week"),
}
Translate = Callable[[str], str]


@dataclass(frozen=True)
class Told:
    """One hit with its record's title and page; ``watched``: the title of the record that a match is for."""

    hit: AlertHit
    title: str
    path: str
    watched: str = ""


@dataclass(frozen=True)
class AlertLetter:
    """What is stored: subject, text, HTML, and the address that stops them all."""

    subject: str
    text: str
    html: str
    unsubscribe: str


def alert_letter(
    account: Account,
    groups: Sequence[tuple[SavedSearch, Sequence[Told]]],
    taxonomy: Taxonomy,
    settings: Settings,
) -> AlertLetter:
    """One letter for all searches (at least one, each with at least one hit), in the person's language."""
    _ = catalogue(account.locale).gettext
    everything = [told for _search, found in groups for told in found]
    room, parts = MOST, []
    for search, found in groups:
        shown = found[: min(MOST_OF_A_SEARCH, max(1, room))]
        room -= len(shown)
        parts.append(_part(_, search, shown, len(found) - len(shown), account.locale, taxonomy, settings))
    stop_all = stop_path(settings, account.pk)
    sheet = Sheet(
        language=account.locale.replace("_", "-"),
        subject=_subject(_, groups, everything),
        greeting=_(N_("Dear %(name)s,")) % {"name": account.name},
        paragraphs=[_(N_("This is what your saved searches have found in the hall."))],
        sections=parts,
        links=[
            (_(N_("All your saved searches, to change or delete them:")), f"{settings.base_url}/searches/"),
            (_(N_("No more letters about any saved search:")), settings.base_url + stop_all),
        ],
        signature=_(SIGNATURE),
    )
    return AlertLetter(sheet.subject, sheet.as_text(), sheet.as_html(), stop_all)


def stop_path(settings: Settings, account_id: int, search_id: int | None = None) -> str:
    """The signed address that stops letters about one search, or about all of the account."""
    return "/searches/stop/" + make_token(settings.secret_key, STOP_LETTERS, account_id, search_id or 0)


def _subject(_: Translate, groups: Sequence[tuple[SavedSearch, Sequence[Told]]], everything: Sequence[Told]) -> str:
    if len(everything) == 1:
        return f"{groups[0][0].name}: {everything[0].title}"[:300]
    values = {"count": len(everything), "name": groups[0][0].name}
    if len(groups) == 1:
        return (_(N_("%(name)s: %(count)s found")) % values)[:300]
    return _(N_("%(count)s found for your saved searches")) % values


def _part(
    _: Translate,
    search: SavedSearch,
    shown: Sequence[Told],
    more: int,
    locale: str,
    taxonomy: Taxonomy,
    settings: Settings,
) -> Section:
    lines = [
        Line(told.title, settings.base_url + told.path, _reasons(_, search, told, locale, taxonomy)) for told in shown
    ]
    closing = []
    if more > 0:
        rest = _(N_("and %(count)s more:")) % {"count": more}
        closing.append(f"{rest} {settings.base_url}/searches/{search.pk}")
    why = _(N_("You get this because you saved “%(name)s” and asked for %(rhythm)s. To stop letters about it:"))
    rhythm = _(_RHYTHMS.get(search.rhythm, N_("letters")))
    stop = settings.base_url + stop_path(settings, search.account_id, search.pk)
    return Section(search.name, lines, [*closing, why % {"name": search.name, "rhythm": rhythm}, stop])


def _reasons(_: Translate, search: SavedSearch, told: Told, locale: str, taxonomy: Taxonomy) -> list[str]:
    """Why it is told, a line each; at least one."""
    return reasons_of(_, search, told.hit, told.watched, lambda slug: _tag(slug, locale, taxonomy))


def reasons_of(_: Translate, search: SavedSearch, hit: AlertHit, watched: str, tag: Callable[[str], str]) -> list[str]:
    """Why a hit is told, in sentences: what has changed; the words and filters, or the matcher's reasons."""
    why: Mapping[str, Any] = hit.why
    found = []
    if hit.changed:
        names = list(dict.fromkeys(_(CHANGE_NAMES.get(name, name)) for name in hit.changed))
        found.append(_(N_("Changed: %(what)s")) % {"what": ", ".join(names)})
    if search.watch in (Watch.PRODUCTS, Watch.SCENARIOS):
        found.append(
            _(N_("Matches “%(title)s” with %(score)s of 100 points")) % {"title": watched, "score": why.get("score")}
        )
        shared = [*map(tag, why.get("tags", ())), *why.get("words", ())]
        if shared:
            found.append(_(N_("In common: %(what)s")) % {"what": ", ".join(dict.fromkeys(shared))})
    if search.watch == Watch.ORGANIZATION:
        found.append(_(N_("New from “%(name)s”")) % {"name": watched})
    if search.watch == Watch.SEARCH:
        if why.get("words"):
            found.append(_(N_("Words found: %(what)s")) % {"what": ", ".join(why["words"])})
        names = list(dict.fromkeys(_(FILTER_NAMES[each]) for each in why.get("filters", ()) if each in FILTER_NAMES))
        if names:
            found.append(_(N_("Filters met: %(what)s")) % {"what": ", ".join(names)})
    return found


def _tag(slug: str, locale: str, taxonomy: Taxonomy) -> str:
    return taxonomy.get(slug).name(locale) if slug in taxonomy else slug
