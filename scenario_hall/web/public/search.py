"""The search page and its suggestions."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scenario_hall.dossiers.search import record_called
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.models import Outcome
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.language import named
from scenario_hall.web.kit.request import database
from scenario_hall.web.public.found_list import found_list
from scenario_hall.web.public.listing import search_page
from scenario_hall.web.public.suggestions import address_of, book

pages = Blueprint("search", __name__)


@pages.get("/search")
def show() -> ResponseReturnValue:
    if (form := asked_format()) is not None:
        return send_list(found_list(), form)
    if (called := record_called(database(), request.args.get("q", ""))) is not None:
        return redirect(page_of(called))
    return render_template("public/search.html", **search_page())


def page_of(record: Outcome | Certificate) -> str:
    """Where the record that a code names is read."""
    if isinstance(record, Certificate):
        return url_for("outcomes.certificate", number=record.number)
    return url_for("outcomes.show", code=record.code)


@pages.get("/search/suggestions")
def suggestions() -> ResponseReturnValue:
    typed = request.args.get("q", "")[:60]
    found = book().find(typed)
    answer = jsonify([{"label": each.label, "kind": named(each.kind), "url": address_of(each)} for each in found])
    answer.headers["Cache-Control"] = "private, max-age=30"
    return answer
