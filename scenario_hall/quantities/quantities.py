"""Quantities in Chinese and English prose: what is measured, how it is compared, the value or range, the unit.

“续航时间不少于60分钟” is (续航时间, at_least, 60, 分钟); “payload of at least 5 kg” is (payload, at_least, 5, kg).
The rules are about language only: words of comparison, the order of name and number, units. Dates, budgets, head
counts, standards and durations of projects are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scenario_hall.core.values import MAX_METRIC, Comparison
from scenario_hall.language.folding import fold, fold_with_origins
from scenario_hall.language.numerals import read_number
from scenario_hall.language.separators import Point
from scenario_hall.language.text import is_cjk
from scenario_hall.quantities.better_direction import is_error, is_smaller_better
from scenario_hall.quantities.english_acts import act_before, bound_before, doer_before
from scenario_hall.quantities.masks import masked, squeezed
from scenario_hall.quantities.metric_names import (
    ACT_BEFORE,
    SAID_ALONE,
    SHORT_NAMES,
    TAKES_TIME,
    THING_BEFORE,
    USUAL_NAMES,
    Sentence,
    clause_start,
    done_name,
    metric_of,
    named_before,
)
from scenario_hall.quantities.metric_names_english import english_name
from scenario_hall.quantities.not_quantities import (
    DONE_WITHIN,
    HOLDS_AT,
    RATED,
    STORED_AT,
    is_compared,
    is_no_measure,
)
from scenario_hall.quantities.number_words import number_words_as_digits
from scenario_hall.quantities.pattern import (
    AFTER_BETTER,
    AFTER_LEAST,
    AT_LEAST,
    BETTER,
    WINDOW,
    known_metric,
    quantity_pattern,
)
from scenario_hall.quantities.portuguese import PortugueseReading, looks_portuguese, portuguese_readings
from scenario_hall.quantities.rewriting import rewritten
from scenario_hall.taxonomy.metrics import kind_of_unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """One reading. ``comparison`` is None where the text only states a value; ``unit`` is as the text writes it.
    ``is_limit``: the comparison comes from a word like 最大 or “up to”, which tells what a thing can do."""

    metric: str
    comparison: Comparison | None
    low: float
    high: float | None
    unit: str
    is_limit: bool = False


LONGEST_SENTENCE = 600  # characters
_NUMBERING = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）、.．](?!\d)|[①-⑳])\s*")
# “max. 12 %” goes on; “12 m. The …” does not.
_SENTENCE_END = re.compile(
    r"[。；;\n!?！？]|(?<=[a-z\d])(?<!\bmax)(?<!\bmin)(?<!\bmáx)(?<!\bmín)(?<!\btyp)(?<!\bapprox)\.(?=\s)",
    re.IGNORECASE,
)


def read_quantities(text: str) -> list[Quantity]:
    """Every technical quantity of ``text``, in order."""
    found: list[Quantity] = []
    was_portuguese = not is_cjk(text) and looks_portuguese(fold(text))
    for sentence in sentences(text):
        folded, origins = squeezed(*fold_with_origins(sentence))
        was_portuguese = not is_cjk(folded) and looks_portuguese(folded, was_portuguese=was_portuguese)
        if was_portuguese:
            read = (_from_portuguese(reading) for reading in portuguese_readings(folded, sentence, origins))
            # What is left of a name after its article and its bounds may be nothing; a number alone claims nothing.
            found += [reading for reading in read if reading.metric.strip()]
        else:
            found += _read_sentence(sentence, folded, origins)
    return found


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` without their numbering; what goes on for too long is cut, so that the time for
    a text without any full stop grows with its length and no faster."""
    return [
        _NUMBERING.sub("", sentence[begin : begin + LONGEST_SENTENCE]).strip()
        for sentence in _SENTENCE_END.split(text)
        if sentence.strip()
        for begin in range(0, len(sentence), LONGEST_SENTENCE)
    ]


