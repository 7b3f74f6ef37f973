"""A passkey in Chromium, by its own virtual authenticator: made on the page, shown after the password."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from tests.world import PASSWORD, World

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


@pytest.fixture
def base(hall: World, hall_settings: Settings) -> Iterator[str]:
    """The small hall at ``localhost``: for numbers, such as the other halls of these tests have, no passkey is made."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    server = make_server("127.0.0.1", port, create_app(replace(hall_settings, base_url=address)), threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield address
    server.shutdown()
    serving.join()
    server.server_close()


def test_a_passkey_is_made_and_logs_in_and_one_that_does_not_verify_its_user_does_not(
    browser: Browser, base: str
) -> None:
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
