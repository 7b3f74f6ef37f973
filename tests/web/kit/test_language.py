"""The hall's languages: chosen by address, cookie or browser; every catalogue whole and with its placeholders."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from scenario_hall import __version__
from scenario_hall.config import ROOT
from scenario_hall.core import clock
from scenario_hall.core.values import Comparison, Requirement, Specification
from scenario_hall.quantities.verdicts import judge
from scenario_hall.web.kit.language import (
    LANGUAGE_TAGS,
    LOCALES,
    day_head,
    days_left,
    month_name,
    month_of_year,
    short_sum,
    stated_text,
    without_language,
)
from tests.world import World
from translations.messages import is_translated, texts_of

CATALOGUES = sorted(path.parent.parent.name for path in (ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


def catalogue(locale: str) -> Catalog:
    with (ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


@pytest.mark.parametrize("locale", CATALOGUES)
def test_every_text_is_translated(locale: str) -> None:
    known = catalogue(locale)
    there_are = {text.id for text in texts_of()}
    assert len(there_are) > 1000
    missing = [text for text in there_are if text not in known or not is_translated(known[text])]
    assert not missing


@pytest.mark.parametrize("locale", CATALOGUES)
def test_every_translation_keeps_the_placeholders_of_its_text(locale: str) -> None:
    messages = [message for message in catalogue(locale) if message.id and message.string]
    assert len(messages) > 900
    for message in messages:
        # A text with a plural has several forms, each with the same places.
        forms = [[text] if isinstance(text, str) else list(text) for text in (message.id, message.string)]
        places = {tuple(sorted(PLACEHOLDER.findall(form))) for form in (*forms[0], *forms[1])}
        assert len(places) == 1, message.id


def test_there_is_a_catalogue_for_every_language_but_that_of_the_texts() -> None:
    assert set(LOCALES) - {"en"} <= {*CATALOGUES, "zh_Hant"}, "zh_Hant is made from zh_Hans"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/about",
        "/search",
        "/scenarios/",
        "/products/",
        "/outcomes",
        "/certificates",
        "/rules",
        "/login",
        "/register",
        "/feed.atom",
    ],
)
def test_each_public_page_speaks_portuguese(visitor: FlaskClient, hall: World, path: str) -> None:
    hall.released_scenario()
    page = visitor.get(path, headers={"Accept-Language": "pt-MO,pt;q=0.9,en;q=0.5"})
    assert page.status_code == 200
    assert "Scenario Hall" not in page.text and "Salão de Cenários" in page.text
    assert path == "/feed.atom" or '<html lang="pt"' in page.text


@pytest.mark.parametrize(
    ("tag", "word"), [("en", "Version"), ("zh-Hans", "版本"), ("zh-Hant", "版本"), ("pt", "Versão")]
)
def test_the_footer_shows_the_version(visitor: FlaskClient, hall: World, tag: str, word: str) -> None:
    footer = visitor.get(f"/about?lang={tag}").text.split("<footer")[1]
    assert f"{word} {__version__}" in footer


def test_the_address_wins_over_the_cookie_and_the_cookie_over_the_browser(visitor: FlaskClient, hall: World) -> None:
    browser = {"Accept-Language": "pt"}
    assert '<html lang="pt"' in visitor.get("/about", headers=browser).text
    visitor.set_cookie("locale", "en")
    assert '<html lang="en"' in visitor.get("/about", headers=browser).text
    for tag in LANGUAGE_TAGS.values():
        assert f'<html lang="{tag}"' in visitor.get(f"/about?lang={tag}", headers=browser).text
    assert '<html lang="en"' in visitor.get("/about?lang=xx", headers=browser).text


def test_a_choice_in_the_menu_takes_the_language_out_of_the_address(visitor: FlaskClient, hall: World) -> None:
    answer = visitor.post("/preferences", data={"locale": "pt", "next": "/search?q=porto&lang=en"})
    assert answer.location.endswith("/search?q=porto")
    assert without_language("/search?lang=en&q=%E5%B2%B8&tag=") == "/search?q=%E5%B2%B8&tag="


def test_macao_and_tags_have_their_portuguese_names(visitor: FlaskClient, hall: World) -> None:
    code = hall.released_scenario(region="820000").code
    page = visitor.get(f"/scenarios/{code}?lang=pt").text
    assert "Macau" in page and "economia de baixa altitude" in page.lower()


def test_what_a_product_states_is_shown_in_the_requirements_unit_too(app: Flask) -> None:
    asked = Requirement(metric="续航时间", comparison=Comparison.AT_LEAST, value=60, unit="分钟")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert stated_text(judge(asked, [Specification(metric="续航", value=1.2, unit="h")])) == "续航 1.2 h (72 分钟)"
        assert stated_text(judge(asked, [Specification(metric="续航", value=72, unit="分钟")])) == "续航 72 分钟"
        assert stated_text(judge(asked, [])) == ""
        assert stated_text(judge(asked, [Specification(metric="续航时间", value=60, unit="min")])) == "60 min"
        assert stated_text(judge(asked, [Specification(metric="续航时间", value=30, unit="km")])) == ""


@pytest.mark.parametrize(
    "locale,low,high,currency,shown",
    [
        ("zh-Hans", 700_000, 1_300_000, "CNY", "70–130万元"),
        ("zh-Hant", 700_000, 1_300_000, "CNY", "70–130萬元"),
        ("zh-Hans", 285_000, 285_000, "CNY", "28.5万元"),
        ("zh-Hans", None, 500_000, "CNY", "不超过 50万元"),
        ("zh-Hans", 2_600, 3_400, "CNY", "¥2,600 – ¥3,400"),
        ("zh-Hans", 123_456, 200_000, "CNY", "¥123,456 – ¥200,000"),
        ("zh-Hans", 500_000, 900_000, "HKD", "HK$500,000 – HK$900,000"),
        ("en", 700_000, 1_300_000, "CNY", "CN¥700,000 – CN¥1,300,000"),
        ("zh-Hans", None, None, "CNY", ""),
    ],
)
def test_a_card_has_room_for_yuan_by_the_ten_thousand_where_nothing_is_rounded(
    app: Flask, locale: str, low: int | None, high: int | None, currency: str, shown: str
) -> None:
    with app.test_request_context(f"/?lang={locale}"):
        assert short_sum(low, high, currency) == shown


def test_days_are_counted_as_people_in_hong_kong_do(app: Flask) -> None:
    # 23:30 on the 27th in Hong Kong.
    with app.test_request_context("/?lang=en"), clock.at(datetime(2026, 11, 27, 15, 30, tzinfo=UTC)):
        heads = [day_head(date(2026, 11, day)) for day in (27, 26, 25)]
        assert heads == ["Today", "Yesterday", "Nov 25"]
        assert days_left(datetime(2026, 11, 27, 15, 59, tzinfo=UTC)) == 0
        assert days_left(datetime(2026, 11, 27, 16, 0, tzinfo=UTC)) == 1
        assert days_left(datetime(2026, 11, 27, 15, 0, tzinfo=UTC)) == 0


# By one language alone, in a process in which Babel has spoken no other.
ALONE = """
import json, sys
from datetime import date
from babel.dates import format_skeleton
days = [date(2026, month, 17) for month in range(1, 13)]
print(json.dumps([[format_skeleton(each, day, locale=sys.argv[1]) for day in days] for each in ("MMM", "yMMMM", "MMMd")]))
"""


def test_months_are_in_the_language_of_their_page_whichever_was_asked_for_before(app: Flask) -> None:
    days = [date(2026, month, 17) for month in range(1, 13)]
    alone = {
        locale: json.loads(
            subprocess.run([sys.executable, "-c", ALONE, locale], check=True, capture_output=True).stdout
        )
        for locale in LOCALES
    }
    for locale in [*LOCALES, *reversed(LOCALES)]:
        with (
            app.test_request_context(headers={"Cookie": f"locale={locale}"}),
            clock.at(datetime(2027, 6, 1, tzinfo=UTC)),
        ):
            assert [[each(day) for day in days] for each in (month_name, month_of_year, day_head)] == alone[locale]
