"""What no request may hold, refused before any page sees it."""

from __future__ import annotations

from flask import Flask, abort, request

from scenario_hall.core.files import MAX_BYTES

MOST_BYTES = 5 * MAX_BYTES  # of one request: several files at once


def refuse_what_no_text_has(app: Flask) -> None:
    """Answer 400 to a request with a NUL in its path, query or form: nobody types one, and PostgreSQL takes none."""

    @app.before_request
    def refuse() -> None:
        written = (request.path, *(text for pair in request.values.items(multi=True) for text in pair))
        if any("\0" in text for text in written):
            abort(400)
