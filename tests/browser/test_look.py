"""What only a browser shows: the head in one row, the wall, menus that close, colours without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scenario_hall.web.kit.language import LANGUAGE_TAGS
from tests.browser.conftest import PASSWORD, SCREENSHOTS

pytestmark = pytest.mark.browser
ADMINISTRATOR = "admin@hall.example"


def context_in(browser: Browser, address: str, locale: str, width: int, **more: object) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": width * 9 // 16}, **more)  # type: ignore[arg-type]
    context.add_cookies([{"name": "locale", "value": locale, "url": address}])
    return context


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/login")
    page.locator("#email").fill(ADMINISTRATOR)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.btn-primary").click()
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.mark.parametrize("locale", LANGUAGE_TAGS)
def test_the_head_is_one_row_from_1024_pixels_on(browser: Browser, address: str, locale: str) -> None:
    context = context_in(browser, address, locale, 1024)
    page = context.new_page()
    for is_known in (False, True):
        if is_known:
            log_in(page, address)
        page.goto(f"{address}/about")
        for width in (1024, 1100, 1199, 1200, 1366, 1439, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.locator(".site-header").bounding_box()["height"] <= 64, (locale, is_known, width)  # type: ignore[index]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (locale, is_known, width)
            edges = page.locator(".site-menu nav, .site-tools").evaluate_all(
                "parts => parts.map(part => [part.getBoundingClientRect().left, part.getBoundingClientRect().right])"
            )
            assert edges[0][1] <= edges[1][0] and edges[1][1] <= width, (locale, is_known, width)
    context.close()


def test_a_menu_closes_by_escape_by_a_press_outside_and_when_another_opens(browser: Browser, address: str) -> None:
    context = context_in(browser, address, "en", 1440)
    page = context.new_page()
    log_in(page, address)
    menus = page.locator("details.drop")
    menus.nth(0).locator("summary").click()
    menus.nth(1).locator("summary").click()
    assert [menus.nth(number).evaluate("menu => menu.open") for number in (0, 1)] == [False, True]
    page.keyboard.press("Escape")
    assert not menus.nth(1).evaluate("menu => menu.open")
    expect(menus.nth(1).locator("summary")).to_be_focused()
    menus.nth(0).locator("summary").click()
    page.locator("h1").click()
    assert not menus.nth(0).evaluate("menu => menu.open")
    context.close()


@pytest.mark.parametrize("width,locale", [(1920, "zh_Hans"), (1920, "en"), (1920, "pt"), (3840, "zh_Hans")])
def test_the_wall_fills_its_screen_in_letters_that_can_be_read_from_afar(
    browser: Browser, address: str, width: int, locale: str
) -> None:
    context = context_in(browser, address, locale, width)
    page = context.new_page()
    page.goto(f"{address}/screen")
    page.locator("[data-live-dot].is-live").wait_for()
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        width * 9 // 16,
    ]
    # 28 px of 1920 on a screen of 1.66 m are 24 mm: a 250th of six metres. Labels in charts are scaled with them.
    sizes = page.locator(".wall *").evaluate_all(
        """nodes => nodes.filter(node => node.checkVisibility() && !node.closest("svg")
             && [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
           .map(node => parseFloat(getComputedStyle(node).fontSize))"""
    )
    assert sizes and min(sizes) >= width * 28 / 1920 - 0.5
    labels = page.locator(".wall svg text").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().height)"
    )
    assert labels and min(labels) >= width * 28 / 1920 - 0.5
    page.screenshot(path=SCREENSHOTS / f"screen-{width}-{locale}.png")
    context.close()


def test_the_wall_says_when_it_has_heard_nothing_for_an_hour(browser: Browser, address: str) -> None:
    context = context_in(browser, address, "en", 1920)
    page = context.new_page()
    page.clock.install()
    page.goto(f"{address}/screen")
    page.locator("[data-live-dot].is-live").wait_for()
    sign = page.locator("[data-stale]")
    page.clock.run_for(30 * 60 * 1000)
    expect(sign).to_be_hidden()
    page.clock.run_for(32 * 60 * 1000)
    expect(sign).to_be_visible()
    # The hall is still there and says so within a quarter of a minute.
    expect(sign).to_be_hidden(timeout=20_000)
    context.close()


@pytest.mark.parametrize("path", ["/", "/screen"])
def test_nothing_moves_for_who_asked_for_reduced_motion(browser: Browser, address: str, path: str) -> None:
    context = context_in(browser, address, "en", 1440, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}{path}")
    page.locator("[data-live-dot].is-live").wait_for()
    page.evaluate("show({id: 1, day: '2999-01-01', day_head: 'x', region: '440300', title: 'x', what: '', note: ''})")
    assert page.evaluate("document.getAnimations().length") == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_javascript_the_device_s_colours_are_shown(browser: Browser, address: str, scheme: str) -> None:
    grounds = []
    for has_script in (False, True):
        context = browser.new_context(java_script_enabled=has_script, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{address}/about")
        screenshot = page.locator(".site-header").screenshot()
        grounds.append(screenshot)
        context.close()
    assert grounds[0] == grounds[1]


def test_the_feed_can_be_paused_and_goes_on_where_it_stopped(browser: Browser, address: str) -> None:
    context = context_in(browser, address, "en", 1440)
    page = context.new_page()
    page.goto(address)
    page.locator("[data-live-dot].is-live").wait_for()
    page.get_by_role("button", name="Pause").click()
    told = "{id: 1, day: '2999-01-01', day_head: 'Tomorrow', title: 'A new line', what: '', note: '', url: '/'}"
    page.evaluate(f"act('line', {told})")
    expect(page.get_by_text("A new line")).to_have_count(0)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("A new line")).to_have_count(1)
    context.close()
