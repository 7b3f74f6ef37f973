"""A passkey in Chromium, by its own virtual authenticator: made on the page, shown after the password."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PASSWORD, served_hall

pytestmark = pytest.mark.browser
# https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_made_and_logs_in_and_one_that_does_not_verify_its_user_does_not(
    browser: Browser, tmp_path: Path
) -> None:
    with served_hall(tmp_path, host="localhost") as base:
        page = browser.new_page(locale="en", base_url=base)
        refused: list[str] = []
        page.on("console", lambda told: refused.append(told.text) if "Content Security Policy" in told.text else None)
        chromium = page.context.new_cdp_session(page)
        chromium.send("WebAuthn.enable")
        device = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

        def log_in() -> None:
            page.goto("/login")
            page.get_by_label("E-mail").fill("admin@hall.example")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("main").get_by_role("button", name="Log in").click()

        log_in()
        page.goto("/account/second-factor")
        expect(page.get_by_text("Passkeys need JavaScript")).to_be_hidden()
        page.get_by_label("Name of the device").fill("test laptop")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
        (made,) = chromium.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
        assert made["rpId"] == "localhost"

        page.context.clear_cookies()
        log_in()
        chromium.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        page.get_by_role("button", name="Log in with a passkey").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was sent")
        chromium.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
        page.get_by_role("button", name="Log in with a passkey").click()
        page.wait_for_url("**/desk")
        page.goto("/account/second-factor")
        expect(page.get_by_text("test laptop")).to_be_visible()
        expect(page.get_by_text("Last used")).to_be_visible()
        assert refused == []
        page.close()
