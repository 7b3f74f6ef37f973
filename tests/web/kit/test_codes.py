"""Codes in a text stay whole; all else is as it was."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from scenario_hall.web.kit.codes import whole_codes


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.whole = "", list[str]()
        self._is_whole = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert (tag, attrs) == ("span", [("class", "whole")])
        self._is_whole = True

    def handle_endtag(self, tag: str) -> None:
        self._is_whole = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._is_whole:
            self.whole.append(data)


codes = st.from_regex(r"[SPATC]-[0-9]{4}-[0-9]{6}", fullmatch=True)


@given(
    st.lists(st.one_of(codes, st.sampled_from(["<b>&", " · ", "(", "2026-", "S-２０２６-000001", "场景 "])), max_size=8)
)
def test_each_code_stays_whole_and_nothing_else_changes(pieces: list[str]) -> None:
    text = " ".join(pieces)
    read = _Words()
    read.feed(str(whole_codes(text)))
    read.close()
    assert read.text == text
    assert read.whole == [piece for piece in pieces if piece[0] in "SPATC" and piece.isascii() and piece != "2026-"]


def test_html_that_is_made_already_is_left_as_it_is() -> None:
    made = Markup("<a href='/scenarios/S-2026-000001'>S-2026-000001</a>")
    assert whole_codes(made) == made
    assert whole_codes("<S-2026-000001>") == escape("<") + Markup('<span class="whole">S-2026-000001</span>') + escape(
        ">"
    )
