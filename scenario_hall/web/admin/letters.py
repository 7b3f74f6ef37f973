"""Every letter that the hall writes, with sample data, as text and as HTML, in each language."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from scenario_hall.notices.digest import DIGEST
from scenario_hall.notices.kinds import CHANNEL_NAMES, KIND_OF_LETTER, KINDS
from scenario_hall.notices.letters.table import LETTERS
from scenario_hall.notices.samples import DIGEST_TITLE, sample_sheet
from scenario_hall.notices.sheet import Sheet
from scenario_hall.web.kit.language import LOCALES, current_locale
from scenario_hall.web.kit.request import account, administrator_required, settings

pages = Blueprint("letters", __name__, url_prefix="/admin/letters")
# A letter brings its own styles and loads nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups; frame-ancestors 'none'"


@pages.get("/")
@administrator_required
def index() -> ResponseReturnValue:
    return render_template(
        "admin/letters.html",
        kinds=KINDS,
        letters=LETTERS,
        channels=CHANNEL_NAMES,
        digest=DIGEST,
        digest_title=DIGEST_TITLE,
    )


@pages.get("/<name>")
@administrator_required
def show(name: str) -> ResponseReturnValue:
    sheet, locale = _sheet(name)
    return render_template(
        "admin/letter.html",
        sheet=sheet,
        text=sheet.as_text(),
        name=name,
        kind=KIND_OF_LETTER.get(name),
        locale=locale,
    )


@pages.get("/<name>/html")
@administrator_required
def as_html(name: str) -> ResponseReturnValue:
    sheet, _locale = _sheet(name)
    response: Response = make_response(sheet.as_html())
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _sheet(name: str) -> tuple[Sheet, str]:
    """The letter in the language that the address asks for, else the reader's; and which that is."""
    asked = request.args.get("language", "")
    locale = asked if asked in LOCALES else current_locale()
    return sample_sheet(name, locale, account(), settings()), locale
