"""What is typed in a long form is kept while it is typed, for its author alone, until the form is sent: a closed tab
or a browser that breaks down loses nothing. It is neither a saved draft nor an event; nobody else sees it.

``static/js/unsent.js`` sends it here; ``given_back.py`` shows it again on the form's page."""

from __future__ import annotations

import hashlib
import hmac

from flask import Blueprint, Response, current_app, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from scenario_hall.core.clock import HONG_KONG
from scenario_hall.core.errors import NotFound
from scenario_hall.core.kept_forms import Form, drop_unsent, keep_unsent
from scenario_hall.web.kit.kept import UNSAID, is_secret_page
from scenario_hall.web.kit.request import database, login_required

pages = Blueprint("unsent", __name__, url_prefix="/unsent")
PAGE = "unsent-page"  # the field that says of which page's form it is


def secret_of(page: str) -> str:
    """The secret of what the signed-in person types in the form of a page: the same on all their devices."""
    key = (current_app.secret_key or "").encode()  # type: ignore[union-attr]
    return hmac.new(key, f"unsent\n{current_user.account_id}\n{page}".encode(), hashlib.sha256).hexdigest()


@pages.post("")
def keep() -> ResponseReturnValue:
    """Keep the form; answers when. A script asks: who is not signed in is told so by status alone."""
    if not current_user.is_authenticated:
        return Response(status=401)
    page = _form_page()
    written = [(name, value) for name, value in request.form.items(multi=True) if name not in (*UNSAID, PAGE)]
    kept_at = keep_unsent(database(), secret_of(page), Form(page, page, written), account_id=current_user.account_id)
    if kept_at is None:
        return Response(status=413)
    return jsonify(at=f"{kept_at.astimezone(HONG_KONG):%H:%M}")


@pages.post("/drop")
@login_required
def drop() -> ResponseReturnValue:
    """Forget what was typed; the page shows what is stored again."""
    page = _form_page()
    drop_unsent(database(), secret_of(page))
    return redirect(page, code=303)


def _form_page() -> str:
    """The page named, which has to be one whose form is sent to its own address. Raises NotFound."""
    page = request.form.get(PAGE, "")
    if not page.startswith("/") or page.startswith("//") or not takes_form(page):
        raise NotFound()
    return page


def takes_form(page: str) -> bool:
    """Whether there is a page at that address, with a form that is sent there and holds no secret."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    try:
        rules = {str(adapter.match(page, method=method)[0]) for method in ("GET", "POST")}
    except HTTPException:
        return False
    return len(rules) == 1 and not is_secret_page(page)
