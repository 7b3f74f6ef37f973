"""The administrators' page that makes a new version of the rules."""

from __future__ import annotations

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import ValidationError

from scenario_hall.core.errors import HallError
from scenario_hall.outcomes.claim.rules import Rules, all_rules, make_rules, read_rules
from scenario_hall.web.kit.forms import HallForm
from scenario_hall.web.kit.request import actor, administrator_required, database

pages = Blueprint("rules", __name__)


@pages.route("/admin/rules", methods=["GET", "POST"])
@administrator_required
def edit() -> ResponseReturnValue:
    form, fault = HallForm(), ""
    newest = all_rules(database())[-1]
    typed = request.form.get("content") or json.dumps(newest.model_dump(mode="json"), ensure_ascii=False, indent=1)
    if form.validate_on_submit():
        try:
            made: Rules = read_rules(json.loads(typed))
            make_rules(actor(), session=database(), rules=made)
        except (ValidationError, ValueError, RecursionError) as error:
            fault = str(error)
        except HallError as error:
            fault = str(error)
        else:
            flash(
                _("Version %(version)s is in force from %(day)s.", version=made.version, day=made.valid_from), "success"
            )
            return redirect(url_for("claims.rules", version=made.version))
    return render_template("admin/rules.html", form=form, typed=typed, fault=fault)
