"""The picture of a share card: nothing is drawn over its edge, whatever the words are."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from scenario_hall.web.kit.language import LANGUAGE_TAGS
from scenario_hall.web.public.share_card import SIZE, Card, Sign
from scenario_hall.web.public.share_picture import LEFT, PAPER, RIGHT, Drawing, Face, draw_card, words

TITLES = (
    "",
    "岸桥",
    "粤港澳大湾区跨境低空物流与城市应急救援一体化无人机机场网络建设及常态化运行示范应用场景" * 4,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
    "Inspeção automática de gruas portuárias com aeronaves não tripuladas e reconhecimento de corrosão " * 2,
    "表情 🛩️ 與 ﷽ ﷽ ﷽ و 한국어 ไทย",
)


def card(title: str, value: str, sign: Sign, language: str) -> Card:
    facts = tuple((label, value) for label in ("Organisation", "Region", "Budget", "Deadline"))
    return Card(
        sign=sign,
        number="S-2026-0001",
        kind=title or "Scenario",
        title=title,
        facts=facts,
        is_revoked=False,
        hall="Scenario Hall",
        area="Greater Bay Area",
        language=language,
    )


@pytest.mark.parametrize("number", range(len(TITLES)))
def test_every_title_stays_on_the_picture(number: int) -> None:
    language = list(LANGUAGE_TAGS.values())[number % 4]
    sign = list(Sign)[number % 3]
    drawn = draw_card(card(TITLES[number], TITLES[number][:120], sign, language))
    picture = np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB")).astype(int)
    assert picture.shape == (SIZE[1], SIZE[0], 3)
    paper = np.asarray([int(PAPER[place : place + 2], 16) for place in (1, 3, 5)])
    empty = (np.abs(picture - paper).max(axis=2) <= 6).all(axis=0)
    assert empty[30 : LEFT - 8].all() and empty[RIGHT + 8 :].all()
    marked = ~(np.abs(picture[:, LEFT:RIGHT] - paper).max(axis=2) <= 6).all(axis=1)
    assert not marked[:30].any() and not marked[-12:].any()
    assert marked.sum() > 100


@given(text=st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=120), size=st.sampled_from([22, 50, 72]))
@settings(max_examples=25, deadline=None)
def test_lines_hold_all_words_and_are_no_wider_than_asked(text: str, size: int) -> None:
    drawing = Drawing(ImageDraw.Draw(Image.new("RGB", (1, 1))), Face.order("en"))
    assert "".join(words(text)) == text
    lines = list(drawing.lines(text, size, 400))
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert len(line) == 1 or drawing.width(line, size) <= 400
    assert drawing.width(drawing.cut(text, size, 400), size) <= 400


@pytest.mark.parametrize(("language", "first"), [("zh-Hant", "TC"), ("zh-Hans", "SC"), ("en", "SC")])
def test_the_face_is_that_of_the_language_and_the_other_helps(language: str, first: str) -> None:
    faces = Face.order(language)
    assert [first in face.path for face in faces] == [True, False]
    drawing = Drawing(ImageDraw.Draw(Image.new("RGB", (1, 1))), faces)
    for text in ("场景大厅", "場景大廳", "Orçamento – ção", "¥500,000 – ¥800,000 · HK$"):
        assert all(face.has(character) for face, piece in drawing.runs(text) for character in piece if character != " ")
