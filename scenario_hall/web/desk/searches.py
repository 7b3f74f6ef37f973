"""Saved searches: made from a page, listed, changed, deleted; letters stopped by one click."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from scenario_hall.alerts.asked import AskedSearch
from scenario_hall.alerts.letters import reasons_of
from scenario_hall.alerts.models import LONGEST_NAME, RHYTHM_NAMES, WATCH_NAMES, Rhythm, SavedSearch, Watch
from scenario_hall.alerts.service import (
    change_search,
    delete_search,
    require_watched,
    save_search,
    stop_letters,
)
from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import NotFound
from scenario_hall.dossiers.searches import ShownSearch, my_search, my_searches
from scenario_hall.notices.tokens import STOP_LETTERS, read_token
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.language import current_locale, day, named, number, tag_name
from scenario_hall.web.kit.request import actor, database, login_required, settings, taxonomy
from scenario_hall.web.public.search_address import asked_from_address

pages = Blueprint("searches", __name__, url_prefix="/searches")


class SearchForm(HallForm):
    name = StringField(
        _l("Name"), [DataRequired(), Length(max=LONGEST_NAME)], description=_l("It stands in the letters about it.")
    )
    rhythm = SelectField(_l("Letters"))

    def choose(self) -> SearchForm:
        self.rhythm.choices = [(rhythm.value, _(RHYTHM_NAMES[rhythm])) for rhythm in Rhythm]
        return self


class ChangeForm(SearchForm):
    is_paused = BooleanField(_l("Pause: nothing is looked for meanwhile"))


@pages.get("/")
@login_required
def index() -> ResponseReturnValue:
    rows = [(each, told_in_words(each)) for each in my_searches(database(), actor())]
    return render_template("desk/searches.html", rows=rows, rhythms=RHYTHM_NAMES, watches=WATCH_NAMES)


@pages.route("/new", methods=["GET", "POST"])
@login_required
def create() -> ResponseReturnValue:
    """The address says what is saved: a search by the parameters of its page, a record by ``watch`` and ``of``."""
    watch, subject, title = _wanted()
    asked = asked_from_address()
    form = SearchForm(data={"name": title or _name_of(asked), "rhythm": Rhythm.DAILY}).choose()
    if form.validate_on_submit():
        saved = attempt(
            form,
            lambda: save_search(
                actor(),
                session=database(),
                taxonomy=taxonomy(),
                name=form.name.data,
                watch=watch,
                rhythm=Rhythm(form.rhythm.data),
                asked=asked,
                subject=subject,
            ),
        )
        if saved is not None:
            flash(_("Saved. You are told of what comes from now on."), "success")
            return redirect(url_for("searches.index"))
    told = words_of(asked) if watch is Watch.SEARCH else [(_(WATCH_NAMES[watch]), title)]
    return render_template("desk/save_search.html", form=form, told=told, here=request.full_path.rstrip("?"))


@pages.route("/<int:search_id>", methods=["GET", "POST"])
@login_required
def show(search_id: int) -> ResponseReturnValue:
    page = my_search(database(), actor(), search_id)
    search = page.shown.search
    form = ChangeForm(obj=search).choose()
    if form.validate_on_submit() and attempt(form, lambda: _change(form, search_id)) is not None:
        flash(_("Saved."), "success")
        return redirect(url_for("searches.show", search_id=search_id))
    hits = [
        (each, reasons_of(_, search, each.hit, page.shown.watched or each.record.organization.name, tag_name))
        for each in page.hits
    ]
    return render_template(
        "desk/search.html",
        form=form,
        shown=page.shown,
        told=told_in_words(page.shown),
        hits=hits,
        watches=WATCH_NAMES,
    )


@pages.post("/<int:search_id>/delete")
@login_required
def delete(search_id: int) -> ResponseReturnValue:
    delete_search(actor(), session=database(), search_id=search_id)
    flash(_("Deleted, with what it had found."), "success")
    return redirect(url_for("searches.index"))


@pages.get("/stop/<token>")
def ask_to_stop(token: str) -> ResponseReturnValue:
    """Only asks: programs that look at links in letters stop nothing (RFC 8058, section 1)."""
    read_token(settings().secret_key, STOP_LETTERS, token)
    return render_template("desk/stop_letters.html", token=token, is_done=False)


@pages.post("/stop/<token>")
def stop(token: str) -> ResponseReturnValue:
    """The mail program's one click, or the button of the page; signed, so nobody need log in."""
    account_id, search_id = read_token(settings().secret_key, STOP_LETTERS, token)
    stop_letters(database(), account_id=int(account_id), search_id=int(search_id) or None)
    return render_template("desk/stop_letters.html", token=token, is_done=True)


