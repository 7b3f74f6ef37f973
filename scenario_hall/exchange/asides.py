"""Rows of a sheet that are no rows of its list: notes, totals, headings of its parts, values that are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scenario_hall.exchange import faults
from scenario_hall.exchange.cells import is_error_value
from scenario_hall.exchange.source import visible
from scenario_hall.language.folding import fold

_LONGEST = 400  # characters of a cell that is looked at
_MARKS = r"[\s*※●★☆◆▲(\[【<《]{0,6}"
_NOTE = re.compile(
    _MARKS + r"(?:注释?|备注|附注|说明|填[表报写]?说明|填写要求|注意(?:事项)?|提示|数据来源|资料来源|来源|"
    r"填[表报写](?:人|单位|日期|时间)|制表(?:人|单位|日期|时间)?|审[核批](?:人|单位)?|负责人(?:签[字名])?|单位负责人|盖章|"
    r"notes?|nb|n\.b\.|remarks?|comments?|sources?|prepared by|notas?|obs(?:erva(?:cao|coes))?|fontes?|elaborado por)"
    r"\s*[\d一二三四五六七八九十]{0,3}\s*(?:[:.、)\]】>》]|$)"
)
_TOTAL = re.compile(
    _MARKS + r"(?:合\s*计|总\s*计|小\s*计|共\s*计|总\s*和|累\s*计|汇\s*总|(?:grand |sub-?)?totals?|subtotals?|sum|soma|"
    r"total geral|本页合计|本页小计)(?:\s*[(\[:：=、,].{0,60}|\s*[\d.,]+.{0,20}|\s+.{0,12})?"
)
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}\s*[、.]|[(][一二三四五六七八九十\d]{1,3}[)]|第[一二三四五六七八九十\d]{1,3}(?:类|部分|批|章|节)|"
    r"[ivx]{1,4}\.\s|part\s+[\divx]{1,3}\b).{0,60}"
)
_NUMBERED = re.compile(r"(?:\d{1,2}|[①-⑳])\s*[、.．)）]?\s*\S")
_NUMERIC = re.compile(r"[¥$€]?\s*[\d.,%\-()\s]{1,40}(?:万?元|亿元|个|项|条|台|家)?")


class Asides:
    """Looks at the rows of one sheet in their order; after a note, single cells below belong to it."""

    def __init__(self, width: int, spans: set[int]) -> None:
        self._width = width
        self._spans = spans  # numbers of rows whose only cell is merged over half of the list
        self._is_below_note = False

    def reason(self, number: int, cells: Sequence[str]) -> str | None:
        """Why a row is left out; None for a row of the list."""
        filled = [text for cell in cells if (text := visible(cell))]
        if not filled:
            return None
        first = plain_accents(fold(filled[0][:_LONGEST])).strip()
        if _TOTAL.fullmatch(first) and all(_is_amount(cell) for cell in filled[1:]):
            return faults.TOTAL_ROW
        if len(filled) == 1 and self._width > 1:
            return self._single(number, first)
        if (
            self._width > 3
            and len(filled) <= 3
            and all(_NOTE.match(plain_accents(fold(each[:_LONGEST]))) for each in filled)
        ):
            return faults.NOTE_ROW
        self._is_below_note = False
        if self._width == 1 and _NOTE.match(first):
            return faults.NOTE_ROW
        return None

    def _single(self, number: int, first: str) -> str | None:
        if _NOTE.match(first):
            self._is_below_note = True
            return faults.NOTE_ROW
        if self._is_below_note and _NUMBERED.match(first):
            return faults.NOTE_ROW
        if self._width > 2 and (_HEADING.fullmatch(first) or number in self._spans):
            return faults.HEADING_ROW
        return faults.NOTE_ROW if self._is_below_note else None


def _is_amount(cell: str) -> bool:
    return is_error_value(cell) or _NUMERIC.fullmatch(fold(cell[:_LONGEST]).strip()) is not None


def plain_accents(text: str) -> str:
    """Portuguese words of a footer without their accents: observações is observacoes."""
    return text.translate(_ACCENTS)


_ACCENTS = str.maketrans("áàâãéêíóôõúüç", "aaaaeeiooouuc")
