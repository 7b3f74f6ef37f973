"""Quantities in Chinese and English prose: what is measured, how it is compared, the value or range, the unit.

“续航时间不少于60分钟” is (续航时间, at_least, 60, 分钟); “payload of at least 5 kg” is (payload, at_least, 5, kg).
The rules are about language only: words of comparison, the order of name and number, units. Dates, budgets, head
counts, standards and durations of projects are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scenario_hall.core.values import Comparison
from scenario_hall.matching.directions import is_smaller_better
from scenario_hall.matching.measured import (
    SAID_ALONE,
    SHORT_NAMES,
    USUAL_NAMES,
    Sentence,
    clause_start,
    metric_of,
    named_before,
)
from scenario_hall.matching.measured_english import english_name
from scenario_hall.matching.numerals import with_digits
from scenario_hall.matching.quantity_words import (
    AFTER_BETTER,
    AFTER_LEAST,
    AT_LEAST,
    BETTER,
    COUNTING,
    NUMBER,
    known_metric,
    quantity_pattern,
)
from scenario_hall.search.text import fold_with_origins, is_cjk
from scenario_hall.taxonomy.metrics import find_metric, kind_of_unit


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


# Where a clause is about money, people, time plans or papers, its numbers say nothing of a product.
_NOT_TECHNICAL = re.compile(
    r"预算|经费|投入|投资|产值|销售|营业|营收|注册|资本|资产|占地|建筑面积|基地|利润|税|补贴|奖|员工|职工|人员|团队|博士|硕士|本科|学历|教授|专家|同比|环比"
    r"|专利|论文|著作|成立|创建|始建|创办|年产|合同|项目周期|建设期|工期|实施期|执行期|交付期|市场|国标|标准号|gb/?t|iso|iec"
)
# What a works makes: of a product only where a bound says how much is wanted.
_OUTPUT = re.compile(r"产能|产量|年产")
_DATE = re.compile(
    r"(?:19|20)\d{2}\s*[年./-](?:\s*\d{1,2}\s*(?:[月./-](?:\s*\d{1,2}\s*日?)?)?)?|\d{1,2}\s*月\s*\d{1,2}\s*日?"
)
_STANDARD = re.compile(r"(?:gb|iso|iec|jb|hg|yy|do|en|astm)[/a-z]*[\s-]*\d[\d.\-:]*", re.IGNORECASE)
_NUMBERING = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）、.．](?!\d)|[①-⑳])\s*")
# After these a bare count says what a product can do: 识别600种中药.
_CAN = re.compile(r"(?:识别|区分|支持|兼容|覆盖|检测|监测|接入|调配|调度|携带|搭载|容纳|照看|分类)$")


def read_quantities(text: str) -> list[Quantity]:
    """Every technical quantity of ``text``, in order."""
    found: list[Quantity] = []
    for sentence in re.split(r"[。；;\n!?！？]|(?<=[a-z\d])\.(?=\s)", text):
        found += _read_sentence(_NUMBERING.sub("", sentence))
    return found


def _read_sentence(written: str) -> list[Quantity]:
    folded, origins = fold_with_origins(written)
    folded = with_digits(folded)
    if len(folded) != len(origins) - 1:
        # Numerals were rewritten: the spelling is taken from the folded text.
        written, origins = folded, tuple(range(len(folded) + 1))
    masked = _STANDARD.sub(_blank, _DATE.sub(_blank, folded))
    masked = re.sub(r"(?<![\d.])[2-6]g(?![a-z/])(?!\s*(?:以上|以内|以下))", _blank, masked)  # 5G, not five grams
    masked = _BRACKET.sub(_blank, _ALWAYS.sub(_blank, _NAMES.sub(_blank, masked)))
    masked = _AND_BETWEEN.sub(_to, masked)
    sentence = Sentence(_ENCLOSED.sub(_one_sided, masked), written, origins)
    found: list[Quantity] = []
    done = 0
    last_metric = ""
    for match in quantity_pattern().finditer(sentence.text):
        reading = _reading(sentence, match, done, last_metric)
        if reading is not None:
            found.append(reading[0])
            last_metric, done = reading[0].metric, reading[1]
    return found


def _reading(sentence: Sentence, match: re.Match[str], done: int, last_metric: str) -> tuple[Quantity, int] | None:
    """The quantity and where its part of the sentence ends; None for numbers that are none."""
    text, prefix = sentence.text, (match["prefix"] or "").strip()
    if prefix.startswith("ip"):
        return Quantity("防护等级", _comparison(match, None, "", ""), float(match["low"]), None, "IP"), match.end()
    group = "unit" if match["unit"] else "unit1"
    unit = prefix.upper() if prefix in ("hrc", "hb", "hv") else match[group] or ""
    start = max(clause_start(text, match.start()), done)
    if unit == "" and not _is_pure_number(text[start : match.start()], match):
        return None
    if unit and _is_none(text, match, unit, start):
        return None
    low, high = _value(match["low"], match["scale"]), _value(match["high"], None) if match["high"] else None
    if high is not None and high < low:
        high = None
    name, end = _named(sentence, match, start, done, unit, last_metric)
    if sum(map(str.isalnum, name)) < 2 or not name[0].isalpha():
        return None
    if match[group] == unit:
        unit = sentence.spelled(*match.span(group))
    if unit.endswith("级风"):
        name, unit = "风力", "级"
    unit = _rated(text, match, start, unit)
    within = _DONE_WITHIN.match(text, match.end())
    if within is not None and kind_of_unit(unit) == "time" and not _is_compared(match):
        return Quantity(within["what"], Comparison.AT_MOST, low, None, unit), within.end()
    comparison = _comparison(match, high, name, unit)
    is_limit = match["before"] is not None and _CAN_DO.fullmatch(match["before"]) is not None
    if comparison is None and (limit := _LIMIT.match(name)) is not None:
        comparison, is_limit = (Comparison.AT_LEAST if limit["least"] else Comparison.AT_MOST), True
    return Quantity(name, comparison, low, high, unit, is_limit), end


# What a number without a unit may be the value of: a ratio, an index, a count.
_PURE = re.compile(
    r"(?:比|系数|指数|数|率|值|ph|vswr|ratio|index|factor)\s*(?:应|须|在|为|:|：|=|is|of|must be|shall be)?\s*$"
)
# “最大作业高度60米”, “top speed 5 m/s”: the name says that it is the most.
_LIMIT = re.compile(
    r"(?P<least>最[小低短少]|min(?:imum)?\b)|最[大高长多快远重]|[^,，]{0,6}上限$|峰值|max(?:imum)?\b|top\b|peak\b"
)
_CAN_DO = re.compile(r"up to|max(?:imum(?: of)?|\.?)|至多|最多|上限", re.IGNORECASE)


def _is_pure_number(before: str, match: re.Match[str]) -> bool:
    """Is a number without unit somebody's measure: with a sign of comparison, or said of a ratio or a count?"""
    if match["scale"]:
        return False
    if match["before"] and re.match(r"[≥≤<>≧≦＞＜]", match["before"]):
        return True
    is_told = bool(match["before"] or match["high"] or re.match(r"\s*(?:以上|以下|以内)", match["after"] or ""))
    return is_told and _PURE.search(before) is not None


