"""The hall's work in the form of the Open Contracting Data Standard (OCDS 1.1): one release a scenario, with what
became of it.

A scenario is the tender. That a supplier's product was accepted for it is an award, and the trial its contract, told
from the public notice on: who applied, and how each was decided, is between the sides and stands nowhere in it. What
the standard has no words for is the extension's (``ocds_extension.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core.clock import HONG_KONG, now
from scenario_hall.open_data.rows import TOLD, Row, is_told_outcome, is_vouched_for, moment_told
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.lifecycle import NOTICE, REVOKED
from scenario_hall.outcomes.models import Outcome
from scenario_hall.scenarios.models import Scenario

STANDARD = "https://standard.open-contracting.org/1.1/"
EXTENSION = "/open-data/ocds/extension.json"
LANGUAGE = "zh"  # of what most organisations write; the hall does not say in which language a text is


def release_of(session: Session, settings: Settings, scenario: Scenario) -> Row | None:
    """The scenario's release; None where it is not told, or the hall has no prefix for its identifiers."""
    if not settings.ocds_prefix or scenario.state not in TOLD["scenario"] or not scenario.is_public():
        return None
    query = select(Outcome, Certificate).join(Certificate, col(Certificate.outcome_id) == col(Outcome.id), isouter=True)
    mine = query.where(col(Outcome.scenario_id) == scenario.pk).order_by(col(Outcome.id))
    tried = [
        (outcome, certificate if certificate is not None and is_vouched_for(session, certificate) else None)
        for outcome, certificate in list(session.exec(mine))
        if is_told_outcome(outcome)
    ]
    base, changed = settings.base_url, _changed_at(scenario, tried)
    return {
        "ocid": f"{settings.ocds_prefix}-{scenario.code}",
        "id": f"{scenario.code}-{changed:%Y%m%dT%H%M%S}",
        "date": moment_told(changed),
        "tag": ["tender", *(["award", "contract", "implementation"] if tried else [])],
        "initiationType": "tender",
        "language": LANGUAGE,
        "parties": _parties(session, base, scenario, [outcome for outcome, _ in tried]),
        "buyer": _reference(scenario.organization),
        "tender": _tender(base, scenario),
        "awards": [_award(session, outcome) for outcome, _ in tried],
        "contracts": [_contract(base, outcome, certificate) for outcome, certificate in tried],
    }


def _changed_at(scenario: Scenario, tried: Sequence[tuple[Outcome, Certificate | None]]) -> datetime:
    """When the newest of what the release tells came to be public."""
    moments: list[datetime | None] = [scenario.released_at]
    for outcome, certificate in tried:
        moments.append(outcome.notice_from)
        if certificate is not None:
            moments += [certificate.issued_at, certificate.revoked_at]
    return max((each for each in moments if each is not None), default=scenario.created_at)


def _reference(organization: Organization) -> dict[str, Any]:
    return {"id": f"organization-{organization.pk}", "name": organization.name}


def _parties(session: Session, base: str, scenario: Scenario, tried: Sequence[Outcome]) -> list[dict[str, Any]]:
    roles: dict[int, list[str]] = {scenario.organization_id: ["buyer", "procuringEntity"]}
    for outcome in tried:
        for number, role in ((outcome.supplier_id, "supplier"), (outcome.platform_id, "pilotPlatform")):
            if number is not None and role not in roles.setdefault(number, []):
                roles[number].append(role)
    parties = []
    for number, mine in roles.items():
        organization = session.get_one(Organization, number)
        identifier = {"id": str(number), "legalName": organization.name, "uri": f"{base}/organizations/{number}"}
        parties.append({**_reference(organization), "identifier": identifier, "roles": mine})
    return parties


def _tender(base: str, scenario: Scenario) -> dict[str, Any]:
    content = scenario.public_content()
    page = f"{base}/scenarios/{scenario.code}"
    told: dict[str, Any] = {
        "id": scenario.code,
        "title": scenario.title,
        "description": content["situation"],
        "status": "active" if scenario.is_open() else "complete",
        "procuringEntity": _reference(scenario.organization),
        "procurementMethod": "open",
        "documents": [{"id": "page", "documentType": "tenderNotice", "title": scenario.title, "url": page}],
        "scenario": {
            "state": scenario.state,
            "wantedResult": content["wanted_result"],
            "region": content["region"],
            "domains": content["domains"],
            "tags": content["tags"],
            "requirements": [_in_camels(line) for line in content["requirements"]],
        },
    }
    for name, amount in (("minValue", content["budget_min"]), ("value", content["budget_max"])):
        if amount is not None:
            told[name] = {"amount": amount, "currency": content["currency"]}
    period = {"startDate": moment_told(scenario.released_at), "endDate": moment_told(scenario.deadline)}
    told["tenderPeriod"] = {name: moment for name, moment in period.items() if moment is not None}
    return told


