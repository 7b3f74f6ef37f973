"""``doctor``: what an operator should look at."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import click
from sqlmodel import Session

from scenario_hall.bulletins.recount import newest_faults
from scenario_hall.cli.context import opened
from scenario_hall.cli.reporting import report_errors
from scenario_hall.config import Settings
from scenario_hall.core.clock import local_today, now
from scenario_hall.core.errors import Unavailable
from scenario_hall.core.sightings import Sighting, last_seen
from scenario_hall.outcomes.plan.workdays import calendars_that_end
from scenario_hall.outcomes.run.four_eyes import (
    confirmed_by_their_reporters,
    decided_by_one_of_a_party,
    signed_for_both_sides,
)
from scenario_hall.privacy.requests import overdue_requests
from scenario_hall.recovery.schedule import is_late, last_good, last_run
from scenario_hall.search.opening import open_index
from scenario_hall.search.rules import rules_of
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.worker.health import Health, health_of
from scenario_hall.worker.readers import make_readers

RECENT = timedelta(days=1)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@report_errors
def doctor(as_json: bool) -> None:
    """Say what is late, what failed and which records break a rule; exit status 1 if there is anything."""
    with opened() as (settings, _engine, session):
        health = health_of(session, make_readers(settings))
        findings = [*_failures(health), *_breaches(session), *_calendars(), *_proxies(settings)]
        findings += [*_backups(session, settings), *_requests(session), *newest_faults(session)]
        findings += _dictionary(session, settings)
    if as_json:
        click.echo(json.dumps({"readers": _lags(health), "findings": findings}, ensure_ascii=False))
    else:
        for lag in health.lags:
            click.echo(f"{lag.reader:<10} {lag.events} events behind, the oldest {lag.seconds:.0f} s old")
        click.echo("\n".join(findings) or "nothing to report")
    if findings:
        raise SystemExit(1)


def _failures(health: Health) -> list[str]:
    found = [f"{name} waits for a program that does not answer; it goes on when that does" for name in health.waiting]
    found += [f"late: {lag.reader} is {lag.events} events and {lag.seconds:.0f} s behind" for lag in health.late]
    found += [
        f"failed: {each.work} on {each.item}, {each.attempts} times, next at {each.next_try_at:%Y-%m-%d %H:%M} UTC: "
        f"{each.error.strip().splitlines()[-1] if each.error.strip() else ''}"
        for each in health.failures
    ]
    found += [f"failed: the job “{job.name}”, {job.failures} times in a row" for job in health.jobs]
    found += [
        f"letter {letter.id} to account {letter.account_id} cannot be delivered: {letter.last_error}"
        for letter in health.letters_failed
    ]
    found += [
        f"import {run.id} of {run.file_name} stands at row {run.position} of {run.total}; run a worker, which goes on"
        for run in health.stopped_imports
    ]
    return found


def _breaches(session: Session) -> list[str]:
    """Records that break a rule of four eyes, with what to do about each."""
    found = [
        f"record {code} was confirmed by the side that reported it; have it confirmed anew"
        for code in confirmed_by_their_reporters(session)
    ]
    found += [
        f"the plan of {code} was signed for both sides by one person; have it amended and signed by two"
        for code in signed_for_both_sides(session)
    ]
    found += [
        f"{code} was decided on by an administrator who belonged to a party; have another administrator look at it"
        for code in decided_by_one_of_a_party(session)
    ]
    return found


def _calendars() -> list[str]:
    return [
        f"holidays of {place} are known until {calendar.known_until}: add the next year's to holidays.json"
        for place, calendar in calendars_that_end(local_today()).items()
    ]


def _backups(session: Session, settings: Settings) -> list[str]:
    if settings.backup_dir is None:
        return [] if settings.is_development else ["the hall makes no backups by itself: set HALL_BACKUP_DIR"]
    if not is_late(session, settings):
        return []
    good, last = last_good(session), last_run(session)
    told = f"the last good backup was made at {good.at:%Y-%m-%d %H:%M} UTC" if good else "there is no good backup yet"
    return [told + (f"; the last one failed: {last.fault}" if last is not None and last.fault else "")]


def _dictionary(session: Session, settings: Settings) -> list[str]:
    try:
        rules = open_index(settings).rules()
    except Unavailable:
        return []
    is_old = rules and rules != rules_of(load_taxonomy(session))
    return ["the words of the search index were cut by an older dictionary: run `reindex`"] if is_old else []


def _requests(session: Session) -> list[str]:
    """By number alone: who asks is for the register."""
    return [
        f"request {row.pk} of a person about their data was due on {row.due_on}: answer it at /admin/requests/"
        for row in overdue_requests(session)
    ]


def _proxies(settings: Settings) -> list[str]:
    """Where HALL_PROXIES is not what requests show: limits by address then hold everybody, or nobody."""
    found, since = [], now() - RECENT
    if not settings.is_development and not settings.proxies and settings.base_url.startswith("https://"):
        found.append(
            "HALL_BASE_URL is https, so a proxy stands before the hall, but HALL_PROXIES is not set: "
            "all visitors share its address"
        )
    told = {
        Sighting.FORWARDED: "requests came with X-Forwarded-For, which is not believed: set HALL_PROXIES to how many "
        "proxies stand before the hall",
        Sighting.BYPASSED: "requests came past the proxies: let the hall listen where only they reach it",
    }
    for what, text in told.items():
        last = last_seen(settings.data_dir, what)
        if last is not None and last > since:
            found.append(f"{text} (last seen {last:%Y-%m-%d %H:%M} UTC)")
    return found


def _lags(health: Health) -> dict[str, Any]:
    return {lag.reader: {"events": lag.events, "seconds": round(lag.seconds, 1)} for lag in health.lags}
