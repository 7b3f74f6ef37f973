"""The page that shows administrators every letter with sample data."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from scenario_hall.notices.samples import sample_names
from tests.world import World

EN = {"Accept-Language": "en"}


def test_every_letter_is_shown_as_text_and_as_html(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client = as_person("admin@hall.example")
    listed = client.get("/admin/letters/", headers=EN).text
    for name in sample_names():
        assert f'href="/admin/letters/{name}"' in listed, name
        page = client.get(f"/admin/letters/{name}?language=pt", headers=EN)
        assert page.status_code == 200 and "Dear" not in page.text.split("<pre", 1)[1], name
        html = client.get(f"/admin/letters/{name}/html?language=zh_Hant")
        assert html.status_code == 200 and '<html lang="zh-Hant">' in html.text, name
        policy = html.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script" not in policy
    assert client.get("/admin/letters/milestone_due?language=nothing").status_code == 200


def test_a_sample_stops_nobodys_letters(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client = as_person("admin@hall.example")
    for name in sample_names():
        assert "/notices/stop/" not in client.get(f"/admin/letters/{name}", headers=EN).text