def _award(session: Session, outcome: Outcome) -> dict[str, Any]:
    return {
        "id": f"{outcome.code}-award",
        "title": outcome.product.title,
        "status": "active",
        "suppliers": [_reference(session.get_one(Organization, outcome.supplier_id))],
        "items": [{"id": outcome.product.code, "description": outcome.product.title}],
    }


def _contract(base: str, outcome: Outcome, certificate: Certificate | None) -> dict[str, Any]:
    page = f"{base}/outcomes/{outcome.code}"
    period = {"startDate": _day(outcome.starts_on), "endDate": _day(outcome.ends_on)}
    documents = [{"id": "page", "documentType": "trialReport", "title": outcome.product.title, "url": page}]
    told: dict[str, Any] = {
        "id": outcome.code,
        "awardID": f"{outcome.code}-award",
        "title": outcome.product.title,
        "description": outcome.summary,
        "status": "terminated",  # signed, carried out and over: nothing is told before
        "period": {name: moment for name, moment in period.items() if moment is not None},
        "implementation": {"documents": documents, "milestones": _milestones(outcome)},
        "trial": {
            "kind": outcome.kind,
            "scope": outcome.scope,
            "state": outcome.state,
            "place": outcome.place,
            "planHash": outcome.plan_hash,
            "metrics": [
                {**_in_camels(line.model_dump(mode="json")), "verdict": line.verdict.value}
                for line in outcome.metric_lines
            ],
        },
    }
    if certificate is not None:
        told["trial"]["first"] = _first(certificate)
        address = f"{base}/certificates/{certificate.number}"
        title = certificate.number
        documents.append({"id": "certificate", "documentType": "firstCertificate", "title": title, "url": address})
    return told


def _first(certificate: Certificate) -> dict[str, Any]:
    told = {
        "certificate": certificate.number,
        "status": "valid" if certificate.is_valid else "revoked",
        "issuedAt": moment_told(certificate.issued_at),
        "revokedAt": moment_told(certificate.revoked_at),
    }
    return {name: value for name, value in told.items() if value is not None}


def _milestones(outcome: Outcome) -> list[dict[str, Any]]:
    """The public notice, the one milestone that is public."""
    if outcome.notice_until is None:
        return []
    is_met = outcome.state != NOTICE
    told = {
        "id": "notice",
        "title": "Public notice",
        "type": "publicNotice",
        "dueDate": moment_told(outcome.notice_until),
        "status": "met" if is_met else "scheduled",
    }
    if outcome.state == REVOKED:
        told["description"] = outcome.state_reason
    return [told]


def _day(day: date | None) -> str | None:
    """A day as the standard has moments: its beginning in Hong Kong."""
    return None if day is None else datetime.combine(day, time(), tzinfo=HONG_KONG).isoformat()


def _in_camels(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line with names as the standard writes them, without what is empty."""
    told = {}
    for name, value in line.items():
        first, *more = name.split("_")
        if value not in (None, ""):
            told[first + "".join(part.title() for part in more)] = value
    return told


def write_package(lines: Path, target: Path, settings: Settings) -> None:
    """The releases, lying as JSON lines, as one release package."""
    base = settings.base_url
    package: dict[str, Any] = {
        "uri": f"{base}/open-data/{target.name}",
        "version": "1.1",
        "publishedDate": moment_told(now()),
        "publisher": {"name": "Scenario Hall", "uri": base},
        "publicationPolicy": f"{base}/open-data",
        "extensions": [base + EXTENSION],
    }
    if settings.open_data_licence:
        package["license"] = settings.open_data_licence
    head = json.dumps(package, ensure_ascii=False).removesuffix("}")
    with target.open("w", encoding="utf-8", newline="\n") as file, lines.open(encoding="utf-8") as releases:
        file.write(f'{head}, "releases": [')
        for number, release in enumerate(releases):
            file.write(",\n" if number else "\n")
            file.write(release.rstrip("\n"))
        file.write("\n]}\n")
