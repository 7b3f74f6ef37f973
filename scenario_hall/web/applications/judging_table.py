"""The table of judging as a file: one row an application, with no mark that its page does not show this reader."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from scenario_hall.dossiers.judging import JudgingDossier, Offer
from scenario_hall.web.kit.downloads import Download, dated
from scenario_hall.web.kit.language import named, requirement_text, stated_text
from scenario_hall.web.kit.request import settings

Row = dict[str, object]


def judging_table(dossier: JudgingDossier, criteria: Sequence[tuple[str, int]]) -> Download:
    """The applications side by side; ``criteria`` are names in the reader's language with their weights."""
    scenario = dossier.scenario
    wanted = {
        f"requirement_{number}": f"{line.metric} {requirement_text(line)} ({named(line.necessity)})"
        for number, line in enumerate(dossier.requirements, start=1)
    }
    has_scores = any(each.judged.scores for each in dossier.offers)
    means = {f"mean_{number}": f"{name} ×{weight}" for number, (name, weight) in enumerate(criteria, start=1)}
    return Download(
        name=dated(f"judging-{scenario.code}"),
        title=f"{_('Judging')} · {scenario.code} {scenario.title}",
        columns={
            "code": _("Application"),
            "product": _("Product"),
            "organization": _("Organisation"),
            "state": _("Status"),
            "price_min": _("Price from"),
            "price_max": _("Price up to"),
            "currency": _("Currency"),
            "readiness_level": _("Readiness level"),
            "open_questions": _("Unanswered questions"),
            **wanted,
            **({**means, "joint_mean": _("Joint mean, weighted")} if has_scores else {}),
            "scored_by": _("Scored by"),
            "conflicts": _("Conflicts of interest"),
            "own_score": _("My score"),
            "page": _("Page"),
        },
        rows=[_row(each, list(wanted), list(means)) for each in dossier.offers],
        total=len(dossier.offers),
        filters=[(_("Criteria"), " · ".join(means.values()))],
    )


def _row(offer: Offer, wanted: Sequence[str], means: Sequence[str]) -> Row:
    judged, application = offer.judged, offer.judged.application
    has_sum = offer.price_min is not None or offer.price_max is not None
    has_conflict = judged.own_declaration is not None and judged.own_declaration.has_conflict
    own = judged.own_score.mark_lines if judged.own_score is not None and not has_conflict else []
    return {
        "code": application.code,
        "product": application.product.title,
        "organization": application.product.organization.name,
        "state": named(application.state, "state.application" if application.state == "submitted" else "state"),
        "price_min": offer.price_min,
        "price_max": offer.price_max,
        "currency": offer.currency if has_sum else "",
        "readiness_level": offer.readiness_level,
        "open_questions": application.open_questions,
        **{name: _answer(offer, place) for place, name in enumerate(wanted)},
        **{name: round(mean, 1) for name, mean in zip(means, judged.means, strict=False)},
        "joint_mean": None if judged.joint_mean is None else round(judged.joint_mean, 2),
        "scored_by": list(judged.scored_by),
        "conflicts": [name for name, _reason in judged.conflicts],
        "own_score": _("Conflict of interest") if has_conflict else " · ".join(str(each.mark) for each in own),
        "page": settings().base_url + url_for("applications.show", code=application.code),
    }


def _answer(offer: Offer, place: int) -> str:
    """What the supplier answers to a requirement, and what the product states."""
    judged, answer = offer.lines[place]
    answered = f"{named(answer.answer)} {answer.statement}".strip() if answer is not None else ""
    stated = f"{named(judged.verdict)} {stated_text(judged) if judged.specification else ''}".strip()
    return "\n".join(part for part in (answered, stated) if part)
