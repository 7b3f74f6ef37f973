"""How filters are given to the templates."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask
from jinja2 import pass_context


def add_filters(app: Flask, **filters: Callable[..., Any]) -> None:
    """Filters for the templates, each asked whenever a page is made.

    Jinja works a filter over a constant (``"scenario"|named``) out when it compiles the template, and so would keep the
    language of whoever came first; one that takes the context it leaves for later (``jinja2.nodes.Filter.as_const``).
    """
    for name, function in filters.items():
        app.jinja_env.filters[name] = _asked_each_time(function)


def _asked_each_time(function: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    @wraps(function)
    def ask(_context: Any, *values: Any, **named_values: Any) -> Any:
        return function(*values, **named_values)

    return ask
