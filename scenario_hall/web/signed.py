"""Signed certificates, the hall's public keys, and the list of revocations: what an offline check needs."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from scenario_hall.outcomes.certificates import certificate_document, get_certificate, revocations_document
from scenario_hall.outcomes.signing import KeyRing
from scenario_hall.web.request import database, settings

pages = Blueprint("signed", __name__)


def key_ring() -> KeyRing:
    return KeyRing(settings().signing_keys)


@pages.get("/certificates/<number>.json")
def certificate(number: str) -> ResponseReturnValue:
    found = get_certificate(database(), number)
    return jsonify(key_ring().sign(certificate_document(found, settings().base_url)))


@pages.get("/certificates/revocations.json")
def revocations() -> ResponseReturnValue:
    return jsonify(key_ring().sign(revocations_document(database(), settings().base_url)))


@pages.get("/.well-known/scenario-hall-keys.json")
def keys() -> ResponseReturnValue:
    ring = key_ring()
    if not ring.public_keys():
        ring.rotate()
    return jsonify({"keys": [key.told() for key in ring.public_keys()]})
