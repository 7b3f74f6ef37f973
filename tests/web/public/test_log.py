"""What the hall publishes of its log can be checked by whoever kept a checkpoint."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from scenario_hall.config import Settings
from scenario_hall.core.keys import KeyRing
from scenario_hall.log.checkpoints import make_checkpoint, origin_of, read_note
from scenario_hall.log.merkle import is_consistent, root_from_inclusion
from scenario_hall.outcomes.certificate.service import certificate_of
from tests.world import World


def sign(hall: World, settings: Settings) -> None:
    ring = KeyRing(settings.signing_keys)
    make_checkpoint(hall.session, ring, origin=origin_of(settings.base_url), file=settings.checkpoints)


def test_a_checkpoint_that_was_kept_holds_the_hall_to_its_log(
    visitor: FlaskClient, hall: World, hall_settings: Settings
) -> None:
    assert visitor.get("/log/checkpoint").status_code == 404
    hall.released_scenario()
    sign(hall, hall_settings)
    kept = visitor.get("/log/checkpoint")
    assert kept.mimetype == "text/plain"
    old = read_note(kept.text, KeyRing(hall_settings.signing_keys).public_keys())
    hall.listed_product()
    sign(hall, hall_settings)
    new = read_note(visitor.get("/log/checkpoint").text, KeyRing(hall_settings.signing_keys).public_keys())
    assert new.size > old.size
    told = visitor.get(f"/log/proof?from={old.size}&size={new.size}").json
    assert told is not None
    assert is_consistent(old.size, old.root, new.size, new.root, [bytes.fromhex(each) for each in told["proof"]])
    for entry in (1, old.size, new.size):
        told = visitor.get(f"/log/proof?entry={entry}&size={new.size}").json
        assert told is not None
        path = [bytes.fromhex(each) for each in told["proof"]]
        assert root_from_inclusion(bytes.fromhex(told["leaf"]), entry - 1, new.size, path) == new.root
    page = visitor.get("/log").text
    assert new.root.hex() in page and old.root.hex() in page  # the whole hash is the title of its beginning


def test_a_proof_of_what_is_not_there_is_refused_with_the_numbers_that_are(visitor: FlaskClient, hall: World) -> None:
    for query in ("", "entry=0", "entry=99999999", "entry=²", "from=0", "from=2&size=1", "size=9223372036854775807"):
        assert visitor.get(f"/log/proof?{query}").status_code == 422, query


def test_a_certificate_that_is_not_what_the_log_says_is_refused_everywhere(
    visitor: FlaskClient, hall: World, app: Flask
) -> None:
    found = certificate_of(hall.session, hall.approved())
    assert found is not None
    number = found.number
    assert visitor.get(f"/certificates/{number}.json").json == visitor.get(f"/certificates/{number}.json").json
    hall.session.commit()
    hall.session.execute(text("UPDATE certificate SET content = REPLACE(content, 'city', 'world')"))
    hall.session.commit()
    for ending in ("", ".json", ".pdf"):
        answer = visitor.get(f"/certificates/{number}{ending}?lang=en")
        assert answer.status_code == 409, ending
        assert "Do not rely on it" in answer.text
