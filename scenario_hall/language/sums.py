"""Sums of money as people write them: 约300万元, 50-80万元, ０．８亿元（含基础设施）, HK$1.2M, 2,5 milhões de patacas.

The whole of a text is taken apart into known pieces; what is left over is a fault, never passed over, and no number is
read without all of its digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from scenario_hall.core.values import MAX_SUM, Currency
from scenario_hall.language import faults
from scenario_hall.language.counted_words import counted_in_digits
from scenario_hall.language.faults import LONGEST_VALUE, Fault
from scenario_hall.language.folding import fold
from scenario_hall.language.numerals import chinese_number
from scenario_hall.language.separators import Point, readings
from scenario_hall.language.sum_words import CURRENCIES, OTHER_CURRENCIES, PIECES, PORTUGUESE_SCALES, SCALES


@dataclass(frozen=True)
class SumRange:
    """A sum from ``low`` to ``high`` in whole units of ``currency``; an end that is not stated is None."""

    low: int | None
    high: int | None
    currency: Currency


_OTHER_CURRENCIES = re.compile(rf"(?<![a-z])(?:{OTHER_CURRENCIES})")
_NOT_STATED = re.compile(
    r"(?:价格|预算|金额|费用)?(?:待定|待议|待确定|面议|另议|面谈|未定|未确定|暂无|暂未确定|无|不详|详谈|协商|双方协商|可协商)"
    r"|[-—–/]+|tb[acd]|to be (?:confirmed|determined|decided|agreed)|n/?a|none|negotiable|on request"
    r"|a (?:definir|combinar|confirmar)|por definir|negociável|sob consulta|não definido"
)
_UNIT_IN_BRACKETS = re.compile(
    r"[(\[]\s*(?:单位\s*:?\s*)?((?:hk\$|mop\$?|¥|rmb|人民币|港币|澳门币)?\s*(?:百|千|十)?[万亿千百]?(?:元|圆)"
    r"|(?:百|千|十)?[万亿]|mil|milhões|million|thousand|k|m)\s*[)\]]"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PORTUGUESE = re.compile(
    r"patacas|(?<![a-z])(?:até|entre|cerca|valor|preço|orçamento|mil|milh\w+|de|e)(?![a-z\u00df-\u024f])"
)


def currency_in(text: str) -> Currency | None:
    """The Bay Area currency that ``text`` (a header or a cell) names; None when it names none."""
    folded = fold(text[:LONGEST_VALUE])
    return next((currency for currency, marks in CURRENCIES if re.search(marks, folded)), None)


def factor_in(header: str) -> int | None:
    """What a header such as “投资规模（万元）” multiplies its numbers with; None when it does not say."""
    found = re.search(
        r"(千万|百万|十万|万|亿|千|百)?元|([千百十]?万|亿)\s*[)\]]|milhões|milhares|million|thousand"
        r"|(?<=[(\[])\s*mil(?![a-z])",
        fold(header[:LONGEST_VALUE]),
    )
    if found is None:
        return None
    if found[0] == "milhares":
        return 1000
    return SCALES.get((found[1] or found[2] or found[0]).strip(), 1)


def parse_currency(text: str, default: Currency = Currency.CNY) -> Currency | Fault:
    """The currency of a cell of its own: a code or a name."""
    if not text.strip():
        return default
    if len(text) > LONGEST_VALUE:
        return Fault(faults.TOO_LONG, text)
    found = currency_in(text)
    if found is None and re.fullmatch(r"元|yuan", fold(text).strip()):
        return Currency.CNY
    return found if found is not None else Fault(faults.UNKNOWN_CURRENCY, text)


def parse_sum(
    text: str,
    *,
    currency: Currency | None = None,
    factor: int | None = None,
    is_plain: bool = False,
    in_portuguese: bool = False,
) -> SumRange | Fault | None:
    """The sum or range in ``text``; None for an empty cell.

    ``currency`` and ``factor`` are what the header says; ``is_plain`` means that the column is known to hold whole
    units (``budget_min``), so that a small bare number needs no unit; ``in_portuguese``: a comma may stand before
    decimals. A single sum, also an approximate one, is both ends of the range.
    """
    if len(text) > LONGEST_VALUE:
        return Fault(faults.TOO_LONG, text)
    folded = fold(text).strip()
    written = _BRACKETS.sub(" ", _UNIT_IN_BRACKETS.sub(r" \1 ", folded)).strip() or folded.strip("()[] ")
    if not written:
        return None
    if _NOT_STATED.fullmatch(written):
        return Fault(faults.NOT_STATED, text)
    if _OTHER_CURRENCIES.search(written):
        return Fault(faults.OTHER_CURRENCY, text)
    stated = currency_in(folded)
    if "$" in written.replace("hk$", "").replace("mop$", "").replace("hkd$", ""):
        if stated is None and currency not in (Currency.HKD, Currency.MOP):
            return Fault(faults.WHICH_DOLLAR, text)
        written = re.sub(r"(?<![kp d])\$", " ", written)
    written = counted_in_digits(written)
    try:
        low, high, has_unit = _read(written, in_portuguese or _PORTUGUESE.search(written) is not None)
    except _Unread as fault:
        return Fault(fault.reason, fault.shown(text))
    if not has_unit:
        most = high if high is not None else low
        if factor is None and stated is None and not is_plain and most is not None and most < 10_000:
            return Fault(faults.SUM_WITHOUT_UNIT, text)
        low, high = (None if end is None else end * (factor or 1) for end in (low, high))
    ends = [end for end in (low, high) if end is not None]
    if ends != sorted(ends) or ends[0] < 0 or ends[-1] >= MAX_SUM:
        return Fault(faults.BAD_SUM, text)
    if any(end != int(end) for end in ends):
        return Fault(faults.NOT_WHOLE, text)
    return SumRange(
        low=None if low is None else int(low),
        high=None if high is None else int(high),
        currency=stated or currency or Currency.CNY,
    )


class _Unread(Exception):
    """Why a text is no sum."""

    def __init__(self, reason: str, values: tuple[Decimal, ...] = ()) -> None:
        self.reason, self.values = reason, values

    def shown(self, text: str) -> str:
        return f"{text} ({' / '.join(f'{value.normalize():,f}' for value in self.values)})" if self.values else text


@dataclass
class _Amount:
    """A number while it is read: ``power`` 十, 百 or 千 of a numeral, ``section`` what it counts, such as 万."""

    number: Decimal
    point: int  # where it begins
    power: int = 1
    section: int = 0
    has_unit: bool = False
    is_closed: bool = False
    bound: str = ""
    other: Decimal | None = None
    above: int = 1  # what the part before counts, in 1亿2000万 the 亿
    parts: list[Decimal] = field(default_factory=list)

    def value(self, section: int = 0) -> Decimal:
        return sum(self.parts, self.number * self.power * (self.section or section or 1))


def _read(written: str, in_portuguese: bool) -> tuple[Decimal | None, Decimal | None, bool]:
    """Low, high and whether a unit was written. Raises _Unread."""
    reading, pieces = _Reading(in_portuguese), list(_pieces(written))
    numbers = sum(kind in ("number", "numeral") for kind, _, _ in pieces)
    for kind, piece, start in pieces:
        if kind in ("rest", "vague"):
            usual = faults.NOT_UNDERSTOOD if kind == "rest" else faults.NO_SUM
            raise _Unread(faults.SEVERAL_SUMS if numbers > 1 else usual if numbers else faults.NO_SUM)
        reading.take(kind, piece, start)
    return reading.ends()


def _pieces(written: str) -> Iterator[tuple[str, str, int]]:
    return ((match.lastgroup or "", match.group(), match.start()) for match in PIECES.finditer(written))


class _Reading:
    def __init__(self, in_portuguese: bool) -> None:
        self.amounts: list[_Amount] = []
        self.point = Point.PORTUGUESE if in_portuguese else Point.EITHER
        self.betweens = 0
        self.bound = ""
        self.before = ""  # the kind of the piece before, blanks left out
        self.is_tolerance = self.is_between_said = self.is_continued = False
        self.tolerance: Decimal | None = None
        self.tolerance_is_share = self.tolerance_is_scaled = False

    def take(self, kind: str, piece: str, start: int) -> None:
        if kind in ("space", "currency", "piece", "filler"):
            self.is_between_said = self.is_between_said or piece in ("between", "entre")
            if kind != "space" and self.amounts:
                self.amounts[-1].is_closed = True
            return
        if kind == "rate":
            raise _Unread(faults.RATE_NOT_SUM)
        getattr(self, f"_{kind}")(piece, start)
        self.before = kind

    def _number(self, piece: str, start: int) -> None:
        mantissa, _, exponent = piece.partition("e")
        try:
            values = readings(mantissa, Point.POINT if exponent else self.point)
        except ValueError:
            raise _Unread(faults.SEVERAL_SUMS if "," in piece else faults.NO_SUM) from None
        value = values[0].scaleb(int(exponent or 0))
        self._amount(value, start, values[1] if len(values) > 1 else None)

    def _numeral(self, piece: str, start: int) -> None:
        if piece == "半":
            self._amount(Decimal("0.5"), start, None)
            return
        whole, point, decimals = piece.partition("点")
        if point:
            digits = "".join(str(chinese_number(each)) for each in decimals)
            self._amount(Decimal(f"{chinese_number(whole)}.{digits}"), start, None)
            return
        power = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}.get(piece[1:], 0)
        try:
            value = Decimal(chinese_number(piece[0] if power and chinese_number(piece[0]) else piece))
        except ValueError:
            raise _Unread(faults.NO_SUM) from None
        self._amount(value, start, None)
        if power and value == chinese_number(piece[0]):
            self.amounts[-1].power = power

    def _amount(self, value: Decimal, start: int, other: Decimal | None) -> None:
        last = self.amounts[-1] if self.amounts else None
        if self.is_tolerance and self.tolerance is None:
            if other is not None:
                raise _Unread(faults.TWO_READINGS, (value, other))
            self.tolerance = value
            return
        if last is not None and last.section and (self.before == "scale" or self.is_continued) and not last.is_closed:
            # 1亿2000万 is one sum, not two.
            last.parts.append(last.number * last.power * last.section)
            last.above = last.power * last.section
            last.number, last.power, last.section, last.other = value, 1, 0, other
            return
        self.amounts.append(_Amount(value, start, bound=self.bound, other=other))
        self.bound = ""

    def _scale(self, piece: str, _: int) -> None:
        if self.tolerance is not None and not self.tolerance_is_share:
            self.amounts[-1].section = self.amounts[-1].section or SCALES[piece]  # 500±50万元
            self.tolerance, self.tolerance_is_scaled = self.tolerance * SCALES[piece], True
            return
        if not self.amounts or self.amounts[-1].is_closed:
            raise _Unread(faults.NOT_UNDERSTOOD if self.amounts else faults.NO_SUM)
        last = self.amounts[-1]
        if piece not in PORTUGUESE_SCALES and self.before == "number":
            last.other = None  # 1.255万 has decimals: nobody groups thousands before 万 or million
        last.section = (last.section or 1) * SCALES[piece]
        if self.is_continued and last.section >= last.above:
            raise _Unread(faults.SEVERAL_SUMS)
        if last.parts and last.section >= last.above:
            self._count_together(last)

    def _count_together(self, last: _Amount) -> None:
        """1千2百万 is 1200万: what comes last counts what is before it, too."""
        whole = next((each for each in (10**8, 10**4) if last.section % each == 0), last.section)
        if last.section // whole >= last.above:
            raise _Unread(faults.NO_SUM)
        last.parts, last.above = [part * whole for part in last.parts], last.above * whole

    def _unit(self, _piece: str, _start: int) -> None:
        if not self.amounts:
            raise _Unread(faults.NO_SUM)
        self.amounts[-1].has_unit = self.amounts[-1].is_closed = True

    def _more(self, _piece: str, _start: int) -> None:
        if not self.amounts:
            raise _Unread(faults.NO_SUM)

    def _percent(self, _piece: str, _start: int) -> None:
        if self.tolerance is None or self.tolerance_is_share:
            raise _Unread(faults.NOT_UNDERSTOOD)
        self.tolerance_is_share = True

    def _tolerance(self, _piece: str, _start: int) -> None:
        if self.is_tolerance or not self.amounts:
            raise _Unread(faults.NOT_UNDERSTOOD)
        self.is_tolerance = True

    def _between(self, piece: str, _: int) -> None:
        if not self.amounts and not self.before:
            if re.fullmatch(r"[-−–—]+", piece):
                raise _Unread(faults.BAD_SUM)
            return  # “~300万”, “a 300 mil” say about how much
        if not self.amounts:
            raise _Unread(faults.BAD_SUM)
        self.betweens += 1
        self.amounts[-1].is_closed = True

    def _and(self, piece: str, start: int) -> None:
        if (
            piece.strip() == "e"
            and self.before == "scale"
            and not self.is_between_said
            and not self.amounts[-1].is_closed
        ):
            self.is_continued = True  # 1 milhão e 500 mil
            return
        if not self.is_between_said:
            raise _Unread(faults.SEVERAL_SUMS)
        self._between(piece, start)

    def _least(self, piece: str, _: int) -> None:
        self._bound("least", piece)

    def _most(self, piece: str, _: int) -> None:
        self._bound("most", piece)

    def _bound(self, bound: str, piece: str) -> None:
        if piece in _BEHIND and self.amounts:
            self.amounts[-1].bound, self.amounts[-1].is_closed = bound, True
        else:
            self.bound = bound

    def ends(self) -> tuple[Decimal | None, Decimal | None, bool]:
        """Raises _Unread where the pieces make no single sum or range."""
        if not self.amounts:
            raise _Unread(faults.NO_SUM)
        has_two_bounds = [each.bound for each in self.amounts] == ["least", "most"]
        is_range = len(self.amounts) == 2 and (self.betweens == 1 or has_two_bounds)
        if len(self.amounts) > 1 and not is_range:
            if len(self.amounts) == 2 and self._is_said_twice():
                self.amounts.pop()
            else:
                raise _Unread(faults.SEVERAL_SUMS)
        first, last = self.amounts[0], self.amounts[-1]
        for each in self.amounts:
            if each.other is not None:
                raise _Unread(faults.TWO_READINGS, (each.value(last.section), each.other * (each.section or 1)))
            is_digit = each.power == 1 and each.number < 10
            if each.parts and not each.section and is_digit and each.number * 10 < each.above >= 10**4:
                # 3万5: 30,005 or 35,000?
                raise _Unread(faults.TWO_READINGS, (each.value(), each.value() + each.number * (each.above // 10 - 1)))
        section = last.section if first.section < last.section and not first.has_unit else 0
        low, high = first.value(section), last.value()
        if first is not last and first.power == 1 < last.power and first.number < 10:
            # 三至五十万: from 30,000 or from 300,000?
            if last.power == 10:
                raise _Unread(faults.TWO_READINGS, (low, low * last.power))
            low *= last.power
        if low > high <= first.value() * _ALIKE:
            low = first.value()  # 8000-1万元
        has_unit = any(each.has_unit or each.section or each.power > 1 or each.parts for each in self.amounts)
        if self.tolerance is not None:
            return (*self._spread(low, high), has_unit)
        if first is not last:
            return low, high, has_unit
        bound = first.bound
        return None if bound == "most" else low, None if bound == "least" else high, has_unit

    def _is_said_twice(self) -> bool:
        """“人民币叁佰万元整，¥3,000,000”."""
        return self.amounts[0].value() == self.amounts[1].value()

    def _spread(self, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
        if low != high or self.tolerance is None:
            raise _Unread(faults.NOT_UNDERSTOOD)
        if self.tolerance_is_share:
            part = low * self.tolerance / 100
        else:
            part = self.tolerance if self.tolerance_is_scaled else self.tolerance * (self.amounts[-1].section or 1)
        return low - part, low + part


_ALIKE = 100  # how far apart the ends of a range may be where the first has a unit of its own
_BEHIND = frozenset("+ 以内 以下 之内 以上 及以上 起 起步 封顶 max max. min min. maximum minimum".split())
