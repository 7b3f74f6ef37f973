"""What stands on a letter, and how it is written as text and as HTML (``templates/letters/``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from scenario_hall.config import ROOT


def labelled(label: str, value: str) -> str:
    """Both on one line. A colon of full width has its space in it."""
    return f"{label}{'' if label.endswith('：') else ' '}{value}"


@dataclass(frozen=True)
class Line:
    """One of several things that a letter tells of."""

    text: str
    url: str
    details: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """Some of them under one head; ``closing``: what is said below, where addresses are links."""

    title: str
    lines: Sequence[Line]
    closing: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """A letter's blocks from top to bottom, in its reader's language. ``language`` is a tag (BCP 47)."""

    language: str
    subject: str
    greeting: str
    paragraphs: Sequence[str]
    signature: str
    facts: Sequence[tuple[str, str]] = ()  # what comes next, until when
    sections: Sequence[Section] = ()
    link: str = ""
    label: str = ""  # of the link, where it is a button
    closing: Sequence[str] = ()
    why: Sequence[str] = ()  # it came
    links: Sequence[tuple[str, str]] = ()  # label and address: how it comes no more

    def as_text(self) -> str:
        return _environment().get_template("letter.txt").render(sheet=self, labelled=labelled)

    def as_html(self) -> str:
        """Whatever people wrote is escaped in it."""
        return _environment().get_template("letter.html").render(sheet=self)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(ROOT / "templates" / "letters"),
        autoescape=select_autoescape(("html",), default_for_string=True, default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
