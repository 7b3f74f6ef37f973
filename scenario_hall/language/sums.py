"""Sums of money as people write them: 约300万元, 50-80万元, ０．８亿元（含基础设施）, HK$1.2M."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from scenario_hall.core.values import MAX_SUM, Currency
from scenario_hall.language import faults
from scenario_hall.language.faults import LONGEST_VALUE, Fault
from scenario_hall.language.folding import fold
from scenario_hall.language.numerals import NUMERAL, SCALE, SCALES, read_number, with_digits


@dataclass(frozen=True)
class SumRange:
    """A sum from ``low`` to ``high`` in whole units of ``currency``; an end that is not stated is None."""

    low: int | None
    high: int | None
    currency: Currency


# Marks of a currency in folded text (NFKC, lower case, simplified); the order is the order of looking.
_CURRENCIES: tuple[tuple[Currency, str], ...] = (
    (Currency.HKD, r"hk\$|hkd\$?|港币|港元|港纸"),
    (Currency.MOP, r"mop\$?|澳门元|澳门币|澳币|葡币|patacas?"),
    (Currency.CNY, r"rmb|cny|人民币|¥"),
)
_OTHER_CURRENCIES = re.compile(r"us\$|usd|美元|美金|eur|€|欧元|gbp|£|英镑|jpy|日元|日圆|新台币|台币|nt\$|sgd|s\$")
_AMOUNT = re.compile(
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<factor>{SCALE})?(?![a-z])\s*(?P<unit>元|圆|dollars?|yuan)?"
)
_BETWEEN = re.compile(r"\s*(?:~|-+|–|—|−|至|到|to)\s*")
_AT_MOST = re.compile(r"不超过|不高于|不多于|最高|上限|以内|以下|之内|up to|at most|no more than|max|≤|<")
_AT_LEAST = re.compile(r"不低于|不少于|至少|以上|起|at least|no less than|from|min|≥|>")
_BY_PIECE = re.compile(r"(?:/|每)\s*(?:台|套|架|件|个|辆|艘|颗|unit|set|piece)")
_BY_OTHER = re.compile(r"(?:/|每)\s*(?:[a-z\u4e00-\u9fff]|\d)")
_NOT_STATED = re.compile(
    r"(?:价格|预算|金额|费用)?(?:待定|待议|待确定|面议|另议|面谈|未定|未确定|暂无|暂未确定|无|不详|详谈|协商|双方协商|可协商)"
    r"|[-—–/]+|tb[acd]|to be (?:confirmed|determined|decided|agreed)|n/?a|none|negotiable|on request"
)


def currency_in(text: str) -> Currency | None:
    """The Bay Area currency that ``text`` (a header or a cell) names; None when it names none."""
    folded = fold(text[:LONGEST_VALUE])
    return next((currency for currency, marks in _CURRENCIES if re.search(marks, folded)), None)


def factor_in(header: str) -> int | None:
    """What a header such as “投资规模（万元）” multiplies its numbers with; None when it does not say."""
    found = re.search(
        r"(千万|百万|十万|万|亿|千|百)?元|([千百十]?万|亿)\s*[)\]]|million|thousand", fold(header[:LONGEST_VALUE])
    )
    if found is None:
        return None
    return SCALES.get(found[1] or found[2] or found[0], 1)


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
    text: str, *, currency: Currency | None = None, factor: int | None = None, is_plain: bool = False
) -> SumRange | Fault | None:
    """The sum or range in ``text``; None for an empty cell.

    ``currency`` and ``factor`` are what the header says; ``is_plain`` means that the column is known to hold whole
    units (``budget_min``), so that a small bare number needs no unit. A single sum, also an approximate one, is both
    ends of the range.
    """
    if len(text) > LONGEST_VALUE:
        return Fault(faults.TOO_LONG, text)
    written = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", fold(text)).strip() or fold(text).strip()
    if not written:
        return None
    if _NOT_STATED.fullmatch(written):
        return Fault(faults.NOT_STATED, text)
    if _OTHER_CURRENCIES.search(written):
        return Fault(faults.OTHER_CURRENCY, text)
    stated = currency_in(written)
    for _, marks in _CURRENCIES:
        written = re.sub(marks, " ", written)
    if "$" in written and stated is None and currency not in (Currency.HKD, Currency.MOP):
        return Fault(faults.WHICH_DOLLAR, text)
    if _BY_OTHER.search(_BY_PIECE.sub(" ", written)):
        return Fault(faults.RATE_NOT_SUM, text)
    amounts = _amounts(_plain(written.replace("$", " ")).strip())
    if isinstance(amounts, str):
        return Fault(amounts, text)
    low, high, has_unit = amounts
    if not has_unit:
        if factor is None and stated is None and not is_plain and high < 10_000:
            return Fault(faults.SUM_WITHOUT_UNIT, text)
        low, high = low * (factor or 1), high * (factor or 1)
    if low > high or high >= MAX_SUM:
        return Fault(faults.BAD_SUM, text)
    is_single = low == high
    return SumRange(
        low=None if is_single and _AT_MOST.search(written) else round(low),
        high=None if is_single and not _AT_MOST.search(written) and _AT_LEAST.search(written) else round(high),
        currency=stated or currency or Currency.CNY,
    )


def _plain(text: str) -> str:
    """三百万元 as 3000000元; the 万 of 300万元 stays, it belongs to the number before it."""
    text = re.sub(rf"(?<=\d)\s+(?=(?:{SCALE}))", "", text)
    return with_digits(
        text, rf"(?<![\d.〇零一二两三四五六七八九十百千万亿])(?=[一二两三四五六七八九十]){NUMERAL}(?=元)"
    )


def _amounts(written: str) -> tuple[Decimal, Decimal, bool] | str:
    """Low, high and whether a unit was written; or the reason why there is none."""
    found = [_Amount.of(match) for match in _AMOUNT.finditer(written)]
    found = _joined(found)
    if not found:
        return faults.NO_SUM
    if re.match(r"[-−]\s*\d", written[: found[0].start + 1]) or (
        found[0].start and written[found[0].start - 1] in "-−" and not written[: found[0].start - 1].strip()
    ):
        return faults.BAD_SUM
    if len(found) > 2:
        return faults.SEVERAL_SUMS
    first, last = found[0], found[-1]
    if len(found) == 2 and not _BETWEEN.fullmatch(written[first.end : last.start]):
        return faults.SEVERAL_SUMS
    low = first.number * (first.factor or last.factor or 1)
    return low, last.number * (last.factor or 1), bool(last.factor or first.factor or last.has_unit)


@dataclass(frozen=True)
class _Amount:
    number: Decimal
    factor: int
    has_unit: bool
    start: int
    end: int

    @classmethod
    def of(cls, match: re.Match[str]) -> _Amount:
        return cls(
            number=read_number(match["number"]),
            factor=SCALES.get(match["factor"] or "", 0),
            has_unit=bool(match["unit"]),
            start=match.start(),
            end=match.start() + len(match[0].rstrip()),
        )


def _joined(amounts: list[_Amount]) -> list[_Amount]:
    """1亿2000万 is one sum, not two."""
    joined: list[_Amount] = []
    for amount in amounts:
        before = joined[-1] if joined else None
        if before is not None and before.end == amount.start and before.factor > amount.factor and not before.has_unit:
            whole = before.number * before.factor + amount.number * (amount.factor or 1)
            joined[-1] = _Amount(whole, 1, True, before.start, amount.end)
        else:
            joined.append(amount)
    return joined