def _change(form: ChangeForm, search_id: int) -> SavedSearch:
    return change_search(
        actor(),
        session=database(),
        search_id=search_id,
        version=form.shown_version(),
        name=form.name.data,
        rhythm=Rhythm(form.rhythm.data),
        is_paused=form.is_paused.data,
    )


def _wanted() -> tuple[Watch, tuple[str, int] | None, str]:
    """What the address wants watched: how, which record, and its name. Raises NotFound, Denied."""
    given = request.args.get("watch", Watch.SEARCH.value)
    if given not in list(Watch):
        raise NotFound()
    watch = Watch(given)
    if watch is Watch.SEARCH:
        return watch, None, ""
    kind = {Watch.PRODUCTS: "scenario", Watch.SCENARIOS: "product", Watch.ORGANIZATION: "organization"}.get(
        watch, "product" if request.args.get("kind") == "product" else "scenario"
    )
    key = whole_number(request.args.get("of", ""))
    if key is None:
        raise NotFound()
    record = require_watched(database(), actor(), watch, (kind, key))
    return watch, (kind, key), str(getattr(record, "title", "") or getattr(record, "name", ""))


def _name_of(asked: AskedSearch) -> str:
    """A name to begin with: the words, or the filters' values."""
    return (asked.q or ", ".join(value for _label, value in words_of(asked)))[:LONGEST_NAME]


def told_in_words(shown: ShownSearch) -> list[tuple[str, str]]:
    """What a saved search is about, label by label."""
    if shown.search.watch == Watch.SEARCH:
        return words_of(shown.asked)
    return [(_(WATCH_NAMES[shown.search.watch]), shown.watched)]


def words_of(asked: AskedSearch) -> list[tuple[str, str]]:
    """What a search asks for, label by label, in the reader's language."""
    locale, tree = current_locale(), taxonomy()

    def tags(slugs: list[str]) -> str:
        return ", ".join(tree.get(slug).name(locale) if slug in tree else slug for slug in slugs)

    told: list[tuple[str, Any]] = [
        (_("Words"), asked.q),
        (_("Kind"), named(asked.kind) if asked.kind else ""),
        (_("Domain"), tags(asked.domain)),
        (_("Tag"), tags(asked.tag)),
        (_("Region"), ", ".join(region_name(code, locale) for code in asked.region)),
        (_("Status"), ", ".join(named(state, "state") for state in asked.status)),
        (_("Budget or price from (approximate, in yuan)"), number(asked.budget_min)),
        (_("Budget or price up to (approximate, in yuan)"), number(asked.budget_max)),
        (_("Readiness level, at least"), str(asked.readiness or "")),
        (_("Deadline before"), day(asked.deadline_by)),
        (_("Deadline within so many days"), number(asked.deadline)),
        (_("Posted within so many days"), number(asked.since)),
        (_("Closed ones"), _("included") if asked.closed else ""),
    ]
    return [(label, value) for label, value in told if value]


@pages.app_template_global()
def save_url() -> str:
    """Where the search of this page is saved; empty where it asks for nothing in particular."""
    kind = {"scenarios.index": "scenario", "products.index": "product"}.get(request.endpoint or "", "")
    asked = asked_from_address(kind)
    return "" if asked.is_everything else url_for("searches.create", **asked.address())
