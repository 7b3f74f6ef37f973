"""Sets the security headers of every response: only our own scripts, no frames, no guessing of types, and no copy of
what is not public in anybody's cache."""

from __future__ import annotations

from flask import Flask, Response, g, request

from scenario_hall.web.kit.cookies import OF_SOMEBODY, sends_any

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
# What is the same for everybody, so that caches on the way may keep it as its view says. All else is one person's.
PUBLIC = frozenset(
    {"static", "signed.sheet", "signed.certificate", "signed.revocations", "signed.keys"}
    | {"signed.credential", "signed.status", "signed.did", "signed.did_below"}
    | {"outcomes.qr_code", "log.checkpoint", "share.picture", "share.qr_code"}
    | {"open_data.file", "open_data.show_catalogue", "open_data.extension"}
)


def set_headers(app: Flask, *, is_https: bool) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        # A view may be stricter: a file that somebody uploaded runs in a sandbox.
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        response.headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        if is_https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        # Of the API's operations, which share one view, the one that was asked says so itself.
        is_for_everybody = request.endpoint in PUBLIC or "is_for_everybody" in g
        if is_for_everybody and response.status_code < 400:
            response.headers.setdefault("Cache-Control", "no-cache")
        else:
            _keep_private(response)
        return response


def _keep_private(response: Response) -> None:
    """Let no shared cache keep it, nor the browser of whoever is signed in: the next person at it may be another."""
    says = response.cache_control
    if not (says.private or says.no_store):
        is_known = sends_any(OF_SOMEBODY)
        response.headers["Cache-Control"] = "private, no-store" if is_known else "private, no-cache"
    response.vary.update(("Cookie", "Accept-Language"))