def _read_sentence(written: str, folded: str, origins: tuple[int, ...]) -> list[Quantity]:
    folded, origins = rewritten(folded, origins)
    changed = number_words_as_digits(folded)
    if len(changed) != len(folded):
        # Numerals were rewritten: the spelling is taken from the folded text.
        written, origins = changed, tuple(range(len(changed) + 1))
    folded = changed
    text, origins = masked(folded, origins)
    sentence = Sentence(text, written, origins)
    found: list[Quantity] = []
    done = 0
    last_metric = ""
    for match in quantity_pattern().finditer(sentence.text):
        reading = _reading(sentence, match, done, last_metric)
        if reading is not None:
            if found and _TIMES.fullmatch(sentence.text, done, match.start()):
                # 1.5m×1.2m×1m: what bounds the first side bounds the others.
                reading = replace(reading[0], metric=found[-1].metric, comparison=found[-1].comparison), reading[1]
            elif found and reading[0].comparison is None and _shares_bound(sentence.text, done, match, found[-1]):
                reading = replace(reading[0], comparison=found[-1].comparison), reading[1]
            if (whole := _both_bounds(sentence.text[done : match.start()], found, reading[0])) is not None:
                found[-1] = whole
            else:
                found.append(reading[0])
            last_metric, done = found[-1].metric, reading[1]
        elif match["unit1"] and (condition := HOLDS_AT.match(sentence.text, match.end())) is not None:
            done = condition.end()
        elif kind_of_unit(match["unit1"] or "") == "temperature" and not STORED_AT.match(sentence.text, match.end()):
            done = match.end()
    return found


# “不小于1.5米且不大于3米”, “above 5 mg/L but must not exceed 12 mg/L”
_TIMES = re.compile(r"\s?[×x*]\s?")
_JOINED = re.compile(
    r"\s*[,，]?\s*(?:且|并且?|而|但|同时|也|又|and|but|yet)\s*(?:须|应|(?:it )?(?:must|shall|should|may))?\s*"
)


# “at least 50 Mbit/s down and 10 Mbit/s up”
_AND = re.compile(r"\s?(?:,|,? and|/)\s?")


def _shares_bound(text: str, done: int, match: re.Match[str], last: Quantity) -> bool:
    """Does the number of ``match`` stand beside the last one, in its unit and with a name behind it as that has?"""
    alike = last.unit.casefold() == (match["unit1"] or "").casefold()
    return alike and not is_cjk(text) and _AND.fullmatch(text, done, match.start()) is not None


def _both_bounds(between: str, found: list[Quantity], new: Quantity) -> Quantity | None:
    """The last reading with the bound that follows it in the same unit, where only a joining word stands between."""
    if not found or _JOINED.fullmatch(between) is None:
        return None
    last = found[-1]
    is_pair = last.comparison is Comparison.AT_LEAST and new.comparison is Comparison.AT_MOST
    if not is_pair or last.high is not None or last.unit != new.unit or new.low <= last.low:
        return None
    return replace(last, comparison=Comparison.BETWEEN, high=new.low, is_limit=False)


