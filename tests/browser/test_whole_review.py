"""Thirteen items are reviewed in thirteen decisions, by keys and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from scenario_hall.core.db import make_engine
from scenario_hall.dossiers.waiting import count_waiting
from scenario_hall.organizations import accounts
from scenario_hall.organizations.models import Account, Side
from tests.browser.conftest import SCREENSHOTS, served_hall
from tests.browser.test_look import context_in, log_in
from tests.world import World

pytestmark = pytest.mark.browser
QUEUE_SIZES = {"organizations": 4, "scenarios": 5, "products": 4}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """A hall of its own: what waits in the one that tests share, others have left there."""
    with served_hall(folder) as base:
        yield base


class ServedWorld(World):
    """Records in the hall that is served, by the administrator whom it has."""

    def make_administrator(self, email: str) -> Account:
        found = accounts.find_account(self.session, email)
        assert found is not None
        return found


def let_wait(folder: Path) -> None:
    """Thirteen items that wait, in three queues."""
    with Session(make_engine(f"sqlite:///{folder / 'hall.sqlite'}")) as session:
        hall = ServedWorld(session)
        applicant = hall.person("applicant@x.example")
        for number in range(QUEUE_SIZES["organizations"]):
            hall.organization(applicant, Side.BOTH, f"待核验单位{number}", is_verified=False)
        for number in range(QUEUE_SIZES["scenarios"]):
            hall.submitted_scenario(title=f"待发布场景{number}")
        for number in range(QUEUE_SIZES["products"]):
            hall.submitted_product(title=f"待上架产品{number}")


def waiting(folder: Path) -> dict[str, int]:
    with Session(make_engine(f"sqlite:///{folder / 'hall.sqlite'}")) as session:
        person = accounts.find_account(session, "admin@hall.example")
        assert person is not None
        counts = count_waiting(session, accounts.actor_of(session, person))
        return {queue: counts[queue] for queue in QUEUE_SIZES}


def decide_by_key(page: Page) -> None:
    before = page.url
    page.keyboard.press("Shift+A")
    page.wait_for_url(lambda url: url != before)


def keeps_the_decision_in_reach(page: Page) -> None:
    """The bar of a narrow page is there from the beginning, and hides nothing at the end."""
    bar = page.locator(".decision-bar")
    expect(bar).to_be_in_viewport()
    page.locator("footer").scroll_into_view_if_needed()
    last, place = page.locator("main .columns").bounding_box(), bar.bounding_box()
    assert last is not None and place is not None and last["y"] + last["height"] <= place["y"]


def test_thirteen_items_take_thirteen_decisions(browser: Browser, address: str, folder: Path) -> None:
    let_wait(folder)
    assert waiting(folder) == QUEUE_SIZES
    context = context_in(browser, address, "en", 1440)
    page = context.new_page()
    log_in(page, address)
    page.goto(f"{address}/review/?queue=organizations")
    page.keyboard.press("j")
    expect(page.locator("[data-review-row]").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-review-row]").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.screenshot(path=SCREENSHOTS / "review-board.png", full_page=True)
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 4")).to_be_visible()

    # The keys are listed, move without deciding, keep out of fields and can be turned off.
    page.keyboard.press("?")
    expect(page.get_by_text("Use these keys on this device")).to_be_visible()
    page.keyboard.press("?")
    page.keyboard.press("j")
    expect(page.get_by_text("2 of 4")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_text("1 of 4")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.type("AAAj")
    expect(page.locator("#reason-return")).to_have_value("AAAj")
    page.locator("#reason-return").fill("")
    page.reload()
    page.locator("[data-review-keys] summary").click()
    page.locator("[data-review-keys-on]").uncheck()
    page.locator("h1").click()
    page.keyboard.press("Shift+A")
    page.wait_for_timeout(300)
    assert waiting(folder) == QUEUE_SIZES
    page.locator("[data-review-keys-on]").check()
    page.locator("h1").click()

    for _ in range(7):
        decide_by_key(page)
    assert sum(waiting(folder).values()) == 6
    page.screenshot(path=SCREENSHOTS / "review-place.png", full_page=True)
    at, cookies = page.url, context.cookies()
    context.close()

    # The same without a script: one press each, and no keys that would do nothing.
    context = context_in(browser, address, "en", 390, java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(at)
    expect(page.locator("[data-review-keys]")).to_be_hidden()
    keeps_the_decision_in_reach(page)
    for _ in range(6):
        page.locator("[data-review-key=A]").click()
    assert waiting(folder) == dict.fromkeys(QUEUE_SIZES, 0)
    expect(page).to_have_url(f"{address}/review/?queue=products")
    context.close()
