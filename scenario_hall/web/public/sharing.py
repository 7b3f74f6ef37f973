"""What is shown of a record where somebody shares its address: title, a few facts and a picture (the Open Graph
protocol, https://ogp.me). The same for everybody, so of public records alone."""

from __future__ import annotations

import unicodedata
from collections import OrderedDict

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from scenario_hall.core.errors import NotFound
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import get_certificate
from scenario_hall.products.models import Product
from scenario_hall.products.service import get_product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import get_scenario
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.web.kit.language import LANGUAGE_TAGS, current_locale, day, named, sum_range
from scenario_hall.web.kit.qr import qr_picture
from scenario_hall.web.kit.request import database
from scenario_hall.web.public.share_card import Card, Sign

pages = Blueprint("share", __name__, url_prefix="/share")
KEPT_PICTURES = 64
_pictures: OrderedDict[str, bytes] = OrderedDict()  # by stamp, the one used last at the end
Shared = Scenario | Product | Certificate


@pages.app_template_global()
def card_of(record: Shared) -> Card | None:
    """The card of a record in the reader's language; None of one that isn't public."""
    if isinstance(record, Certificate):
        return _card_of_certificate(record)
    if not record.is_public():
        return None
    return _card_of_scenario(record) if isinstance(record, Scenario) else _card_of_product(record)


def _card_of_scenario(scenario: Scenario) -> Card:
    return _card(
        Sign.SCENARIO,
        scenario.code,
        _("Scenario"),
        scenario.title,
        [
            (_("Organisation"), scenario.organization.name),
            (_("Region"), region_name(scenario.region, current_locale()) if scenario.region else ""),
            (_("Budget"), sum_range(scenario.budget_min, scenario.budget_max, scenario.currency)),
            (_("Deadline"), day(scenario.deadline)),
        ],
    )


def _card_of_product(product: Product) -> Card:
    return _card(
        Sign.PRODUCT,
        product.code,
        _("Product"),
        product.title,
        [
            (_("Supplier"), product.organization.name),
            (_("Readiness level"), f"{product.readiness_level}/9" if product.readiness_level else ""),
            (_("Price"), sum_range(product.price_min, product.price_max, product.currency)),
        ],
    )


def _card_of_certificate(certificate: Certificate) -> Card:
    content = certificate.content
    kind = f"{_('Certificate')} {certificate.number} · {named(content['kind'])}"
    if not certificate.is_valid:
        kind = _("Revoked on %(day)s.", day=day(certificate.revoked_at)) + " " + kind
    return _card(
        Sign.FIRST,
        certificate.number,
        kind,
        content["product"]["title"],
        [
            (_("Supplier"), content["supplier"]),
            (_("Demand side"), content["demand_side"]),
            (_("Region"), region_name(content["scenario"]["region"], current_locale())),
            (_("Issued"), day(certificate.issued_at)),
        ],
        is_revoked=not certificate.is_valid,
    )


def _card(
    sign: Sign, number: str, kind: str, title: str, facts: list[tuple[str, str]], *, is_revoked: bool = False
) -> Card:
    return Card(
        sign=sign,
        number=number,
        kind=kind,
        title=_drawable(title),
        facts=tuple((label, _drawable(value)) for label, value in facts if value),
        is_revoked=is_revoked,
        hall=_("Scenario Hall"),
        area=_("Greater Bay Area"),
        language=LANGUAGE_TAGS[current_locale()],
    )


def _drawable(text: str) -> str:
    """Without what has no glyph of its own: ends of lines, control characters, marks of direction."""
    return "".join(" " if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp") else each for each in text).strip()


@pages.get("/<tag>/<any(scenario, product, certificate):kind>/<code>.png")
def picture(tag: str, kind: str, code: str) -> ResponseReturnValue:
    """The card as a picture, in the language that the address names. Raises NotFound."""
    locales = [locale for locale, its_tag in LANGUAGE_TAGS.items() if its_tag == tag]
    if not locales:
        raise NotFound()
    with force_locale(locales[0]):
        card = card_of(_found(Sign(kind), code))
    if card is None:
        raise NotFound()
    # Asked for again each time, so an amendment or a revocation shows at once; unchanged, it is not sent again.
    response = Response(mimetype="image/png", headers={"Cache-Control": "public, no-cache"})
    response.set_etag(card.stamp)
    if request.if_none_match.contains(card.stamp):
        response.status_code = 304
        return response
    response.set_data(_picture_of(card))
    return response


@pages.get("/qr/<any(scenario, product):kind>/<code>.svg")
def qr_code(kind: str, code: str) -> ResponseReturnValue:
    """The address of a public record's page as QR code. Raises NotFound."""
    record = _found(Sign(kind), code)
    if card_of(record) is None:
        raise NotFound()
    return qr_picture(url_for(f"{kind}s.show", code=code, _external=True))


def _found(sign: Sign, code: str) -> Shared:
    if sign is Sign.FIRST:
        return get_certificate(database(), code)
    return get_scenario(database(), code) if sign is Sign.SCENARIO else get_product(database(), code)


def _picture_of(card: Card) -> bytes:
    drawn = _pictures.get(card.stamp)
    if drawn is None:
        # The fonts and what draws with them are loaded by the first who wants a picture.
        from scenario_hall.web.public.share_picture import draw_card  # noqa: PLC0415

        drawn = draw_card(card)
    _pictures[card.stamp] = drawn
    _pictures.move_to_end(card.stamp)
    while len(_pictures) > KEPT_PICTURES:
        _pictures.popitem(last=False)
    return drawn