def _reading(sentence: Sentence, match: re.Match[str], done: int, last_metric: str) -> tuple[Quantity, int] | None:
    """The quantity and where its part of the sentence ends; None for numbers that are none."""
    text, prefix = sentence.text, (match["prefix"] or "").strip()
    if prefix.startswith("ip"):
        name = "防护等级" if is_cjk(text) else "ingress protection"
        return Quantity(name, _comparison(match, None, "", ""), float(match["low"]), None, "IP"), match.end()
    # Of “220 V ± 10 %” the unit is the volt.
    group = "unit" if match["unit"] else "unit2" if match["unit2"] and not match["unit1"] else "unit1"
    unit = prefix.upper() if prefix in ("hrc", "hb", "hv") else match[group] or ""
    start = max(clause_start(text, match.start()), done)
    if unit == "" and not _is_pure_number(text[start : match.start()], match):
        return None
    if unit and is_no_measure(text, match, unit, start):
        return None
    low, high = _values(match)
    if done and last_metric and _TIMES.fullmatch(text, done, match.start()):
        name, end = last_metric, match.end()
    else:
        name, end = _named(sentence, match, start, done, unit, last_metric)
    if sum(map(str.isalnum, name)) < 2 or not name[0].isalpha() or len(name) > MAX_METRIC:
        return None
    if match[group] == unit:
        unit = sentence.spelled_unit(*match.span(group))
    if unit.endswith("级风"):
        name, unit = "风力", "级"
    unit = _rated(text, match, start, unit)
    within = DONE_WITHIN.match(text, match.end(), match.end() + WINDOW)
    if within is not None and kind_of_unit(unit) == "time" and not is_compared(match):
        done_so = done_name(sentence, within, start, match.start())
        return Quantity(done_so, Comparison.AT_MOST, low, None, unit), within.end()
    comparison, is_limit = _compared(text, match, high, name, unit)
    return Quantity(name, comparison, low, high, unit, is_limit), end


def _values(match: re.Match[str]) -> tuple[float, float | None]:
    low = _value(match["low"] + (match["scale"] or ""))
    high = _value(match["high"]) if match["high"] else None
    if high is not None and high < low:
        # From −18 to −22 is said of cold; else the second number is another thing's.
        return (high, low) if low < 0 else (low, None)
    return low, high


def _compared(
    text: str, match: re.Match[str], high: float | None, name: str, unit: str
) -> tuple[Comparison | None, bool]:
    """The comparison as all of the sentence says it, and whether a word like 最大 says it."""
    comparison = _comparison(match, high, name, unit)
    if match["before"] and _MORE_OR_LESS.match(match["before"]) and _DENIED.search(text, 0, match.start()):
        comparison = {Comparison.AT_LEAST: Comparison.AT_MOST, Comparison.AT_MOST: Comparison.AT_LEAST}.get(
            comparison or Comparison.EQUAL_TO, comparison
        )
    if comparison is None and _WITHIN.match(text, match.end()):
        comparison = Comparison.AT_MOST
    if comparison is None and not is_cjk(text):
        comparison = bound_before(text, match.start())
    if comparison is None and (limit := _LIMIT.search(name)) is not None:
        return (Comparison.AT_LEAST if limit["least"] or limit["lowest"] else Comparison.AT_MOST), True
    return comparison, match["before"] is not None and _CAN_DO.fullmatch(match["before"]) is not None


def _from_portuguese(reading: PortugueseReading) -> Quantity:
    comparison = reading.comparison
    if comparison is None and reading.high is not None:
        comparison = Comparison.BETWEEN
    return Quantity(reading.metric, comparison, reading.low, reading.high, reading.unit, reading.is_limit)


def _value(written: str) -> float:
    """A number of a quantity; a point stands before decimals."""
    return float(read_number(written.replace("·", "×"), Point.POINT))


