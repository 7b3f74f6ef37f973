"""What a text says of itself besides its measures: a title, domains and tags, a place, sums, days. A first reading for
its author to check, so it takes what is plain and leaves out what is not.

Clauses are cut without patterns, and each reader below bounds what it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from scenario_hall.core.clock import end_of_local_day, now
from scenario_hall.core.values import Currency
from scenario_hall.language.dates import parse_date
from scenario_hall.language.folding import fold
from scenario_hall.language.sums import SumRange, parse_sum
from scenario_hall.quantities.requirements import suggested_requirements, suggested_specifications
from scenario_hall.taxonomy.regions import find_regions
from scenario_hall.taxonomy.taxonomy import TagKind, Taxonomy

READING_SECONDS = 1.0  # what somebody waits for who asks for a text to be read
LONGEST_TITLE, MOST_DOMAINS, MOST_TAGS, LONGEST_CLAUSE = 60, 3, 10, 80
_ENDS = "。；;！!？?\n\r"
_PAUSES = "，、：:"
DEADLINE_WORDS = ("截止", "截至", "报名", "申请期限", "deadline", "closing date", "apply by", "prazo", "até ao dia")
BUDGET_WORDS = ("预算", "经费", "资金", "投资", "budget", "orçamento", "verba")
PRICE_WORDS = ("售价", "单价", "报价", "价格", "price", "preço")


@dataclass(frozen=True)
class Tags:
    """The domains and other tags that a text mentions."""

    domains: list[str]
    tags: list[str]


def clauses(text: str) -> Iterator[str]:
    """The parts of a text between its stops; a comma between digits parts nothing."""
    for mark in _ENDS:
        text = text.replace(mark, "\n")
    for mark in (*_PAUSES, ". "):
        text = text.replace(mark, "\n")
    beside = zip(f" {text}", f"{text[1:]} ", strict=False)
    text = "".join(
        "\n" if sign == "," and not (before.isdigit() and after.isdigit()) else sign
        for sign, (before, after) in zip(text, beside, strict=False)
    )
    for piece in text.split("\n"):
        if stripped := piece.strip(" .,"):
            yield stripped


def title_and_body(text: str) -> tuple[str, str]:
    """The first line as the title where it is short and one clause, and what stands below it; else the first clause,
    cut, and the whole text."""
    first, _end, rest = text.strip().partition("\n")
    first = first.strip("。.！!；; \r")
    parts = list(clauses(first))
    if len(first) <= LONGEST_TITLE and rest.strip() and len(parts) == 1:
        return first, rest.strip()
    return (parts[0][:LONGEST_TITLE] if parts else ""), text.strip()


def tags_of(text: str, taxonomy: Taxonomy) -> Tags:
    """The tags that are named, with the domains that are named or that they stand under, those named first."""
    found = taxonomy.mentioned_in(text)
    named = [slug for slug in found if taxonomy.get(slug).kind is TagKind.DOMAIN]
    others = [slug for slug in found if slug not in named]
    above = [domain for slug in others if (domain := taxonomy.domain_of(slug)) is not None]
    return Tags(list(dict.fromkeys([*named, *above]))[:MOST_DOMAINS], others[:MOST_TAGS])


def region_of(text: str) -> str:
    """The code of the first region that is named; nothing where none is."""
    return next((region.code for region in find_regions(text)), "")


def sum_of(text: str, words: Iterable[str]) -> SumRange | None:
    """The sum in the first clause that has one of the words before it."""
    for rest in _after(text, words):
        found = parse_sum(rest)
        if isinstance(found, SumRange):
            return found
    return None


def deadline_of(text: str) -> datetime | None:
    """The end of the day in the first clause that speaks of a deadline, if it lies ahead."""
    for rest in _after(text, DEADLINE_WORDS):
        found = parse_date(rest)
        if isinstance(found, date) and end_of_local_day(found) > now():
            return end_of_local_day(found)
    return None


def _after(text: str, words: Iterable[str]) -> Iterator[str]:
    """What stands before and behind one of the words in its clause, or in the next one where nothing does."""
    pieces = list(clauses(text))
    for number, piece in enumerate(pieces):
        folded = fold(piece[:LONGEST_CLAUSE])
        word = next((word for word in words if word in folded), None)
        if word is None:
            continue
        before, _word, behind = folded.partition(word)
        following = pieces[number + 1][:LONGEST_CLAUSE] if number + 1 < len(pieces) else ""
        yield from filter(None, (_bare(behind), _bare(before), _bare(following)))


def _bare(text: str) -> str:
    """Without the words that only lead to a sum or a day."""
    for word in (
        "时间",
        "日期",
        "期限",
        "金额",
        "总额",
        "规模",
        "额度",
        "申请",
        "控制在",
        "为",
        "是",
        "于",
        "在",
        " is ",
        " of ",
    ):
        text = text.strip().removeprefix(word.strip()).removesuffix(word.strip())
    return text.strip()


@cache
def load_readers() -> None:
    """Load the tables of the readers of measures once, so that a process that has just started reads as much of a text
    in its time as any other."""
    suggested_requirements("续航时间不少于60分钟。", "")
    suggested_specifications("续航时间60分钟。")


def ends(found: SumRange | None) -> tuple[int | None, int | None, Currency]:
    """Both ends of a sum and its currency, as fields keep them."""
    return (found.low, found.high, found.currency) if found is not None else (None, None, Currency.CNY)
