"""The whole job by three people in three sessions, in a real browser, from registration to a certificate."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from scenario_hall.config import ROOT
from scenario_hall.core.clock import local_today
from scenario_hall.organizations.registration import uscc_check_character
from tests.browser.conftest import PASSWORD, SCREENSHOTS

pytestmark = pytest.mark.browser


class Person:
    """One person with a browser session of his own."""

    def __init__(self, browser: Browser, base: str, folder: Path, email: str, *, width: int = 1440) -> None:
        self.base, self.folder, self.email = base, folder, email
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda told: self.faults.append(told.text) if told.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page

    def shot(self, name: str) -> None:
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).first.click()

    def decide(self, label: str) -> None:
        """Press a decision that asks once more."""
        self.page.locator("details.act summary", has_text=label).first.click()
        self.press(label)

    def log_in(self) -> None:
        self.go("/login")
        self.page.get_by_label("E-mail").fill(self.email)
        self.page.get_by_label("Password").first.fill(PASSWORD)
        self.press("Log in")

    def register(self, name: str) -> None:
        self.go("/register")
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("E-mail").fill(self.email)
        self.page.get_by_label("Password").first.fill(PASSWORD)
        self.press("Register")
        expect(self.page.get_by_role("status").first).to_contain_text("We have e-mailed you a link")
        self.page.goto(self.mailed_link())
        self.press("Confirm this address")
        expect(self.page.get_by_role("status").first).to_contain_text("confirmed")
        self.page.get_by_label("E-mail").fill(self.email)
        self.page.get_by_label("Password").first.fill(PASSWORD)
        self.press("Log in")

    def mailed_link(self) -> str:
        """The newest link in the outbox for this person; the worker writes it within moments."""
        for _ in range(100):
            for path in sorted((self.folder / "outbox").glob("*.eml"), reverse=True):
                message = message_from_bytes(path.read_bytes(), policy=policy.default)
                body = message.get_body(("plain",))
                if message["To"] == self.email and body is not None:
                    found = re.search(r"(/register/confirm/\S+)", body.get_content())
                    if found:
                        return f"{self.base}{found[1]}"
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no letter for {self.email}")

    def create_organization(self, name: str, side: str, number: str, proof: Path) -> None:
        self.go("/organizations/new")
        self.page.locator("#name").fill(name)
        self.page.locator("#side").select_option(side)
        self.page.locator("#registration_number").fill(number)
        self.page.locator("#documents").set_input_files(proof)
        self.page.locator("#region").select_option("440300")
        self.press("Send for verification")
        expect(self.page.get_by_role("status").first).to_contain_text("Sent for verification")


@contextmanager
def counted_pages(page: Page) -> Iterator[list[str]]:
    """The addresses of the pages that are shown meanwhile, one after the other."""
    seen: list[str] = []

    def note(answer: Response) -> None:
        request = answer.request
        if request.is_navigation_request() and request.frame == page.main_frame and answer.status == 200:
            seen.append(request.url)

    page.on("response", note)
    yield seen
    page.remove_listener("response", note)


def uscc(body: str) -> str:
    return body + uscc_check_character(body)


def let_the_notice_pass(folder: Path) -> None:
    """Five working days are longer than a test may take: the end of the notice is moved to yesterday."""
    with sqlite3.connect(folder / "hall.sqlite") as base:
        moved = base.execute(
            "UPDATE outcome SET notice_until = datetime('now', '-1 day') WHERE notice_until IS NOT NULL"
        )
        assert moved.rowcount == 1


def checked_offline(signed: Path, keys: Path, *more: str) -> int:
    command = [sys.executable, "-m", "scenario_hall", "verify-certificate", str(signed), "--keys", str(keys), *more]
    return subprocess.run(
        command, cwd=ROOT, check=False, env={**os.environ, "HALL_ENVIRONMENT": "development"}
    ).returncode


def test_from_registration_to_a_certificate(browser: Browser, address: str, folder: Path) -> None:  # noqa: PLR0915
    administrator = Person(browser, address, folder, "admin@hall.example")
    demand = Person(browser, address, folder, "port@port.example")
    supplier = Person(browser, address, folder, "maker@maker.example", width=390)
    watcher = Person(browser, address, folder, "nobody@nowhere.example")
    proof = folder / "licence.pdf"
    proof.write_bytes(b"%PDF-1.7 a licence")

    # Register, confirm by mail, create organisations, be verified.
    administrator.log_in()
    demand.register("陈港")
    demand.create_organization("湾澜港务有限公司", "demand", uscc("91440300MA5G0000X"), proof)
    supplier.register("何飞")
    supplier.create_organization("禾翼航空科技有限公司", "supply", uscc("91440300MA5H1111A"), proof)
    supplier.shot("supplier-organisation-390")
    for name in ("湾澜港务有限公司", "禾翼航空科技有限公司"):
        page = administrator.go("/review/?queue=organizations")
        page.get_by_role("link", name=name).click()
        administrator.press("Verify")
        expect(page.get_by_role("status").first).to_contain_text("Verified")
    administrator.shot("review-organisation")

    # List a product: its text, the check of what was read, the page with its submission.
    page = supplier.go("/products/start")
    page.locator("#text").fill(
        "全自动无人机机场巡检系统\n六旋翼无人机与换电自动机场,岸桥与堆场巡检,识别锈蚀和裂纹。续航时间45分钟。技术成熟度8级。"
    )
    supplier.press("Read it and continue")
    expect(page.locator("#title")).to_have_value("全自动无人机机场巡检系统")
    expect(page.locator("#specifications-0-value")).to_have_value("45")
    expect(page.locator("#readiness_level")).to_have_value("8")
    expect(page.locator("#domains input[value=low-altitude]")).to_be_checked()
    page.locator("#limits").fill("不适用于8级以上大风。")
    page.locator("#earlier_uses").fill("无")
    supplier.press("Save")
    supplier.press("Submit for review")
    expect(page.get_by_role("status").first).to_contain_text("Submitted")
    page = administrator.go("/review/?queue=products")
    page.get_by_role("link", name="全自动无人机机场巡检系统").click()
    administrator.shot("review-product")
    administrator.press("List in the hall")

    # Post a scenario in three pages: text, check, preview.
    page = demand.go("/scenarios/new")
    with counted_pages(page) as pages:
        page.locator("#text").fill(
            "港口岸桥无人机巡检\n深圳妈湾港人工登高检查岸桥钢结构,每台岸桥需停机2小时。希望以自动机场与多旋翼无人机夜间巡检,"
            f"识别锈蚀与裂纹,续航时间不少于40分钟。预算50万元,申请截止{local_today().year + 1}年6月30日。"
        )
        demand.press("Read it and continue")
        expect(page.locator("#title")).to_have_value("港口岸桥无人机巡检")
        expect(page.locator("#requirements-0-value")).to_have_value("40")
        expect(page.locator("#region")).to_have_value("440300")
        expect(page.locator("#contact_email")).to_have_value("port@port.example")
        demand.shot("scenario-reading")
        demand.press("Save and preview")
    expect(page.get_by_text("Complete. This is how it will look.")).to_be_visible()
    demand.shot("scenario-preview")
    assert len(pages) == 2  # after the first
    demand.press("Submit for review")
    expect(page.get_by_role("status").first).to_contain_text("Submitted")

    # Release: an open hall page shows it without a reload, search finds it.
    hall_page = watcher.go("/")
    expect(hall_page.locator("[data-live-dot].is-live")).to_be_visible()
    count = hall_page.locator("[data-figure=scenarios]").first
    before = int(count.inner_text())  # others may have released some in this hall
    page = administrator.go("/review/?queue=scenarios")
    page.get_by_role("link", name="港口岸桥无人机巡检").click()
    administrator.press("Release")
    expect(hall_page.locator(".feed li.is-new a", has_text="港口岸桥无人机巡检").first).to_be_visible()
    expect(hall_page.locator(".feed li.is-new", has_text="Matched").first).to_be_visible()
    # Not the feed alone: the figures, the tile of the region and the cards, without a reload.
    expect(count).to_have_text(str(before + 1))
    expect(hall_page.locator("[data-region='440300'].is-newest[data-heat='1'] strong")).to_have_text("1")
    expect(hall_page.locator("[data-part=newest] .card-item", has_text="港口岸桥无人机巡检")).to_be_visible()
    watcher.shot("hall-live")
    found = watcher.go("/search?q=無人機")
    expect(found.locator("mark", has_text="无人机").first).to_be_visible()
    watcher.shot("search")

    # The owner sees the match and why; the supplier applies.
    code = found.locator("a", has_text="岸桥").first.get_attribute("href")
    assert code is not None
    page = demand.go(code)
    expect(page.locator("#matches")).to_contain_text("全自动无人机机场巡检系统")
    expect(page.locator("#matches .verdict-met").first).to_be_visible()
    demand.shot("scenario-matches")
    page = supplier.go(code)
    with counted_pages(page) as pages:
        page.locator("#matches").get_by_role("link", name="Apply").first.click()
        expect(page.locator("#product option:checked")).to_contain_text("/100")
        expect(page.locator("#answer-0")).to_have_value("meets")
        page.locator("#proposal").fill("我们以自动机场完成夜间巡检,首月驻场。")
        supplier.press("Send the application")
    expect(page.get_by_text("Receipt: number A-")).to_be_visible()
    supplier.shot("receipt-390")
    assert len(pages) == 2  # the form and the receipt
    application = page.url.removeprefix(address)
    page = demand.go("/desk")
    expect(page.locator("section", has_text="Waiting for me")).to_contain_text("全自动无人机机场巡检系统")
    demand.shot("desk")
    page = demand.go(application)
    demand.press("Shortlist")
    demand.decide("Accept")

    # Plan, run, report, confirm, approve.
    page = supplier.go(f"{application}/plan")
    page.locator("#place").fill("3号泊位")
    page.locator("#starts_on").fill("2026-11-01")
    page.locator("#ends_on").fill("2026-11-10")
    supplier.press("Save the plan")
    outcome = page.url.removeprefix(address)
    supplier.decide("Sign the plan")
    demand.go(outcome)
    demand.decide("Sign the plan")
    demand.shot("plan-signed")
    page = supplier.go(outcome)
    supplier.decide("Start")
    page.get_by_role("link", name="Report results").click()
    page.locator("#measured-0").fill("43")
    page.locator("#summary").fill("完成夜间巡检20架次,发现锈蚀3处。")
    page.locator("#evidence").set_input_files(proof)
    supplier.press("Send the report")
    demand.go(outcome)
    demand.decide("Confirm the results")

    # Claim to be the first, with the evidence that the rules ask for; two administrators judge it apart.
    page = supplier.go(f"{outcome}/claim")
    for kind in ("trial_report", "acceptance"):
        page.locator("#evidence_kind").select_option(kind)
        page.locator("#evidence").set_input_files(proof)
        supplier.press("Add files")
    for field in ("why_first", "earlier_sales", "equity_link"):
        page.locator(f"#{field}").fill("无")
    supplier.shot("claim-390")
    supplier.press("Claim")
    expect(page.get_by_role("status").first).to_contain_text("Claimed")
    reviewer = Person(browser, address, folder, "second@hall.example")
    reviewer.log_in()
    for person in (administrator, reviewer):
        page = person.go(outcome)
        assert page.get_by_text("可以通过").count() == 0
        for criterion in ("novelty", "reality", "results", "evidence"):
            page.locator(f"#mark-{criterion}").select_option("4")
        page.locator("#advice-reason").fill("材料齐全,可以通过。")
        person.press("Advise approval")
        expect(page.get_by_text("Examine every piece of evidence")).to_be_visible()
        expect(page.locator("#advice-reason")).to_have_value("材料齐全,可以通过。")
        for box in page.locator("input[name=checked]").all():
            box.check()
        person.shot("outcome-review")
        person.press("Advise approval")
    expect(watcher.go(outcome).get_by_role("heading", name="Public notice")).to_be_visible()
    watcher.shot("public-notice")
    let_the_notice_pass(folder)
    page = administrator.go(outcome)
    administrator.decide("Approve and issue certificate")
    page.get_by_role("link", name=re.compile("C-")).first.click()
    number = page.url.rsplit("/", 1)[1]

    # Anybody can check the certificate, and the hall counts it.
    public = watcher.go(f"/certificates/{number}")
    expect(public.get_by_text("Valid. This hall confirms")).to_be_visible()
    expect(public.locator(".qr img")).to_be_visible()
    watcher.shot("certificate")
    assert watcher.go("/").locator("[data-figure=approved]").first.inner_text() == "1"

    # Who has the signed document and the public keys checks it offline; a revoked one is rejected.
    signed, keys = folder / "certificate.json", folder / "keys.json"
    signed.write_text(watcher.page.request.get(f"{address}/certificates/{number}.json").text())
    keys.write_text(watcher.page.request.get(f"{address}/.well-known/scenario-hall-keys.json").text())
    listed = folder / "revocations.json"
    listed.write_text(watcher.page.request.get(f"{address}/certificates/revocations.json").text())
    assert checked_offline(signed, keys, "--revocations", str(listed)) == 0
    page = administrator.go(outcome)
    page.locator("details.act summary", has_text="Revoke").click()
    page.locator("#reason-revoke").fill("佐证材料有误")
    page.locator("details.act button.btn-danger").click()
    expect(watcher.go(f"/certificates/{number}").get_by_role("alert")).to_contain_text("佐证材料有误")
    listed.write_text(watcher.page.request.get(f"{address}/certificates/revocations.json").text())
    assert checked_offline(signed, keys) == 3  # alone, it cannot know
    assert checked_offline(signed, keys, "--revocations", str(listed)) == 1
    signed.write_text(watcher.page.request.get(f"{address}/certificates/{number}.json").text())
    assert checked_offline(signed, keys) == 1

    # The policy let everything through that the pages need, and nothing was blocked or broken.
    assert [fault for each in (administrator, reviewer, demand, supplier, watcher) for fault in each.faults] == []


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_public_pages_fit_both_widths_in_both_colours(browser: Browser, address: str, width: int, colours: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=colours, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    for name, path in {
        "hall": "/",
        "search": "/search",
        "about": "/about",
        "login": "/login",
        "register": "/register",
    }.items():
        page.goto(f"{address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("html").get_attribute("data-bs-theme") == colours
        page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{colours}.png", full_page=True)
    context.close()


def test_the_hall_works_without_javascript_and_by_keyboard(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.get_by_role("searchbox").fill("drone")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    page.get_by_text("English").first.click()
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("搜索")
    context.close()
