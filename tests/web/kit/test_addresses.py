"""What a request says of its host and sender is believed of the hall's own proxies alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import request

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.core.sightings import Sighting, last_seen
from tests.world import World

FORGED = {"X-Forwarded-For": "6.6.6.6, 7.7.7.7", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize("proxies,address", [(0, "127.0.0.1"), (1, "7.7.7.7"), (2, "6.6.6.6"), (3, "127.0.0.1")])
@pytest.mark.parametrize("base", ["http://hall.test", "https://hall.test"])
def test_only_so_many_proxies_are_believed(hall_settings: Settings, proxies: int, address: str, base: str) -> None:
    app = create_app(replace(hall_settings, proxies=proxies, base_url=base))
    seen: list[tuple[str | None, str]] = []
    app.before_request(lambda: seen.append((request.remote_addr, request.host_url)))
    app.test_client().get("/healthz", headers={**FORGED, "Host": "evil.example"})
    assert seen == [(address, f"{base}/")]


@pytest.mark.parametrize(
    "proxies,sender,headers,seen",
    [
        (0, "10.0.0.7", FORGED, {Sighting.FORWARDED}),
        (0, "::1", FORGED, {Sighting.FORWARDED}),
        (0, "8.8.8.8", FORGED, set()),  # whoever comes from afar may write what they like
        (0, "10.0.0.7", {}, set()),
        (1, "10.0.0.7", FORGED, set()),
        (1, "127.0.0.1", {}, set()),  # somebody on the machine asks whether it is well
        (1, "8.8.8.8", {}, {Sighting.BYPASSED}),
    ],
)
def test_what_does_not_fit_the_number_of_proxies_is_noted(
    hall_settings: Settings, proxies: int, sender: str, headers: dict[str, str], seen: set[Sighting]
) -> None:
    app = create_app(replace(hall_settings, proxies=proxies))
    for _ in range(2):
        app.test_client().get("/healthz", headers=headers, environ_base={"REMOTE_ADDR": sender})
    assert {each for each in Sighting if last_seen(hall_settings.data_dir, each) is not None} == seen


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.json", "//about", "/?lang=en", "/login", "/desk"])
def test_no_link_leads_where_a_request_says(hall: World, hall_settings: Settings, path: str) -> None:
    hall.released_scenario()
    app = create_app(replace(hall_settings, proxies=1))
    answer = app.test_client().get(path, headers={**FORGED, "Host": "evil.example"})
    assert "evil.example" not in answer.text + str(answer.headers)
