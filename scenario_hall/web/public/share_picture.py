"""Draws the picture that stands beside a link to a record elsewhere: 1200 × 630 pixels, as the Open Graph protocol's
readers show it whole, with every glyph of the hall's languages."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pylopdf_fonts_zh_cn
import pylopdf_fonts_zh_tw
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from scenario_hall.web.public.share_card import SIZE, Card, Sign

PAPER, INK, QUIET, LINE = "#fafcfc", "#12262a", "#4c6167", "#d6e1e2"
TEAL, AMBER, BAD, WHITE, WATER = "#0a6a72", "#c27a00", "#b0261f", "#ffffff", "#9fd6d8"
LEFT, RIGHT, TOP = 96, SIZE[0] - 72, 64
# The title's sizes: the largest that needs no more lines than MOST_LINES; with the last one it is cut.
TITLE_SIZES, MOST_LINES, LEADING = (72, 60, 50), 3, 1.3
FACTS_TOP, MOST_FACTS, GAP = 484, 4, 36
FACES = {"simplified": pylopdf_fonts_zh_cn.sans_path(), "traditional": pylopdf_fonts_zh_tw.sans_path()}


def draw_card(card: Card) -> bytes:
    """The picture of a card as PNG."""
    image = Image.new("RGB", SIZE, PAPER)
    drawing = Drawing(ImageDraw.Draw(image), Face.order(card.language))
    drawing.card(card)
    written = io.BytesIO()
    # Few flat colours: a palette halves the file and loses nothing that is seen.
    image.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


@dataclass(frozen=True)
class Face:
    """One of the two fonts, at any size."""

    path: str

    @staticmethod
    def order(language: str) -> tuple[Face, Face]:
        """The face of the language first; what it lacks the other draws."""
        names = ("traditional", "simplified") if language == "zh-Hant" else ("simplified", "traditional")
        return Face(str(FACES[names[0]])), Face(str(FACES[names[1]]))

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        return _font(self.path, size)

    def has(self, character: str) -> bool:
        return ord(character) in _characters(self.path)


@cache
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


@cache
def _characters(path: str) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@dataclass(frozen=True)
class Drawing:
    draw: ImageDraw.ImageDraw
    faces: tuple[Face, Face]

    def card(self, card: Card) -> None:
        accent = AMBER if card.sign is Sign.FIRST else TEAL
        self.draw.rectangle((0, 0, 24, SIZE[1]), fill=accent)
        self._logo(LEFT, TOP, 64)
        self.write(card.hall, LEFT + 84, TOP - 6, 34, INK)
        self.write(card.area, LEFT + 84, TOP + 36, 24, QUIET)
        self._sign(card.sign, LEFT, TOP + 124)
        kind = self.cut(card.kind, 30, RIGHT - LEFT - 44)
        self.write(kind, LEFT + 44, TOP + 114, 30, BAD if card.is_revoked else accent)
        self._title(card.title, TOP + 168)
        self.draw.line((LEFT, FACTS_TOP - 20, RIGHT, FACTS_TOP - 20), fill=LINE, width=2)
        self._facts(card.facts[:MOST_FACTS])

    def _title(self, text: str, top: int) -> None:
        for size in TITLE_SIZES:
            lines = list(self.lines(text, size, RIGHT - LEFT))
            if len(lines) <= MOST_LINES and len(lines) * size * LEADING <= FACTS_TOP - 30 - top:
                break
        room = min(MOST_LINES, int((FACTS_TOP - 30 - top) // (size * LEADING)))
        if len(lines) > room:
            lines = [*lines[: room - 1], self.cut("".join(lines[room - 1 :]), size, RIGHT - LEFT)]
        for number, line in enumerate(lines):
            self.write(line, LEFT, top + round(number * size * LEADING), size, INK)

    def _facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        """Side by side, each as wide as its share of the line."""
        if not facts:
            return
        width = (RIGHT - LEFT - GAP * (len(facts) - 1)) // len(facts)
        for number, (label, value) in enumerate(facts):
            left = LEFT + number * (width + GAP)
            self.write(self.cut(label, 22, width), left, FACTS_TOP, 22, QUIET)
            lines = list(self.lines(value, 28, width))
            shown = lines if len(lines) <= 2 else [lines[0], self.cut("".join(lines[1:]), 28, width)]
            for row, line in enumerate(shown):
                self.write(line, left, FACTS_TOP + 32 + row * 36, 28, INK)

    def _sign(self, sign: Sign, left: int, top: int) -> None:
        """The signs that kinds have on every page: scenario an open square, product a solid one, first a star."""
        box = (left, top, left + 26, top + 26)
        if sign is Sign.SCENARIO:
            self.draw.rectangle(box, outline=TEAL, width=5)
        elif sign is Sign.PRODUCT:
            self.draw.rectangle(box, fill=TEAL)
        else:
            corners = ((50, 2), (63, 36), (98, 38), (71, 60), (80, 95), (50, 75), (20, 95), (29, 60), (2, 38), (37, 36))
            self.draw.polygon([(left + x * 0.32 - 3, top + y * 0.32 - 3) for x, y in corners], fill=AMBER)

    def _logo(self, left: int, top: int, size: int) -> None:
        """The mark of static/img/logo.svg: a roof, a light and the water."""
        scale = size / 32

        def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
            return [(left + x * scale, top + y * scale) for x, y in points]

        self.draw.rounded_rectangle((left, top, left + size, top + size), radius=8 * scale, fill=TEAL)
        self.draw.line(at((8, 14), (8, 9.5), (16, 6), (24, 9.5), (24, 14)), fill=WHITE, width=5, joint="curve")
        self.draw.ellipse([*at((13.9, 10.4))[0], *at((18.1, 14.6))[0]], fill=WHITE)
        waves = ((5, 21), (8, 20), (12.3, 18), (16, 19.5), (19.7, 21), (23, 19.6), (27, 18))
        self.draw.line(at(*waves), fill=WHITE, width=5, joint="curve")
        self.draw.line(at((9, 26), (23, 26)), fill=WATER, width=5)

    def runs(self, text: str) -> Iterator[tuple[Face, str]]:
        """The text in pieces of one face each; a character that neither has is drawn by the first as a missing one."""
        first, other = self.faces
        piece, held = "", first
        for character in text:
            face = other if not first.has(character) and other.has(character) else first
            if piece and face != held:
                yield held, piece
                piece = ""
            piece, held = piece + character, face
        if piece:
            yield held, piece

    def width(self, text: str, size: int) -> float:
        return sum(face.at(size).getlength(piece) for face, piece in self.runs(text))

    def write(self, text: str, left: float, top: float, size: int, colour: str) -> None:
        base = top + size  # both faces on one line, whatever the ascent of each
        for face, piece in self.runs(text):
            self.draw.text((left, base), piece, font=face.at(size), fill=colour, anchor="ls")
            left += face.at(size).getlength(piece)

    def lines(self, text: str, size: int, width: float) -> Iterator[str]:
        """The text in lines no wider than ``width`` pixels: broken between words and beside Chinese characters; a word
        that is wider than a line is broken where the line ends."""
        line = ""
        for word in words(text):
            if self.width((line + word).rstrip(), size) <= width:
                line += word
                continue
            if line.strip():
                yield line.strip()
            line = word.lstrip()
            while self.width(line.rstrip(), size) > width:
                head = self.fitting(line, size, width)
                yield head
                line = line[len(head) :]
        if line.strip():
            yield line.strip()

    def fitting(self, text: str, size: int, width: float) -> str:
        """As much of the beginning as fits, one character at least."""
        count = 1
        while count < len(text) and self.width(text[: count + 1], size) <= width:
            count += 1
        return text[:count]

    def cut(self, text: str, size: int, width: float) -> str:
        """The text, or its beginning and an ellipsis."""
        if self.width(text, size) <= width:
            return text
        count = len(self.fitting(text, size, width))
        while count > 1 and self.width(text[:count].rstrip() + "…", size) > width:
            count -= 1
        return text[:count].rstrip() + "…"


def words(text: str) -> Iterator[str]:
    """What a line isn't broken in: a word with the blanks after it, or one wide character (UAX #11)."""
    word = ""
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            if word:
                yield word
            yield character
            word = ""
        elif word.endswith(" ") and character != " ":
            yield word
            word = character
        else:
            word += character
    if word:
        yield word
