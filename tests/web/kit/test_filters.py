"""Filters say what they say in the language of the page, whoever had the template compiled."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import nodes
from jinja2.filters import FILTERS

from tests.world import World


def test_no_filter_of_the_hall_is_worked_out_when_a_template_is_compiled(app: Flask) -> None:
    environment = app.jinja_env
    ours = environment.filters.keys() - FILTERS.keys() - {"tojson"}
    assert len(ours) > 20
    folded = []
    for name in sorted(ours):
        parsed = environment.parse(f'{{{{ "scenario"|{name} }}}}')
        filtered = next(iter(parsed.find_all(nodes.Filter)))
        try:
            filtered.as_const()
        except nodes.Impossible:
            continue
        folded.append(name)
    assert folded == []


def test_a_template_compiled_in_one_language_speaks_each(app: Flask) -> None:
    template = app.jinja_env.from_string('{{ "scenario"|named }}')
    said = []
    for tag in ("zh-Hans", "en", "pt"):
        with app.test_request_context(f"/?lang={tag}"):
            said.append(template.render())
    assert said == ["应用场景", "Scenario", "Cenário"]


def test_pages_say_the_kind_of_a_record_in_each_language(
    visitor: FlaskClient, hall: World, follow: Callable[[], None]
) -> None:
    hall.released_scenario()
    follow()
    said = {"zh-Hans": "应用场景", "en": "Scenario", "pt": "Cenário"}
    for tag, name in said.items():
        assert f"</span>{name}</span>" in visitor.get(f"/scenarios/?lang={tag}").text, tag
