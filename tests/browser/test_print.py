"""Pages on paper: A4, whole to the right edge, light, without menus and buttons, on as few sheets as they need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from pypdfium2 import PdfDocument

from scenario_hall.core.clock import now
from tests.browser.answering import ORIGIN, answer_with, wear
from tests.browser.conftest import SCREENSHOTS
from tests.world import World

pytestmark = pytest.mark.browser
A4 = (595, 842)
ACROSS = (842, 595)
MARGIN = 14 / 25.4 * 72  # points
# A word that can't be broken at a space, and one that is long in any language.
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
NOT_ON_PAPER = (
    "Skip to content",
    "Menu",
    "Log in",
    "Feed (Atom)",
    "My desk",
    "Download:",
    "Apply with a product",
    "Bookmark",
)


@pytest.fixture
def paper(
    browser: Browser, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], hall: World
) -> Iterator[Callable[[str, str], PdfDocument]]:
    """The page at an address as a person prints it, whose screen is dark: as PDF, and kept to be looked at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    clients = {"visitor": visitor, "demand": as_person("port@port.example")}
    page = browser.new_page()
    choose = answer_with(page, clients)

    def print_page(role: str, path: str) -> PdfDocument:
        choose(role)
        wear(clients[role], "dark", "en")
        page.goto(ORIGIN + path)
        assert_nothing_scrolls(page)
        # As a person's dialogue does it: backgrounds are left out unless a rule asks for them.
        made = page.pdf(prefer_css_page_size=True, print_background=True)
        name = re.sub(r"\W+", "-", re.sub(r"\d+", "N", path)).strip("-")
        (SCREENSHOTS / f"print-{name}.pdf").write_bytes(made)
        return PdfDocument(made)

    yield print_page
    page.close()


def assert_nothing_scrolls(page: Page) -> None:
    """On paper nothing can be scrolled: no part holds more than it shows."""
    page.emulate_media(media="print")
    wider = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(part => part.checkVisibility()
             && getComputedStyle(part).overflowX !== "visible" && !part.closest(".visually-hidden, svg, .picture")
             && part.scrollWidth > part.clientWidth + 1).map(part => part.className)"""
    )
    page.emulate_media(media="null")  # as it was: a PDF takes the medium that is emulated
    assert wider == []


def text_of(pdf: PdfDocument) -> str:
    """Without blanks and line ends, which fall where lines are broken."""
    return re.sub(r"[\s\ufffe\x02-]", "", "".join(sheet.get_textpage().get_text_range() for sheet in pdf))


def check_sheets(pdf: PdfDocument, most: int, size: tuple[int, int] = A4) -> None:
    """So many at most, of that size, light, the margins empty, no letter over the right one."""
    assert 1 <= len(pdf) <= most
    for number, sheet in enumerate(pdf):
        assert tuple(map(round, sheet.get_size())) == size, number
        picture = np.asarray(sheet.render(scale=1).to_pil().convert("L"))
        right, left = picture[:, int(size[0] - MARGIN + 2) :], picture[:, : int(MARGIN - 2)]
        assert right[: int(-MARGIN)].min() > 250 and left.min() > 250, f"sheet {number} is printed into its margin"
        assert picture.mean() > 215, f"sheet {number} is dark"
        text = sheet.get_textpage()
        letters = (place for place in range(text.count_chars()) if not text.get_text_range(place, 1).isspace())
        edges = [text.get_charbox(place)[2] for place in letters]
        assert edges and max(edges) <= size[0] - MARGIN + 3, f"sheet {number} has letters in its margin"


def check_words(pdf: PdfDocument, *told: str) -> None:
    text = text_of(pdf)
    for each in told:
        assert re.sub(r"[\s-]", "", each) in text, each
    for each in NOT_ON_PAPER:
        assert each.replace(" ", "") not in text, each


def test_a_scenario_and_a_product_print_whole(paper: Callable[[str, str], PdfDocument], hall: World) -> None:
    lines = [
        {"metric": f"{LONG} {number}", "comparison": "at_least", "value": number, "unit": "min", "necessity": "must"}
        for number in range(1, 13)
    ]
    scenario = hall.released_scenario(requirements=lines, situation="人工登高检查岸桥钢结构。" * 60)
    product = hall.listed_product(
        title=f"巡检系统 {LONG}",
        specifications=[{"metric": f"{LONG} {number}", "value": number, "unit": "min"} for number in range(1, 13)],
    )
    hall.application(scenario, product)
    for role in ("visitor", "demand"):
        printed = paper(role, f"/scenarios/{scenario.code}")
        check_sheets(printed, most=4)
        check_words(printed, scenario.title, scenario.code, *(str(line["metric"]) for line in lines))
        assert str(now().year) in text_of(printed)
    printed = paper("visitor", f"/products/{product.code}")
    check_sheets(printed, most=3)
    check_words(printed, product.title, product.code, f"{LONG} 12")
    check_sheets(paper("visitor", "/progress"), most=1)


def test_a_certificate_prints_on_one_sheet(paper: Callable[[str, str], PdfDocument], places: dict[str, str]) -> None:
    printed = paper("visitor", f"/certificates/{places['certificate']}")
    check_sheets(printed, most=1)
    check_words(printed, places["certificate"], "Valid. This hall confirms", "1 / 1")


def test_eight_offers_print_side_by_side(paper: Callable[[str, str], PdfDocument], hall: World) -> None:
    scenario = hall.released_scenario()
    offered = [hall.application(scenario, hall.listed_product(title=f"{LONG} {number}")) for number in range(8)]
    printed = paper("demand", f"/scenarios/{scenario.code}/judging")
    check_sheets(printed, most=3, size=ACROSS)
    check_words(printed, *(each.product.title for each in offered), *(each.code for each in offered))
    assert text_of(printed).count("notgiven") == 8  # own scores, where the screen has only a button
    # Beside each other: under each title its supplier, at eight places of the line.
    sheet = printed[0].get_textpage()
    search, places = sheet.search(hall.maker.name), set()
    while found := search.get_next():
        places.add(round(sheet.get_charbox(found[0])[0]))
    assert len(places) == 8
