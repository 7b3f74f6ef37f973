"""Applications: offer a product for a scenario, the receipt, decisions."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired

from scenario_hall.applications import service
from scenario_hall.applications.messages import note_read
from scenario_hall.applications.models import Answer, AnswerKind, Application
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import require
from scenario_hall.core.texts import N_
from scenario_hall.dossiers.application import application_dossier
from scenario_hall.dossiers.offer import Offer, offer_dossier
from scenario_hall.outcomes.plan.withdrawal import withdraw_application
from scenario_hall.products.fields import FIELDS
from scenario_hall.products.service import get_product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.web.kit.forms import HallForm, attempt, value_from
from scenario_hall.web.kit.language import named, specification_text
from scenario_hall.web.kit.lifecycle_names import DONE
from scenario_hall.web.kit.presenters import fields_of, shown_content
from scenario_hall.web.kit.request import actor, database, login_required
from scenario_hall.web.kit.uploads import FilesField, store_uploads

pages = Blueprint("applications", __name__)
NOTHING_TO_OFFER = N_(
    "To apply, you need a listed product that has not been offered here yet, and the scenario must be open."
)
RECEIVED = N_("Received as %(code)s. The other side has been notified; you will hear from them.")


class ApplicationForm(HallForm):
    product = SelectField(_l("Product to offer"), [DataRequired()])
    proposal = TextAreaField(_l("Proposal"), [DataRequired()], description=_l("How your product would do the job here"))
    attachments = FilesField(
        _l("Files"), description=_l("Visible only to the other side and administrators; up to 10 MB each")
    )

    def choose(self, offers: Sequence[Offer]) -> ApplicationForm:
        """The products with their scores, the best first; none is chosen for the reader where none qualifies."""
        self.product.choices = [("", "—"), *((each.product.code, _titled(each)) for each in offers)]
        return self


def _titled(offer: Offer) -> str:
    name = f"{offer.product.title} {offer.product.model}".strip()
    return name if offer.score is None else f"{name} · {offer.score}/100"


def answer_choices() -> list[tuple[str, str]]:
    """What a supplier can answer to a requirement."""
    return [(each.value, named(each.value)) for each in AnswerKind]


def answers_from_form(metrics: list[str]) -> list[Answer]:
    """The answers that were given, one select and one line of text a requirement."""
    answers = []
    for number, metric in enumerate(metrics):
        kind = request.form.get(f"answer-{number}", "")
        if kind in list(AnswerKind):
            statement = request.form.get(f"statement-{number}", "")
            answers.append(value_from(Answer, metric=metric, answer=kind, statement=statement))
    return answers


@pages.route("/scenarios/<code>/apply", methods=["GET", "POST"])
@login_required
def apply(code: str) -> ResponseReturnValue:
    dossier = offer_dossier(database(), actor(), code)
    scenario, chosen = dossier.scenario, dossier.chosen(request.args.get("product", ""))
    if not dossier.offers:
        flash(_(NOTHING_TO_OFFER), "info")
        return redirect(url_for("scenarios.show", code=code))
    form = ApplicationForm(product=chosen.product.code if chosen is not None else "").choose(dossier.offers)
    sent = attempt(form, lambda: _send(scenario, form), {"files": "attachments"}) if form.validate_on_submit() else None
    if sent is not None:
        flash(_(RECEIVED, code=sent.code), "success")
        return redirect(url_for("applications.show", code=sent.code))
    answers = {each.product.code: answers_shown(each) for each in dossier.offers}
    return render_template(
        "applications/apply.html",
        form=form,
        scenario=scenario,
        lines=scenario.requirement_lines,
        kinds=answer_choices(),
        answers=answers,
        filled=answers.get(form.product.data or "", []),
    )


def answers_shown(offer: Offer) -> list[tuple[str, str]]:
    """The answer to each requirement that the product's specifications give, and the words that say why."""
    return [
        (each.kind or "", specification_text(each.stated) if each.kind and each.stated else "")
        for each in offer.answers
    ]


def _send(scenario: Scenario, form: ApplicationForm) -> Application:
    with transaction(database()):
        made = service.submit_application(
            actor(),
            session=database(),
            scenario=scenario,
            product=get_product(database(), form.product.data),
            proposal=form.proposal.data,
            answers=answers_from_form([line.metric for line in scenario.requirement_lines]),
        )
        store_uploads(form.attachments, kind="application", subject_id=made.pk, role="application")
    return made


@pages.get("/applications/<code>")
@login_required
def show(code: str) -> ResponseReturnValue:
    dossier = application_dossier(database(), actor(), code)
    page = render_template(
        "applications/show.html",
        **fields_of(dossier),
        kinds=answer_choices(),
        offered=shown_content(dossier.application.product_revision.content, FIELDS),
    )
    if dossier.messages is not None:
        note_read(database(), actor(), dossier.application, dossier.messages.shown)
    return page


@pages.post("/applications/<code>/questions")
@login_required
def ask(code: str) -> ResponseReturnValue:
    application = service.get_application(database(), code)
    require(actor(), "view", application)
    service.ask_supplier(actor(), session=database(), application=application, metric=request.form.get("metric", ""))
    flash(_("Question sent; the supplier has been notified."), "success")
    return redirect(url_for("applications.show", code=code) + "#questions")


@pages.post("/applications/<code>/answers")
@login_required
def answer(code: str) -> ResponseReturnValue:
    application = service.get_application(database(), code)
    require(actor(), "view", application)
    kind = request.form.get("answer", "")
    said = value_from(
        Answer,
        metric=request.form.get("metric", "") or "—",
        answer=kind if kind in list(AnswerKind) else AnswerKind.TO_BE_AGREED,
        statement=request.form.get("statement", ""),
    )
    service.answer_supplier_question(actor(), session=database(), application=application, answer=said)
    flash(_("Answered; the other side has been notified."), "success")
    return redirect(url_for("applications.show", code=code))


@pages.post("/applications/<code>/<action>")
@login_required
def act(code: str, action: str) -> ResponseReturnValue:
    application = service.get_application(database(), code)
    require(actor(), "view", application)
    if action not in application.lifecycle.actions:
        raise NotFound()
    version, feedback = HallForm().shown_version(), request.form.get("reason", "")
    if action == "renew":
        revision = request.form.get("revision", default=0, type=int)
        service.renew_application(
            actor(), session=database(), application=application, version=version, revision=revision
        )
    elif action == "withdraw":
        withdraw_application(actor(), session=database(), application=application, version=version, feedback=feedback)
    else:
        service.act_on_application(
            actor(), session=database(), application=application, action=action, version=version, feedback=feedback
        )
    flash(_(DONE[action]), "success")
    return redirect(url_for("applications.show", code=code))