def _named(
    sentence: Sentence, match: re.Match[str], start: int, done: int, unit: str, last_metric: str
) -> tuple[str, int]:
    """What is measured, and where the quantity's part ends: as the words around the number say it, else what such a
    value is usually of, else what was named before."""
    text = sentence.text
    if not is_cjk(text):
        return _named_in_english(sentence, match, done, unit, last_metric)
    name, end = metric_of(sentence, match, start)
    # “超过60%的生物塑料用于包装” is a share of something, not something's measure.
    is_behind = is_cjk(name) and end > match.end()
    if kind_of_unit(unit) == "share" and is_behind and not known_metric().search(text, match.end(), end):
        return "", end
    if not name and not last_metric:
        name = USUAL_NAMES.get(kind_of_unit(unit) or "", "")
    name = SHORT_NAMES.get(name, _BY_WHICH_TIME.sub("", name))
    if not name and (said := SAID_ALONE.search(text, start, match.start("low"))) is not None:
        name = said.group(1)
    if not name and not last_metric:
        name = named_before(sentence.spelled(0, match.start()))
    # “1d内达到53MPa”: the moment at which the metric named before has this value.
    return re.sub(r"^[\d.]+\s*[a-z天年月时分秒小钟]{0,3}[内后时]?", "", name) or last_metric, end


