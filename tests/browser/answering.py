"""A page of Chromium whose requests a test client answers: no server, and any person's eyes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from playwright.sync_api import Page, Route

from scenario_hall.web.kit.language import LANGUAGE_TAGS

ORIGIN = "http://hall.test"
WIDTHS = (1440, 390)
THEMES = ("light", "dark")
LOCALES = tuple(LANGUAGE_TAGS)
# Folded parts too, but not the menus, which lie over the page.
_UNFOLD = "document.querySelectorAll('main details').forEach(part => { part.open = true; })"
# WCAG 1.4.10: 1280 px at 400 % are 320; nothing but a table in a frame of its own is wider. The names of what is.
_WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter(part => part.getBoundingClientRect().right > innerWidth + 1)
    .slice(-3).map(part => part.tagName.toLowerCase() + '.' + [...part.classList].join('.'))"""


def answer_with(page: Page, clients: Mapping[str, FlaskClient]) -> Callable[[str], None]:
    """Let one of the clients answer whatever the page asks for; whose, the returned function says. Visitors first."""
    chosen = {"role": "visitor"}

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.path == "/live":  # a stream, which a test client would read for ever
            route.abort()
            return
        got = clients[chosen["role"]].get(f"{asked.path}?{asked.query}", follow_redirects=True)
        route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.data)

    def choose(role: str) -> None:
        chosen["role"] = role

    page.route("**/*", answer)
    return choose


def wear(client: FlaskClient, theme: str, locale: str) -> None:
    """The cookies of a person's taste."""
    client.set_cookie("theme", theme)
    client.set_cookie("locale", locale)


def unfold(page: Page) -> None:
    page.evaluate(_UNFOLD)


def is_too_wide(page: Page, width: int = 320) -> list[str]:
    """What reaches beyond a window of that many CSS pixels, so that the page scrolls both ways; else nothing."""
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = page.evaluate(_WIDER)
    return [f"wider than {width} px: {', '.join(found)}"] if found else []
