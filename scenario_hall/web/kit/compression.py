"""Sends pages compressed, but for those from which somebody could learn a secret by their length.

A page that holds a secret beside words of an attacker's choice shrinks when the two agree, and so gives the secret away
character by character (BREACH, Gluck, Harris and Prado, 2013). The secrets of our pages are the tokens of forms, which
hold for one session; an attacker's words come with the address or a form. So the page of a known session is compressed
only when its address has no query, nothing was sent with it, and it is the page that was asked for and no error's.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

from scenario_hall.web.kit.cookies import OF_SOMEBODY, sends_any


def compress_answers(app: Flask) -> None:
    """Compress by brotli or gzip what the browser takes so. What is registered first has its turn last: call this
    before anything that changes answers. Streams go as they are; static files are compressed when they are built."""
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=5, COMPRESS_STREAMS=False, COMPRESS_REGISTER=False
    )
    compress = Compress()
    compress.init_app(app)

    @app.after_request
    def compress_what_keeps_its_secrets(response: Response) -> Response:
        return response if may_tell_by_length(response) else compress.after_request(response)


def may_tell_by_length(response: Response) -> bool:
    """Whether the answer may hold a secret of a session beside words that somebody else chose."""
    is_known = sends_any(OF_SOMEBODY)
    return is_known and (request.method != "GET" or bool(request.query_string) or response.status_code != 200)
