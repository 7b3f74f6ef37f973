"""The forms of a page as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

ONE_LINE = {"text", "email", "tel", "url", "search"}


@dataclass
class PageForm:
    """What one form of a page would send as it stands, and the names of its fields of one line and of its texts."""

    method: str
    action: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._open: PageForm | None = None
        self._text = self._select = ""
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = PageForm(has.get("method", "get"), has.get("action", ""))
            self.forms.append(self._open)
        form, name = self._open, has.get("name", "")
        if form is None or (not name and tag != "option"):
            return
        if tag == "input":
            kind = has.get("type", "text")
            if kind in ONE_LINE:
                form.lines.append(name)
            if kind not in ("file", "checkbox", "radio") or "checked" in has:
                form.sent.setdefault(name, []).append(has.get("value", ""))
        elif tag == "textarea":
            self._text = name
            form.sent[name] = [""]
            form.texts.append(name)
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((has.get("value", ""), "selected" in has))

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._text:
            self._open.sent[self._text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            if self._open is not None and self._text:  # a newline right after the tag is none of the text
                self._open.sent[self._text] = [self._open.sent[self._text][0].removeprefix("\r\n").removeprefix("\n")]
            self._text = ""
        elif tag == "select" and self._open is not None and self._options:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [self._options[0][0]]
            self._open.sent[self._select], self._select = chosen, ""


def forms_of(page: str) -> list[PageForm]:
    """Every form that the page would post."""
    reader = _Reader()
    reader.feed(page)
    return [form for form in reader.forms if form.method.lower() == "post"]
