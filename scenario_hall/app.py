"""``create_app`` assembles the web application."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect

from scenario_hall import __version__
from scenario_hall.api.registering import add_api
from scenario_hall.config import ROOT, Settings
from scenario_hall.core.db import make_engine
from scenario_hall.search.opening import open_index
from scenario_hall.web.blueprints import BLUEPRINTS, WITHOUT_TOKEN
from scenario_hall.web.kit.addresses import bound_ids, know_own_address, know_proxies, with_query
from scenario_hall.web.kit.border import MOST_BYTES, refuse_what_no_text_has
from scenario_hall.web.kit.compression import compress_answers
from scenario_hall.web.kit.errors import render_errors
from scenario_hall.web.kit.form_care import look_after_forms
from scenario_hall.web.kit.kept_pages import keep_pages, serve_kept_pages
from scenario_hall.web.kit.language import speak
from scenario_hall.web.kit.log_ins import know_log_ins
from scenario_hall.web.kit.observing import observe
from scenario_hall.web.kit.request import actor, close_session
from scenario_hall.web.kit.security import set_headers
from scenario_hall.web.kit.style_sheet import chosen_theme, serve_style_sheet
from scenario_hall.web.kit.templates import equip_templates
from scenario_hall.web.public import live

STATEMENT_SECONDS = 30  # nobody waits longer for a page


def create_app(settings: Settings) -> Flask:
    """The web application for these settings."""
    app = Flask("scenario_hall", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    is_https = settings.base_url.startswith("https://")
    _configure(app, settings)
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.extensions["hall_settings"] = settings
    app.extensions["hall_engine"] = engine = make_engine(
        settings.database_url,
        connections=settings.database_connections,
        statement_seconds=STATEMENT_SECONDS,
    )
    app.extensions["hall_index"] = open_index(settings)
    know_proxies(app, settings)
    keep_pages(app)
    compress_answers(app)
    observe(app, engine, slow_seconds=settings.slow_seconds)
    know_own_address(app, settings.base_url)
    bound_ids(app)
    refuse_what_no_text_has(app)
    csrf = CSRFProtect(app)
    speak(app)
    equip_templates(app)
    know_log_ins(app, is_https=is_https)
    look_after_forms(app)
    serve_kept_pages(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for view in WITHOUT_TOKEN:
        csrf.exempt(view)
    app.url_map.strict_slashes = False
    set_headers(app, is_https=is_https)
    serve_style_sheet(app)
    render_errors(app)
    add_api(app, csrf)
    close_session(app)
    live.start_following(app, engine)

    @app.context_processor
    def about_the_reader() -> dict[str, Any]:
        return {"actor": actor(), "theme": chosen_theme()}

    app.jinja_env.globals.update(
        hall_version=__version__,
        with_query=with_query,
    )
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=8 * 3600,
        BABEL_DEFAULT_LOCALE="zh_Hans",
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
