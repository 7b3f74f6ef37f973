"""Filters say what they say in the language of the page, whoever had the template compiled."""

from __future__ import annotations

from flask import Flask
from jinja2 import nodes
from jinja2.filters import FILTERS


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
    said = []
    for tag in ("zh-Hans", "en", "pt"):
        with app.test_request_context(f"/?lang={tag}"):
            template = app.jinja_env.from_string('{{ "scenario"|named }}') if not said else template
            said.append(template.render())
    assert said == ["应用场景", "Scenario", "Cenário"]
