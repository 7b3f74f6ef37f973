"""A letter says the same as text and as HTML, and nothing that people wrote becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.config import Settings
from scenario_hall.core.errors import NotFound
from scenario_hall.notices.letters.next_steps import NEXT_STEPS
from scenario_hall.notices.letters.table import LETTERS
from scenario_hall.notices.samples import UNTIL, sample_names, sample_sheet
from scenario_hall.notices.sheet import Line, Section, Sheet
from scenario_hall.notices.writing import catalogue
from scenario_hall.organizations.models import Account
from scenario_hall.web.kit.language import LOCALES

# Whose own paragraphs say what comes next.
SAY_IT = {
    "has_account",
    "passkey_copied",
    "joint_proposed_apart",
    "application_message",
    "application_to_judge",
    "application_accepted",
    "answers_due",
    "scores_revealed",
    "scenario_substance_changed",
    "product_substance_changed",
    "milestone_overdue",
    "objection_made",
    "notice_ended",
    "follow_up_asked",
    "follow_up_reminded",
    "alerts_braked",
}
READER = Account(id=7, email="reader@x.example", name="陈 & Söhne <b>", password_hash="")


class Read(HTMLParser):
    """What a mail program shows, its links, and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._is_style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self._is_style = tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._is_style:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._is_style = False


TAGS = set("html head meta title style body main header nav section p h1 h2 dl dt dd a br span".split())


def test_every_letter_says_what_comes_next() -> None:
    assert set(NEXT_STEPS) | SAY_IT == set(LETTERS) and not set(NEXT_STEPS) & SAY_IT
    assert set(LETTERS) >= UNTIL


@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_every_letter_is_the_same_as_text_and_as_html_in_every_language(hall_settings: Settings, locale: str) -> None:
    _ = catalogue(locale).gettext
    for name in sample_names():
        sheet = sample_sheet(name, locale, READER, hall_settings)
        text, read = sheet.as_text(), Read(sheet.as_html())
        shown = " ".join(" ".join(read.words).split())
        assert read.tags <= TAGS, name
        assert "%(" not in text and "\n\n\n" not in text and text.endswith(sheet.signature + "\n"), (name, text)
        for each in (sheet.greeting, *sheet.paragraphs, *sheet.closing, *sheet.why, *(f for _label, f in sheet.facts)):
            assert each in text and " ".join(each.split()) in shown, (name, each)
        for url in (
            sheet.link,
            *(url for _label, url in sheet.links),
            *(x.url for s in sheet.sections for x in s.lines),
        ):
            assert not url or (url in text and url in read.links), (name, url)
        assert sheet.facts or name in SAY_IT or name == "digest", name
        if name in UNTIL:
            assert (_("Until:")) in text, name
    with pytest.raises(NotFound):
        sample_sheet("nothing", locale, READER, hall_settings)


@pytest.mark.parametrize("locale", sorted(set(LOCALES) - {"en"}))
def test_no_letter_is_left_in_english(hall_settings: Settings, locale: str) -> None:
    for name in sample_names():
        sheet, english = (sample_sheet(name, each, READER, hall_settings) for each in (locale, "en"))
        for mine, other in zip(
            (sheet.subject, *sheet.paragraphs, *sheet.why, *(value for _label, value in sheet.facts)),
            (english.subject, *english.paragraphs, *english.why, *(value for _label, value in english.facts)),
            strict=True,
        ):
            assert mine != other, (name, mine)


written = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


@given(written, written, written)
def test_what_people_wrote_is_shown_as_they_wrote_it(title: str, reason: str, name: str) -> None:
    line = Line(title, "https://hall.example/x?a=1&b=2", [reason])
    sheet = Sheet(
        language="en",
        subject=title,
        greeting=f"Dear {name},",
        paragraphs=[reason],
        signature="Hall",
        facts=[("Next:", reason)],
        sections=[Section(title, [line], [reason])],
    )
    read = Read(sheet.as_html())
    assert read.tags <= TAGS
    shown = "".join(read.words)
    assert all(each in shown for each in (title, reason, name))
    assert f"Dear {name}," in sheet.as_text() and "https://hall.example/x?a=1&b=2" in read.links
