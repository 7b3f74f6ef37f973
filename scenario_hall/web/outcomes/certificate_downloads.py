"""A certificate away from its page: as a sheet of paper, and signed, with the hall's public keys and the list of
revocations, for an offline check."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from scenario_hall.log.key_ring import key_ring
from scenario_hall.outcomes.certificate.credential import credential_of
from scenario_hall.outcomes.certificate.did import did_document
from scenario_hall.outcomes.certificate.documents import signed_certificate
from scenario_hall.outcomes.certificate.kept_lists import signed_revocations, status_credential
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import get_certificate
from scenario_hall.web.kit.language import current_locale
from scenario_hall.web.kit.request import database, settings
from scenario_hall.web.outcomes.certificate_facts import changed_at

pages = Blueprint("signed", __name__)
KEPT_SHEETS = 64
_sheets: OrderedDict[str, bytes] = OrderedDict()  # by stamp, the one used last at the end


@pages.get("/certificates/<number>.json")
def certificate(number: str) -> ResponseReturnValue:
    found = get_certificate(database(), number)
    return jsonify(signed_certificate(database(), found, key_ring(database(), settings()), settings().base_url))


@pages.get("/certificates/<number>.pdf")
def sheet(number: str) -> ResponseReturnValue:
    found = get_certificate(database(), number)
    stamp = stamp_of(found)
    # Asked for again each time, so a revocation shows at once; unchanged, it is not sent again.
    response = Response(mimetype="application/pdf", headers={"Cache-Control": "public, no-cache"})
    response.set_etag(stamp)
    response.vary.update(("Cookie", "Accept-Language"))
    response.headers["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    if request.if_none_match.contains(stamp):
        response.status_code = 304
        return response
    response.set_data(sheet_of(found, stamp))
    return response


def stamp_of(found: Certificate) -> str:
    """All that the sheet depends on."""
    stated = (
        settings().base_url,
        found.number,
        changed_at(found).isoformat(),
        found.revocation_reason,
        current_locale(),
    )
    return sha256("\n".join(stated).encode()).hexdigest()[:32]


def sheet_of(found: Certificate, stamp: str) -> bytes:
    """The drawn sheet. Drawing takes a good part of a second, so the last ones are kept."""
    drawn = _sheets.get(stamp)
    if drawn is None:
        base = settings().base_url
        # What draws PDF is imported by the first who wants one: 0.4 s of each start otherwise.
        from scenario_hall.web.outcomes.certificate_sheet import draw_sheet  # noqa: PLC0415

        drawn = draw_sheet(
            found,
            address=base + url_for("outcomes.certificate", number=found.number),
            document_address=base + url_for("signed.certificate", number=found.number),
        )
    _sheets[stamp] = drawn
    _sheets.move_to_end(stamp)
    while len(_sheets) > KEPT_SHEETS:
        _sheets.popitem(last=False)
    return drawn


@pages.get("/certificates/revocations.json")
def revocations() -> ResponseReturnValue:
    return jsonify(signed_revocations(database(), key_ring(database(), settings()), settings().base_url))


@pages.get("/certificates/<number>/credential")
def credential(number: str) -> ResponseReturnValue:
    """The certificate as a verifiable credential (an Open Badge 3.0)."""
    found = get_certificate(database(), number)
    return _credential(credential_of(database(), found, key_ring(database(), settings()), settings().base_url))


@pages.get("/certificates/status")
def status() -> ResponseReturnValue:
    """Which of the credentials were revoked, as a bitstring status list."""
    return _credential(status_credential(database(), key_ring(database(), settings()), settings().base_url))


@pages.get("/.well-known/did.json")
@pages.get("/did.json", endpoint="did_below")
def did() -> ResponseReturnValue:
    """The hall's DID document (did:web): where the hall has an address of its own, or lies below one."""
    ring = key_ring(database(), settings())
    ring.ensure_key()
    response = jsonify(did_document(settings().base_url, ring.public_keys()))
    response.mimetype = "application/did+json"
    return response


def _credential(secured: dict[str, Any]) -> Response:
    response = jsonify(secured)
    response.mimetype = "application/vc"
    return response


@pages.get("/.well-known/scenario-hall-keys.json")
def keys() -> ResponseReturnValue:
    ring = key_ring(database(), settings())
    ring.ensure_key()
    return jsonify({"keys": [key.as_json() for key in ring.public_keys()]})
