"""What a certificate says, line by line: the page and the printed sheet say the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.web.kit.language import LANGUAGE_TAGS, current_locale, day, named


def title_in_other_language(certificate: Certificate) -> tuple[str, str]:
    """The certificate's title in a second language, and its language's tag: English beside Chinese, Simplified Chinese
    beside all others."""
    other = "en" if current_locale().startswith("zh") else "zh_Hans"
    with force_locale(other):
        return named(certificate.content["kind"]) + " · " + _("Certificate"), LANGUAGE_TAGS[other]


def facts_of(certificate: Certificate) -> list[tuple[str, str]]:
    """Labels and values in the reader's language; a value that this certificate does not have is left out."""
    content = certificate.content
    facts = [
        (_("Product"), product_line(content["product"])),
        (_("Supplier"), content["supplier"]),
        (_("Scenario"), f"{content['scenario']['title']} · {content['scenario']['code']}"),
        (_("Demand side"), content["demand_side"]),
        (_("Region"), region_name(content["scenario"]["region"], current_locale())),
        (_("First in"), named(content["scope"], "scope") if content.get("scope") else ""),
        (_("Dates"), span(content["starts_on"], content["ends_on"])),
        (_("Plan amended"), joined(*dict.fromkeys(day(each["on"]) for each in content.get("plan_amendments", ())))),
        # Certificates from before 2026-11 do not say who confirmed.
        (_("Confirmed by"), joined(content.get("confirmed_by"), day(content.get("confirmed_on")))),
        (_("Issued"), day(certificate.issued_at)),
    ]
    return [(label, value) for label, value in facts if value]


def product_line(product: dict[str, Any]) -> str:
    version = _("Revision %(number)s", number=product["version"])
    if product.get("version_label"):
        version += f" ({product['version_label']})"
    return joined(f"{product['title']} {product['model']}".strip(), version, product["code"])


def span(first: str | None, last: str | None) -> str:
    return " – ".join(dict.fromkeys(day(each) for each in (first, last) if each))


def joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def changed_at(certificate: Certificate) -> datetime:
    """When the sheet last changed: at its issue, or when it was revoked."""
    return certificate.revoked_at or certificate.issued_at
