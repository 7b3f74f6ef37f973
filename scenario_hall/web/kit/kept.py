"""What was written in a form that could not be done: kept until its author has logged in again, shown on the page that
tells an error."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, g, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlmodel import Session
from werkzeug.exceptions import HTTPException

from scenario_hall.core.errors import TooMany
from scenario_hall.core.kept_forms import Form, Written, keep_form
from scenario_hall.core.limits import KEEP_BY_NETWORK, count_attempt
from scenario_hall.web.kit.addresses import page_of_this_site

# Forms with secrets in them, or that let somebody in.
NEVER = ("/login", "/logout", "/register", "/password", "/account", "/preferences", "/unsent")
UNSAID = frozenset({"csrf_token", "once"})
IDLE = frozenset({"version", "go", "next", "back", "action"})


@dataclass(frozen=True)
class Writing:
    """What a request that was not done had in its form: ``texts`` were written, ``others`` chosen or hidden."""

    path: str
    texts: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]


def writing() -> Writing | None:
    """The words of this request's form, where it had any."""
    try:
        if request.method != "POST" or _is_secret():
            return None
    except HTTPException:  # too large to be read at all
        return None
    said = parted(request.full_path.rstrip("?"), _fields())
    return said if said.texts else None


def parted(path: str, fields: Written) -> Writing:
    """The fields of a form by what they are."""
    texts = tuple((name, value) for name, value in fields if _is_text(name, value))
    others = tuple((name, value) for name, value in fields if not _is_text(name, value))
    return Writing(path, texts, others)


def _fields() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in UNSAID]


def _is_text(name: str, value: str) -> bool:
    return name not in IDLE and any(character.isspace() or ord(character) > 0x2E7F for character in value.strip())


def _is_secret() -> bool:
    return is_secret_page(request.path) or any("password" in name for name in request.form)


def is_secret_page(path: str) -> bool:
    """Whether nothing that is typed there is ever kept."""
    return path.startswith(NEVER)


def keep_writing(session: Session) -> str:
    """Keep this request's form for the same browser; returns the page to go to after logging in."""
    page = _own_page()
    is_ours = _is_from_here() and _is_signed(request.form.get("csrf_token", ""))
    fields = _fields()
    if request.method != "POST" or _is_secret() or not is_ours or not fields:
        return page
    try:
        count_attempt(session, KEEP_BY_NETWORK, request.remote_addr or "-")
    except TooMany:
        return page
    known = current_user.account_id if current_user.is_authenticated else None
    g.keep = keep_form(session, Form(request.path, page, fields), account_id=known)
    return page


def _own_page() -> str:
    """The page on which this form stands: its own address, or where that takes posts only, the page before."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    try:
        adapter.match(method="GET")
    except HTTPException:
        before = urlsplit(request.referrer or "")
        return page_of_this_site(before.path + (f"?{before.query}" if before.query else "")) or url_for("desk.show")
    return request.full_path.rstrip("?") if request.method == "POST" else request.path


def _is_from_here() -> bool:
    """Whether a page of the hall sent the form; another site puts no words into one."""
    sites, origin = request.headers.get("Sec-Fetch-Site", "same-origin"), request.headers.get("Origin")
    return sites == "same-origin" and origin in (None, request.host_url.rstrip("/"))


def _is_signed(token: str) -> bool:
    """Whether the hall made the form's token, however long ago and for whichever session."""
    try:
        URLSafeTimedSerializer(current_app.secret_key or "", salt="wtf-csrf-token").loads(token)
    except BadSignature:
        return False
    return True