# What a number without a unit may be the value of: a ratio, an index, a count.
_PURE = re.compile(
    r"(?:比|系数|指数|因[数子]|数|概?率|值|(?<![a-z])(?:ph(?:范围|值)?|vswr|s?cop|s?eer|apf|[pcw]ue|gwp|ber|iou|auc|ssim|f1|sri)"
    r"|\b(?:ratio|index|factor|effectiveness|coefficient|number|rate|probability))\s*(?:(?:应|须|需|要|必须)?(?:保持|维持|稳定|控制)?[在于]?|为|:|：|="
    r"|is|of|(?:has to|have to|must|shall|should|may|will|can) (?:not )?"
    r"(?:be|fall|stay|drop|rise|remain|be kept|exceed|lie))?\s*$"
)
# “准确度±0.1”: as the thing measured, in no unit of its own.
_STRAYS = re.compile(r"(?:精度|准确度|误差|偏差|accuracy|error)\s*(?:为|:|=|of|is)?\s*$")
# “最大作业高度60米”, “top speed 5 m/s”: the name says that it is the most.
_LIMIT = re.compile(
    r"^[^的]{0,6}(?:(?P<least>最[小低短少])|最[大高长多快远重])|上限$|^(?:(?P<lowest>min(?:imum)?\b)|max(?:imum)?\b|top\b)",
    re.IGNORECASE,
)
_CAN_DO = re.compile(r"up to|max(?:imum(?: of)?|\.?)|至多|最多|上限|最[高大远长快](?:可?达到?)?", re.IGNORECASE)
# “should not have to wait more than 90 seconds”: the denial stands further away.
_MORE_OR_LESS = re.compile(r"(?:more|less|longer|shorter|fewer|higher|lower|over|above|below|under)\b")
_DENIED = re.compile(r"(?:\b(?:not|never|cannot|nobody|no one)\b|n't\b)(?: (?!only\b)[a-z]{1,12}){0,5} $")
# “反应时间应在1.5秒内”
_WITHIN = re.compile(r"\s*[内內](?=$|[,，、)）])")


def _is_pure_number(before: str, match: re.Match[str]) -> bool:
    """Is a number without unit somebody's measure: with a sign of comparison, or said of a ratio or a count?"""
    if match["scale"]:
        return False
    if match["before"] and re.match(r"[≥≤<>≧≦＞＜]", match["before"]):
        return True
    if match["plusminus"]:
        return _STRAYS.search(before) is not None
    is_stated = bool(match["before"] or match["high"] or re.match(r"\s*(?:以上|以下|以内)", match["after"] or ""))
    return is_stated and _PURE.search(before) is not None


def _named(
    sentence: Sentence, match: re.Match[str], start: int, done: int, unit: str, last_metric: str
) -> tuple[str, int]:
    """What is measured, and where the quantity's part ends: as the words around the number say it, else what such a
    value is usually of, else what was named before."""
    text = sentence.text
    if not is_cjk(text) and not is_cjk(sentence.original):
        return _named_in_english(sentence, match, done, unit, last_metric)
    name, end = metric_of(sentence, match, start)
    if name in TAKES_TIME and (act := ACT_BEFORE.search(text, start, match.start())) is not None:
        name = sentence.spelled(*act.span("act"))
    # “超过60%的生物塑料用于包装” is a share of something, not something's measure.
    is_behind = is_cjk(name) and end > match.end()
    if kind_of_unit(unit) == "share" and is_behind and not known_metric().search(text, match.end(), end):
        return "", end
    if not name and match["high"] and kind_of_unit(unit) == "temperature":
        name = "温度"
    if not name and not last_metric:
        name = USUAL_NAMES.get(kind_of_unit(unit) or "", "")
    name = SHORT_NAMES.get(name, _BY_WHICH_TIME.sub("", _BY_WHICH.sub("", name)))
    if not name and (said := SAID_ALONE.search(text, start, match.start("low"))) is not None:
        name = said.group(1)
    if not name and not last_metric and (thing := THING_BEFORE.search(text, 0, match.start())) is not None:
        name = sentence.spelled(*thing.span("thing"))
    if not name and not last_metric:
        name = named_before(sentence.spelled(max(0, match.start() - WINDOW), match.start()))
    # “1d内达到53MPa”: the moment at which the metric named before has this value.
    return re.sub(r"^[\d.]+\s*[a-z天年月时分秒小钟]{0,3}[内后时]?", "", name) or last_metric, end


