"""Posting a scenario in three pages and applying in two by the keyboard alone, with a script and without one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from scenario_hall.core.clock import local_today
from scenario_hall.core.db import make_engine
from scenario_hall.organizations import accounts
from scenario_hall.organizations.models import Side
from tests.browser.conftest import SCREENSHOTS
from tests.browser.keyboard import Keyboard
from tests.browser.test_look import context_in
from tests.browser.test_whole_job import counted_pages
from tests.world import PASSWORD, World

pytestmark = pytest.mark.browser
WAYS = pytest.mark.parametrize("has_script", [True, False], ids=["script", "plain"])


class OwnWorld(World):
    """People and organisations of this test alone, in the hall that tests share."""

    def __init__(self, session: Session, name: str, first_number: int) -> None:
        self.session, self._numbers = session, count(first_number)
        found = accounts.find_account(session, "admin@hall.example")
        assert found is not None
        self.administrator = found
        self.port_person = self.person(f"asks-{name}@keys.example", "Asks")
        self.maker_person = self.person(f"offers-{name}@keys.example", "Offers")
        self.port = self.organization(self.port_person, Side.DEMAND, f"键盘医院{name}")
        self.maker = self.organization(self.maker_person, Side.SUPPLY, f"键盘机器人{name}")


@pytest.fixture
def way(request: pytest.FixtureRequest, has_script: bool) -> str:
    return f"{request.node.originalname.split('_')[1]}-{request.node.callspec.id}"


@pytest.fixture
def own(address: str, folder: Path, way: str) -> Iterator[OwnWorld]:
    numbers = {"posting-script": 1, "posting-plain": 2, "applying-script": 3, "applying-plain": 4}
    with Session(make_engine(f"sqlite:///{folder / 'hall.sqlite'}")) as session:
        yield OwnWorld(session, way, 70_000_000 + 10 * numbers[way])


@pytest.fixture
def page(browser: Browser, address: str, has_script: bool) -> Iterator[Page]:
    """Light with a script, dark without one: both colours are looked at."""
    context = context_in(
        browser, address, "en", 1440, java_script_enabled=has_script, color_scheme="light" if has_script else "dark"
    )
    yield context.new_page()
    context.close()


def known(page: Page, address: str, email: str, then: str) -> Keyboard:
    """The keyboard of a person who has logged in and stands at the beginning of the page ``then``."""
    page.goto(f"{address}/login?next={then}")
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.btn-primary").click()
    page.wait_for_url(f"{address}{then}")
    return Keyboard(page)


@WAYS
def test_posting_by_keyboard(page: Page, address: str, own: OwnWorld, way: str, has_script: bool) -> None:
    keys = known(page, address, own.port_person.email, "/desk")
    keys.go_to("main a[href='/scenarios/new']")
    with keys.follows():
        keys.press("Enter")

    with counted_pages(page) as pages:
        keys.skip_the_head()
        keys.go_to("#text")
        keys.type(
            f"病房夜间消毒{way}\n深圳一家医院的病房由人工消毒,每间需停用1小时。希望以移动机器人夜间消毒,续航时间不少于3小时。"
            f"预算30万元,申请截止{local_today().year + 1}年6月30日。"
        )
        keys.go_to(".form-bar .btn-primary")
        with keys.follows():
            keys.press("Space")

        # What was read is taken over, and changed: a word, a requirement more, a tag of the folded list, the place.
        expect(page.locator("#title")).to_have_value(f"病房夜间消毒{way}")
        keys.go_to("#title")
        keys.type("病房夜间消毒机器人")
        keys.go_to("#wanted_result")
        keys.go_to("#title", "Shift+Tab")
        last = add_a_requirement(keys, has_script)
        keys.go_to(f"#requirements-{last}-metric")
        keys.type("噪声")
        keys.go_to(f"#requirements-{last}-comparison")
        keys.type("a")
        keys.go_to(f"#requirements-{last}-value")
        keys.type("55")
        keys.go_to(f"#requirements-{last}-unit")
        keys.type("dB")
        tick_a_domain(keys)
        keys.go_to("#place")
        keys.type("3号楼")
        keys.go_to("#deadline")
        keys.go_to(".form-bar .btn-primary")
        page.screenshot(path=SCREENSHOTS / f"keyboard-{way}.png", full_page=True)
        with keys.follows():
            keys.press("Enter")
    assert len(pages) == 2  # after the first
    expect(page.get_by_text("Complete. This is how it will look.")).to_be_visible()
    expect(page.get_by_text("噪声").first).to_be_visible()
    expect(page.get_by_text("3号楼").first).to_be_visible()
    keys.go_to(".form-bar button.btn-primary")
    with keys.follows():
        keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Submitted")
    assert keys.stops > 50
    assert len(keys.measured) > 15


def add_a_requirement(keys: Keyboard, has_script: bool) -> int:
    """The number of an empty line: added and taken out again with a script, one of the spare ones without."""
    lines = keys.page.locator("#requirements .line")
    first = lines.count()
    if not has_script:
        return first - 2
    keys.go_to("[data-add-line]")
    keys.press("Space")
    expect(lines).to_have_count(first + 1)
    expect(keys.page.locator(f"#requirements-{first}-metric")).to_be_focused()
    keys.go_to(f"[name=requirements-{first}-gone]")
    keys.press("Space")
    expect(lines).to_have_count(first)
    keys.go_to("[data-add-line]")
    keys.press("Enter")
    expect(keys.page.locator(f"#requirements-{first}-metric")).to_be_focused()
    keys.go_to("[data-add-line]")
    keys.go_to(f"[name=requirements-{first}-gone]", "Shift+Tab")
    while keys.page.locator(":focus").get_attribute("id") != f"requirements-{first}-metric":
        keys.press("Shift+Tab")
    keys.press("Shift+Tab")
    return first


def tick_a_domain(keys: Keyboard) -> None:
    """One more than the ones that were read."""
    ticked = keys.page.locator("#domains :checked")
    before = ticked.count()
    keys.go_to("#domains input:not(:checked), #domains summary")
    if keys.page.locator("#domains summary:focus").count():
        keys.press("Enter")
        keys.go_to("#domains details input:not(:checked)")
    keys.press("Space")
    expect(ticked).to_have_count(before + 1)


@WAYS
def test_applying_by_keyboard(page: Page, address: str, own: OwnWorld, way: str, has_script: bool) -> None:
    scenario = own.released_scenario(title=f"病房消毒{way}", tags=[], domains=["robotics"], region="440400")
    product = own.listed_product(title=f"消毒机{way}")
    keys = known(page, address, own.maker_person.email, f"/scenarios/{scenario.code}")
    with counted_pages(page) as pages:
        keys.go_to(f"a[href^='/scenarios/{scenario.code}/apply']")
        with keys.follows():
            keys.press("Enter")
        expect(page.locator("h1")).to_have_text("Apply")
        keys.skip_the_head()
        keys.go_to("#product")
        keys.press("End")
        expect(page.locator("#product")).to_have_value(product.code)
        keys.go_to("#proposal")
        keys.type("我们以两台机器人完成夜间消毒,首月驻场。")
        keys.go_to("#answer-0")
        if has_script:
            expect(page.locator("#answer-0")).to_have_value("meets")
        keys.press("m")
        expect(page.locator("#answer-0")).to_have_value("meets")
        keys.go_to("#statement-0")
        keys.type("续航45分钟")
        keys.go_to("#attachments")
        keys.go_to("#product", "Shift+Tab")
        keys.go_to(".form-bar .btn-primary")
        with keys.follows():
            keys.press("Space")
    expect(page.get_by_text("Receipt: number A-")).to_be_visible()
    expect(page.get_by_text("续航45分钟").first).to_be_visible()
    assert len(pages) == 2  # the form and the receipt
    assert len(keys.measured) > 5
