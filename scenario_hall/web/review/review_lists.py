"""The administrators' lists as files: what waits in a queue, overdue milestones, follow-ups, gaps in supply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from scenario_hall.core.clock import local_day
from scenario_hall.dossiers.follow_up import FollowThrough
from scenario_hall.dossiers.review import ReviewQueues
from scenario_hall.matching.gaps import DomainGaps
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import Milestone
from scenario_hall.taxonomy.metrics import metric_name
from scenario_hall.web.kit.downloads import Download, dated
from scenario_hall.web.kit.language import current_locale, named
from scenario_hall.web.kit.request import settings, taxonomy

Row = dict[str, object]


def queue_list(queues: ReviewQueues, total: int, address_of: Callable[[str, Any], str]) -> Download:
    """The chosen queue, the oldest first; ``total`` rows wait in it."""
    queue = queues.queue
    return Download(
        name=dated(f"review-{queue}"),
        title=_("Review"),
        columns={
            "kind": _("Kind"),
            "code": _("Code"),
            "title": _("Title"),
            "organization": _("Organisation"),
            "scenario": _("Scenario"),
            "state": _("Status"),
            "since": _("Since"),
            "page": _("Page"),
        },
        rows=[
            {
                **_waiting(queue, row),
                "since": local_day(getattr(row, queues.queues[queue].since)),
                "page": settings().base_url + address_of(queue, row),
            }
            for row in queues.rows
        ],
        total=total,
        filters=[(_("Queue"), _(queues.queues[queue].title))],
    )


def _waiting(queue: str, row: Any) -> Row:
    """What the page shows of an item that waits."""
    if queue in ("organizations", "facts"):
        return {
            "kind": named("organization"),
            "code": row.registration_number,
            "title": row.name,
            "state": named(row.state, "state"),
        }
    if queue in ("outcomes", "objections", "notices"):
        outcome: Outcome = row.outcome if queue == "objections" else row
        return {
            "kind": named(outcome.kind),
            "code": outcome.code,
            "title": outcome.product.title,
            "organization": outcome.product.organization.name,
            "scenario": outcome.scenario.title,
            "state": named(outcome.state, "state"),
        }
    return {
        "kind": named(row.subject),
        "code": row.code,
        "title": row.title,
        "organization": row.organization.name,
        "state": named(row.state, "state.revision" if queue == "revisions" else "state"),
    }


def overdue_list(rows: Sequence[tuple[Milestone, Outcome]]) -> Download:
    """The milestones that are overdue, the oldest first."""
    return Download(
        name=dated("overdue-milestones"),
        title=_("Overdue milestones"),
        columns={
            "due_on": _("Due"),
            "milestone": _("Milestone"),
            "code": _("Code"),
            "product": _("Product"),
            "scenario": _("Scenario"),
            "page": _("Page"),
        },
        rows=[
            {
                "due_on": milestone.due_on,
                "milestone": named(f"milestone.{milestone.name}"),
                "code": outcome.code,
                "product": outcome.product.title,
                "scenario": outcome.scenario.title,
                "page": settings().base_url + url_for("outcomes.show", code=outcome.code, _anchor="milestones"),
            }
            for milestone, outcome in rows
        ],
        total=len(rows),
    )


def follow_through_list(found: FollowThrough) -> Download:
    """The follow-ups behind the chosen figure."""
    filters = [(_("Figure"), named(found.figure.value, "figure"))]
    if found.month is not None:
        filters.append((_("After"), _("%(month)s months", month=found.month)))
    return Download(
        name=dated("follow-ups"),
        title=_("Follow-ups"),
        columns={
            "code": _("Code"),
            "product": _("Product"),
            "scenario": _("Scenario"),
            "months": _("Months"),
            "asked_on": _("Asked on"),
            "answered_on": _("Answered on"),
            "page": _("Page"),
        },
        rows=[
            {
                "code": each.outcome.code,
                "product": each.outcome.product.title,
                "scenario": each.outcome.scenario.title,
                "months": each.month,
                "asked_on": local_day(each.asked_at) if each.asked_at else None,
                "answered_on": each.as_of if each.answered_at else None,
                "page": settings().base_url + url_for("following.answer", code=each.outcome.code, month=each.month),
            }
            for each in found.rows
        ],
        total=len(found.rows),
        filters=filters,
    )


def gaps_list(domains: Iterable[DomainGaps], organization: Organization | None = None) -> Download:
    """What was missing how often, and the scenarios that no product answers, by domain; of one organisation's products
    where it is given."""
    rows = [row for each in domains for row in _gaps(each)]
    return Download(
        name=dated("gaps-in-supply"),
        title=_("Gaps in supply"),
        filters=[(_("Organisation"), organization.name)] if organization is not None else [],
        columns={"domain": _("Domain"), "kind": _("Kind"), "name": _("Name"), "count": _("Count"), "page": _("Page")},
        rows=rows,
        total=len(rows),
    )


def _gaps(gaps: DomainGaps) -> list[Row]:
    locale = current_locale()
    domain = taxonomy().get(gaps.domain).name(locale) if gaps.domain else _("Without a domain")
    counted = [
        (_("Not met"), gaps.unmet, lambda slug: metric_name(slug, locale)),
        (_("Not stated"), gaps.unknown, lambda slug: metric_name(slug, locale)),
        (
            _("Technologies that these products do not mention"),
            gaps.technologies,
            lambda slug: taxonomy().get(slug).name(locale),
        ),
    ]
    return [
        *(
            {"domain": domain, "kind": kind, "name": name_of(slug), "count": count}
            for kind, counter, name_of in counted
            for slug, count in counter.most_common()
        ),
        *(
            {
                "domain": domain,
                "kind": _("Scenarios without a qualifying product"),
                "name": scenario.title,
                "page": settings().base_url + url_for("scenarios.show", code=scenario.code),
            }
            for scenario in gaps.without_match
        ),
    ]
