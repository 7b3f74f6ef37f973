"""What the browser says of a moment that has to lie ahead, while it is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from scenario_hall.config import ROOT

pytestmark = pytest.mark.browser
PAGE = """<p><label for="d">Deadline</label>
<input id="d" type="datetime-local" min="2026-11-28T09:00" data-ahead="It is past" value="{value}"></p>"""


@pytest.mark.parametrize("read", ["", "2026-11-01T12:00"])
def test_a_moment_that_is_past_is_told_while_it_is_typed(browser: Browser, read: str) -> None:
    page = browser.new_page()
    page.set_content(PAGE.format(value=read))
    page.add_script_tag(path=ROOT / "static" / "js" / "ahead.js")
    field, told = page.locator("#d"), page.locator("#d-ahead")
    expect(told).to_have_text("It is past" if read else "")
    for typed, words in (
        ("2026-11-28T08:59", "It is past"),
        ("2026-11-28T09:01", ""),
        ("2025-12-31T23:59", "It is past"),
    ):
        field.fill(typed)
        expect(told).to_have_text(words)
        assert (field.get_attribute("aria-invalid") == "true") == bool(words)
    assert "d-ahead" in (field.get_attribute("aria-describedby") or "")
    page.close()