def _named_in_english(
    sentence: Sentence, match: re.Match[str], done: int, unit: str, last_metric: str
) -> tuple[str, int]:
    text, begin = sentence.text, max(done, match.start() - WINDOW)
    kind = kind_of_unit(unit)
    act = act_before(text[begin : match.start()], match["before"] or "") if kind == "time" else ()
    act = act or doer_before(text[begin : match.start()])
    if act:
        return " ".join(sentence.spelled(begin + each[0], begin + each[1]) for each in act), match.end()
    is_stated = match.group().lstrip()[:1] in (":", "=")
    before, behind = english_name(
        text[begin : match.start()], text[match.end() : match.end() + WINDOW], is_stated=is_stated
    )
    if before is not None:
        return sentence.spelled(begin + before[0], begin + before[1]), match.end()
    if behind is not None:
        end = match.end() + behind[1]
        return sentence.spelled(match.end() + behind[0], end), end
    return last_metric or USUAL_NAMES.get(kind_of_unit(unit) or "", ""), match.end()


# 每巷道每小时出入库: the unit says by which time.
_BY_WHICH_TIME = re.compile(r"^.*(?:每个?(?:小时|分钟|秒|天|日|周|月|年|亩|公顷|平方米)|[日周月年]均)(?=.{2})")
# “漂移率每百米”: behind the name, too.
_BY_WHICH = re.compile(r"(?<=.{2})每个?(?:小时|分钟|秒|天|日|周|月|年|亩|公顷|平方米|吨|百米|公里|像素)$")
# A share lost in a time: drift, ageing.
_WEARS = re.compile(r"(?:漂移|衰减|衰退|老化|退化)[率量]?每(?P<by>年|月|天)[^\d,，]{0,6}$")
# “50 m³ of fresh water per day”, “12 kg per square metre”
_OF_WHAT_PER = re.compile(
    r"\s?(?:of (?:[a-z][a-z\-]* ){1,3}?)per (?P<per>second|minute|hour|day"
    r"|week|month|year|shift|hectare|tonne|kilometre|litre)(?![a-z])"
    r"|\s?per (?P<by>(?:square|cubic) (?:met(?:re|er)|kilomet(?:re|er)|foot))(?![a-z])"
)
_NEVERRATED = frozenset("time share temperature speed power pressure frequency data-rate money".split())


def _rated(text: str, match: re.Match[str], start: int, unit: str) -> str:
    """The unit with the time that it is counted by, where the words say one."""
    if match["per"]:
        return f"{unit}/{match['per'][1:]}"
    if unit and "/" not in unit and (what := _OF_WHAT_PER.match(text, match.end())) is not None:
        return f"{unit} per {what['per'] or what['by']}"
    kind = kind_of_unit(unit)
    if kind == "share" and (yearly := _WEARS.search(text, start, match.start())) is not None:
        return f"{unit}/{yearly['by']}"
    if "/" in unit or kind in _NEVERRATED:
        return unit
    rated = RATED.search(text, start, match.start())
    if rated is None:
        return unit
    by = rated["by"] or rated["mean"] or ("日" if kind == "count" else "")
    return f"{unit}/{by}" if by else unit


_REACHES = frozenset(("达", "达到", "提高到", "提高至", "提升到", "提升至"))


def _comparison(match: re.Match[str], high: float | None, name: str, unit: str) -> Comparison | None:
    if high is not None:
        return Comparison.BETWEEN
    if match["plusminus"]:
        return Comparison.AT_MOST
    if (match["before"] or "") in _REACHES and is_error(name, unit):
        return Comparison.AT_MOST
    if re.fullmatch(AFTER_BETTER, match["after"] or "") or re.fullmatch(BETTER, match["before"] or ""):
        return Comparison.AT_MOST if is_smaller_better(name, unit) else Comparison.AT_LEAST
    if match["after"]:
        return Comparison.AT_LEAST if re.fullmatch(AFTER_LEAST, match["after"]) else Comparison.AT_MOST
    if match["before"]:
        return Comparison.AT_LEAST if re.fullmatch(AT_LEAST, match["before"]) else Comparison.AT_MOST
    return None
