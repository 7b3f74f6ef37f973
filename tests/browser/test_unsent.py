"""A closed tab loses nothing of what was typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.browser
WORDS = "起重机每台停机两小时，靠人爬上去检查。"


def logged_in(browser: Browser, address: str) -> tuple[BrowserContext, Page]:
    context = browser.new_context()
    context.add_cookies([{"name": "locale", "value": "en", "url": address}])
    page = context.new_page()
    page.goto(f"{address}/login")
    page.locator("#email").fill("admin@hall.example")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.btn-primary").click()
    page.wait_for_url(lambda url: "/login" not in url)
    return context, page


def open_form(page: Page, address: str) -> None:
    """A long form that every account has."""
    page.goto(f"{address}/organizations/new")


def test_what_was_typed_survives_a_closed_tab_until_it_is_discarded(browser: Browser, address: str) -> None:
    context, page = logged_in(browser, address)
    open_form(page, address)
    told = page.locator("[data-unsent]")
    expect(told).to_be_hidden()
    page.locator("#description").fill(WORDS)
    expect(told).to_have_text(re.compile(r"^Draft kept at \d\d:\d\d, not sent yet$"))
    page.locator("#address").fill("珠海大道 1 号")
    page.close(run_before_unload=False)  # before the pause after the last key is over

    page = context.new_page()
    open_form(page, address)
    expect(page.locator("#description")).to_have_value(WORDS)
    expect(page.get_by_text("What you had typed here and not sent is back")).to_be_visible()
    page.get_by_text("Show what is stored instead").click()
    page.get_by_role("button", name="Discard what was typed").click()
    expect(page.locator("#description")).to_have_value("")

    # What is typed and taken out again is nothing to give back.
    page.locator("#description").fill(WORDS)
    expect(page.locator("[data-unsent]")).to_be_visible()
    page.locator("#description").fill("")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    open_form(page, address)
    expect(page.get_by_text("What you had typed here")).to_have_count(0)
    context.close()


def test_that_nothing_can_be_kept_is_told(browser: Browser, address: str) -> None:
    context, page = logged_in(browser, address)
    open_form(page, address)
    context.set_offline(True)
    page.locator("#description").fill(WORDS)
    expect(page.locator("[data-unsent]")).to_have_text(re.compile("could not be kept"))
    context.set_offline(False)
    context.clear_cookies(name="session")
    page.locator("#description").fill(WORDS + WORDS)
    expect(page.locator("[data-unsent]")).to_have_text(re.compile("no longer logged in"))
    context.close()
