"""A certificate's page and its printed sheet say the same, in each language, and tell a revocation at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdfium2 import PdfDocument
from sqlmodel import Session, col, select

from scenario_hall.core.canonical import canonical_json
from scenario_hall.log.chain import Event
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import certificate_of, revoke_outcome
from scenario_hall.web.kit.language import LANGUAGE_TAGS
from tests.world import World

A4 = (595, 842)


@pytest.fixture
def certificate(hall: World) -> Certificate:
    found = certificate_of(hall.session, hall.approved())
    assert found is not None
    return found


def sheet_text(data: bytes) -> str:
    """The sheet's text without spaces and line ends, which fall where the lines are broken."""
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in PdfDocument(data)))


@pytest.mark.parametrize("tag", LANGUAGE_TAGS.values())
def test_the_sheet_is_one_small_page_of_a4_with_what_was_certified(
    visitor: FlaskClient, certificate: Certificate, tag: str
) -> None:
    answer = visitor.get(f"/certificates/{certificate.number}.pdf?lang={tag}")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert len(answer.data) < 400_000
    (page,) = PdfDocument(answer.data)
    assert tuple(map(round, page.get_size())) == A4
    text, content = sheet_text(answer.data), certificate.content
    for told in (
        certificate.number,
        content["product"]["title"],
        content["scenario"]["title"],
        content["supplier"],
        content["demand_side"],
        content["confirmed_by"],
        content["plan_hash"],
        content["rules"],
        "续航时间",
        "43分钟",
        f"http://hall.test/certificates/{certificate.number}",
        "verify-certificate",
    ):
        assert re.sub(r"\s", "", told) in text, told


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("zh-Hans", "首试首用证书"),
        ("zh-Hant", "首試首用證書"),
        ("en", "Certificateof"),
        ("pt", "Certificadodeprimeiroensaioouprimeirautilização"),
    ],
)
def test_the_sheet_is_in_the_language_that_the_address_names(
    visitor: FlaskClient, certificate: Certificate, tag: str, word: str
) -> None:
    visitor.set_cookie("locale", "en")
    assert word in sheet_text(visitor.get(f"/certificates/{certificate.number}.pdf?lang={tag}").data)


def test_every_glyph_comes_with_the_sheet(visitor: FlaskClient, certificate: Certificate) -> None:
    data = visitor.get(f"/certificates/{certificate.number}.pdf").data
    assert data.count(b"/Type /Font\n") // 2 == data.count(b"/FontFile3 ") > 0, "each composite font embeds its program"
    assert "\ufffd" not in sheet_text(data)


def test_a_sheet_that_the_reader_has_is_not_sent_again_until_it_is_revoked(
    hall: World, visitor: FlaskClient, certificate: Certificate
) -> None:
    path = f"/certificates/{certificate.number}.pdf?lang=en"
    first = visitor.get(path)
    assert "no-cache" in first.headers["Cache-Control"]
    known = {"If-None-Match": first.headers["ETag"]}
    assert visitor.get(path, headers=known).status_code == 304
    revoke_outcome(hall.admin, session=hall.session, outcome=certificate.outcome, version=None, reason="数据有误")
    revoked = visitor.get(path, headers=known)
    assert revoked.status_code == 200
    assert "Revokedon" in sheet_text(revoked.data) and "数据有误" in sheet_text(revoked.data)
    assert "数据有误" not in sheet_text(first.data)


def certify(database: Session, stored: Certificate, content: dict[str, Any]) -> None:
    """Let it say this, as in a hall whose log did not hold the content's fingerprint yet."""
    stored.content = content
    (line,) = database.exec(select(Event).where(col(Event.kind) == "outcome.approved"))
    line.data = canonical_json({key: value for key, value in line.fields.items() if key != "content"})
    database.add_all([stored, line])
    database.commit()


def test_forty_metrics_still_fit_on_one_sheet(
    database: Session, visitor: FlaskClient, certificate: Certificate
) -> None:
    stored = database.get_one(Certificate, certificate.id)
    (line,) = stored.content["metrics"]
    lines = [{**line, "metric": f"{line['metric']} {number}"} for number in range(40)]
    certify(database, stored, {**stored.content, "metrics": lines})
    answer = visitor.get(f"/certificates/{certificate.number}.pdf")
    assert len(PdfDocument(answer.data)) == 1
    assert "续航时间39" in sheet_text(answer.data)


def test_a_certificate_from_before_it_said_who_confirmed_still_shows(
    database: Session, visitor: FlaskClient, certificate: Certificate
) -> None:
    path = f"/certificates/{certificate.number}"
    visitor.set_cookie("own", "1")  # whoever has one is given no kept page
    assert "Confirmed by" in visitor.get(f"{path}?lang=en").text
    stored = database.get_one(Certificate, certificate.id)
    certify(database, stored, {key: each for key, each in stored.content.items() if not key.startswith("confirmed")})
    page = visitor.get(f"{path}?lang=en")
    assert page.status_code == 200 and "Confirmed by" not in page.text
    assert visitor.get(f"{path}.json").status_code == visitor.get(f"{path}.pdf").status_code == 200


def test_the_page_links_its_sheet(visitor: FlaskClient, certificate: Certificate) -> None:
    assert f'href="/certificates/{certificate.number}.pdf"' in visitor.get(f"/certificates/{certificate.number}").text


def test_the_page_names_its_own_address_in_each_language(visitor: FlaskClient, certificate: Certificate) -> None:
    page = " ".join(visitor.get(f"/certificates/{certificate.number}").text.split())
    for tag in LANGUAGE_TAGS.values():
        assert f'hreflang="{tag}" href="http://hall.test/certificates/{certificate.number}?lang={tag}"' in page


def test_there_is_no_sheet_of_a_number_that_was_never_given(visitor: FlaskClient, hall: World) -> None:
    assert visitor.get("/certificates/C-2026-000999.pdf").status_code == 404