def _named_in_english(
    sentence: Sentence, match: re.Match[str], done: int, unit: str, last_metric: str
) -> tuple[str, int]:
    begin = max(done, 0)
    before, behind = english_name(sentence.text[begin : match.start()], sentence.text[match.end() :])
    if before is not None:
        return sentence.spelled(begin + before[0], begin + before[1]), match.end()
    if behind is not None:
        end = match.end() + behind[1]
        return sentence.spelled(match.end() + behind[0], end), end
    return last_metric or USUAL_NAMES.get(kind_of_unit(unit) or "", ""), match.end()


# “每小时出货350件”, “日均误报约8次”: by which time a count or a length is meant.
_RATED = re.compile(
    r"(?:每个?(?P<by>小时|分钟|秒|天|日|周|月|年|亩|公顷|平方米)|(?P<mean>[日周月年])[均测]|单日|per day|daily)"
    r"[^\d,，]{0,6}$"
)


# 每巷道每小时出入库: the unit says by which time.
_BY_WHICH_TIME = re.compile(r"^.*(?:每个?(?:小时|分钟|秒|天|日|周|月|年)|[日周月年]均)(?=.{2})")
_NEVER_RATED = frozenset("time share temperature speed power pressure frequency data-rate money".split())


def _rated(text: str, match: re.Match[str], start: int, unit: str) -> str:
    """The unit with the time that it is counted by, where the words say one."""
    if match["per"]:
        return f"{unit}/{match['per'][1:]}"
    kind = kind_of_unit(unit)
    if "/" in unit or kind in _NEVER_RATED:
        return unit
    rated = _RATED.search(text, start, match.start())
    if rated is None:
        return unit
    by = rated["by"] or rated["mean"] or ("日" if kind == "count" else "")
    return f"{unit}/{by}" if by else unit


def _is_compared(match: re.Match[str]) -> bool:
    return bool(match["before"] or match["after"] or match["plusminus"])


def _is_none(text: str, match: re.Match[str], unit: str, start: int) -> bool:
    """Is this number no quantity: without unit and sign, a share of something, a mere count, a condition …?"""
    before, behind, compared = text[start : match.start()], text[match.end() :], _is_compared(match)
    is_done_within = kind_of_unit(unit) == "time" and _DONE_WITHIN.match(behind) is not None
    is_range = match["high"] is not None
    if not (is_range or is_done_within) and (not compared or before.endswith("在")) and _CONDITION_BEHIND.match(behind):
        return True
    if kind_of_unit(unit) == "temperature" and _REACHED.fullmatch(match["before"] or "") and is_cjk(behind[:1]):
        return True
    if kind_of_unit(unit) == "share" and re.match(r"\s*(?:都|是|属|用于|集中|来自|依赖)", behind):
        return True
    if unit in COUNTING and not (
        compared or match["per"] or _RATED.search(before) or _CAN.search(before) or find_metric(before) is not None
    ):
        return True
    if _is_other(text, match, unit, start):
        return True
    return not compared and not is_done_within and _is_condition(before, behind, unit)


def _value(number: str, scale: str | None) -> float:
    return float(number.replace(",", "").replace("−", "-")) * {"万": 1e4, "亿": 1e8}.get(scale or "", 1.0)


def _is_other(text: str, match: re.Match[str], unit: str, start: int) -> bool:
    """Money that is no price, plans, grades (500MPa级), and what a clause says of the company."""
    around = text[start : match.end()] + re.split(r"[,，、]", text[match.end() : match.end() + 4])[0]
    if kind_of_unit(unit) == "money" and not re.search(
        r"[单售装租]价|价格|成本|租金|造价|[单每][台套次架户]|price|cost", around
    ):
        return True
    if (unit != "级" and text[match.end() : match.end() + 1] == "级") or unit in ("万", "亿"):
        return True
    if _OUTPUT.search(around) and not _is_compared(match):
        return True
    return bool(_NOT_TECHNICAL.search(around)) or _is_plan(text, match, unit)


# “10秒内通知救生员”: what is done within the time, with no other number beside it.
_DONE_WITHIN = re.compile(r"\s*[内內之]{1,2}(?P<what>[一-鿿]{2,6})(?![^,，。;；]*\d)")


