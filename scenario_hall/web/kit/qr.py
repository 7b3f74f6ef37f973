"""QR codes of the hall's pages."""

from __future__ import annotations

import io

import segno
from flask import Response


def qr_picture(address: str) -> Response:
    """The code of an absolute address as SVG (ISO/IEC 18004, level M: a sixth of it may be unreadable)."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=2, xmldecl=True)
    return Response(drawn.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})
