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
_UNFOLD = (
    """most => [...document.querySelectorAll('main details')].slice(0, most).forEach(part => { part.open = true; })"""
)
MOST_UNFOLDED = 25  # the hundred operations of /api look alike
# WCAG 1.4.10: 1280 px at 400 % are 320; nothing but a table in a frame of its own is wider. The names of what is.
_WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter(part => part.getBoundingClientRect().right > innerWidth + 1)
    .slice(-3).map(part => part.tagName.toLowerCase() + '.' + [...part.classList].join('.'))"""


# Words that lie outside the box that cuts them, controls that lie on one another, codes that stand on two lines.
_CUT = r"""() => {
  const found = [];
  const nameOf = part => `${part.tagName.toLowerCase()}.${[...part.classList].join('.')}`;
  const isShown = part => part.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !part.closest('.visually-hidden, .skip-link, svg, dialog:not([open])');
  // In a part that scrolls by itself, or that stays while the page moves: where it is drawn says nothing.
  const isMoved = part => {
    for (let frame = part; frame !== document.body && frame; frame = frame.parentElement) {
      const style = getComputedStyle(frame);
      if (['sticky', 'fixed'].includes(style.position)) return true;
      if (['auto', 'scroll'].includes(style.overflowY) && frame.scrollHeight > frame.clientHeight) return true;
    }
    return false;
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (words.nextNode()) {
    const node = words.currentNode, part = node.parentElement;
    if (!node.data.trim() || !isShown(part) || ['SCRIPT', 'STYLE', 'OPTION', 'TEXTAREA'].includes(part.tagName)) continue;
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    for (let frame = part; frame !== document.body && frame; frame = frame.parentElement) {
      const style = getComputedStyle(frame), edge = frame.getBoundingClientRect();
      if (['auto', 'scroll'].includes(style.overflowX) || style.webkitLineClamp !== 'none' || style.clipPath !== 'none') break;
      if (style.overflowX === 'visible' || style.textOverflow === 'ellipsis') continue;
      if (box.right > edge.right + 1 || box.left < edge.left - 1 || box.bottom > edge.bottom + 2) {
        found.push(`“${node.data.trim().slice(0, 30)}” is cut by ${nameOf(frame)}`);
        break;
      }
    }
    for (const code of node.data.matchAll(/[SPATC]-20\d\d-\d{6}/g)) {
      range.setStart(node, code.index);
      range.setEnd(node, code.index + code[0].length);
      if (new Set([...range.getClientRects()].map(line => line.top)).size > 1) found.push(`${code[0]} on two lines`);
    }
  }
  const controls = [...document.querySelectorAll('main :is(a, button, summary, select, textarea, input:not([type=hidden]))')]
    .filter(part => isShown(part) && !isMoved(part)).map(part => [part, [...part.getClientRects()]]);
  controls.forEach(([one, ones], place) => controls.slice(place + 1).forEach(([other, others]) => {
    if (one.contains(other) || other.contains(one)) return;
    const isOn = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
    if (ones.some(a => others.some(b => isOn(a, b)))) found.push(`${nameOf(one)} lies on ${nameOf(other)}`);
  }));
  return [...new Set(found)].slice(0, 5);
}"""
# WCAG 1.4.4 and 1.4.10: a window of 1280 px at 200 % and at 400 %.
ZOOMED = (640, 320)


def answer_with(page: Page, clients: Mapping[str, FlaskClient]) -> Callable[[str], None]:
    """Let one of the clients answer whatever the page asks for; whose, the returned function says. Visitors first."""
    chosen = {"role": "visitor"}

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.path == "/live":  # a stream, which a test client would read for ever
            route.abort()
            return
        got = clients[chosen["role"]].get(f"{asked.path}?{asked.query}", follow_redirects=True)
        headers = dict(got.headers)
        if "sandbox" in headers.get("Content-Security-Policy", ""):
            del headers["Content-Security-Policy"]  # it lets no script run, not even that which looks for faults
        route.fulfill(status=got.status_code, headers=headers, body=got.data)

    def choose(role: str) -> None:
        chosen["role"] = role

    page.route("**/*", answer)
    return choose


def wear(client: FlaskClient, theme: str, locale: str) -> None:
    """The cookies of a person's taste."""
    client.set_cookie("theme", theme)
    client.set_cookie("locale", locale)


def unfold(page: Page) -> None:
    page.evaluate(_UNFOLD, MOST_UNFOLDED)


def faults_when_zoomed(page: Page) -> list[str]:
    """What is wrong at 200 % and 400 %: what reaches beyond the window, so that the page scrolls both ways, is cut off or
    lies on something else."""
    faults = []
    for width in ZOOMED:
        page.set_viewport_size({"width": width, "height": 900})
        found: list[str] = page.evaluate(_WIDER)
        faults += [f"wider than {width} px: {', '.join(found)}"] if found else []
        faults += [f"at {width} px {each}" for each in page.evaluate(_CUT)]
    return faults