_CONDITION_BEHIND = re.compile(
    r"\s*(?:[内内](?!径|存|阻|部)|后(?!端)|时(?!间|延|效|长)|下(?!降)|处(?!理)|条件|存储|储存|满电|环境|的(?=.{2,8}\d))"
)
_REACHED = re.compile(r"[降升][低高温]?[到至]|加热[到至]|冷却[到至]")
# “500千伏线路”: a class of lines.
_LINES = re.compile(r"\s*(?:交流|直流|高压|超高压|特高压)?(?:线|输电|电网|变电|配电|架空|电缆|主变|间隔|站|等级)")


def _is_condition(before: str, behind: str, unit: str) -> bool:
    """A bare value that another quantity is measured at (“25℃ 1C循环”, “1h内”), or a share of something."""
    leads = not before.strip(" :：") or before.rstrip().endswith((":", "："))
    follows = re.match(r"\s*[一-鿿\d]", behind)
    known = known_metric().match(behind.lstrip(" 的"))
    if kind_of_unit(unit) == "voltage" and _LINES.match(behind):
        return True
    if kind_of_unit(unit) in ("share", "temperature") and follows and not known:
        return leads or kind_of_unit(unit) == "share"
    return False


def _comparison(match: re.Match[str], high: float | None, name: str, unit: str) -> Comparison | None:
    if high is not None:
        return Comparison.BETWEEN
    if match["plusminus"]:
        return Comparison.AT_MOST
    if re.fullmatch(AFTER_BETTER, match["after"] or "") or re.fullmatch(BETTER, match["before"] or ""):
        return Comparison.AT_MOST if is_smaller_better(name, unit) else Comparison.AT_LEAST
    if match["after"]:
        return Comparison.AT_LEAST if re.fullmatch(AFTER_LEAST, match["after"]) else Comparison.AT_MOST
    if match["before"]:
        return Comparison.AT_LEAST if re.fullmatch(AT_LEAST, match["before"]) else Comparison.AT_MOST
    return None


def _is_plan(text: str, match: re.Match[str], unit: str) -> bool:
    """“合同生效后6个月以内”, “3年内完成”: when something is to be done, not what it does."""
    if unit in ("工作日", "个工作日"):
        return True
    if unit not in ("个月", "月", "年", "周", "years", "year", "months", "month", "weeks", "week"):
        return False
    around = text[max(0, match.start() - 8) : match.end() + 8]
    return re.search(r"寿命|在轨|质保|保修|免维护|有效期|使用期|warrant|life", around) is None


# V2X and CWL650-M are names; 百公里 is what consumption is measured by, 24小时 means always.
_NAMES = re.compile(
    r"(?<![a-z])(?!ip\d|hrc|hb|hv)[a-z]{1,8}\d+(?:[a-z]|-[a-z](?![a-z]))[a-z0-9-]*|百公里|(?<![\d.])24\s*小时(?!以上|以内|内)"
)
# “180≤HB＜240”: the measure stands between its bounds.
_ENCLOSED = re.compile(rf"({NUMBER})\s*[≤<＜]\s*([a-z]{{1,4}})\s*[≤<＜]\s*({NUMBER})")


# “(20%到80%)” between a name and its number.
_BRACKET = re.compile(
    r"(?<=[一-鿿])\([^()]{1,20}\)(?=\s*(?:应|须|需)?(?:仅|为|≥|≤|不|约|:|达|[大小高低]于)?[^\s一-鿿]{0,2}\d)"
)
# All week and all day is no measure.
_ALWAYS = re.compile(r"每周\s*\d\s*天|7\s*[x×*]\s*24\s*(?:小时|h)?")
_AND_BETWEEN = re.compile(
    rf"(?:(?<=between )[+−-]?{NUMBER}[^\d,;]{{0,12}}? and (?=[+−-]?\d)"
    rf"|{NUMBER}[^\d,，;；一-鿿]{{0,6}}[和与](?=[+−-]?[\d.]+[^,，;；。]{{0,4}}之间))"
)


def _to(match: re.Match[str]) -> str:
    text = match.group()
    return text[:-5] + "  ~  " if text.endswith(" and ") else text[:-1] + "~"


def _one_sided(match: re.Match[str]) -> str:
    low, unit, high = match.groups()
    return f"{low}-{high}{unit}".ljust(len(match.group()))  # the unit's spelling is the folded one


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
