"""The least that Flask can answer with: one template with one value. What the hall's pages are measured beside."""

from __future__ import annotations

from flask import Flask, render_template_string

PAGE = "<!doctype html><html><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1></body></html>"


def make() -> Flask:
    app = Flask("bare")

    @app.get("/")
    def show() -> str:
        return render_template_string(PAGE, title="Hello")

    return app
