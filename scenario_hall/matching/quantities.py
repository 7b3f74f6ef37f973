"""Quantities in Chinese and English prose: what is measured, how it is compared, the value or range, the unit.

“续航时间不少于60分钟” is (续航时间, at_least, 60, 分钟); “payload of at least 5 kg” is (payload, at_least, 5, kg).
The rules are about language only: words of comparison, the order of name and number, units. Dates, budgets, head
counts, standards and durations of projects are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scenario_hall.core.values import Comparison
from scenario_hall.search.text import fold_with_origins, is_cjk
from scenario_hall.taxonomy.metrics import find_metric, kind_of_unit, metric_names, unit_names


@dataclass(frozen=True, slots=True)
class Quantity:
    """One reading. ``comparison`` is None where the text only states a value; ``unit`` is as the text writes it."""

    metric: str
    comparison: Comparison | None
    low: float
    high: float | None
    unit: str


_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_AT_LEAST = (
    r"不少于|不低于|不小于|不短于|不得低于|不得少于|大于等于|大于或等于|高于等于|至少|最少|超过|高于|大于|多于|优于等于"
    r"|提高到|达到|达|≥|≧|>=|>|＞|at least|no less than|not less than|more than"
    r"|over(?=\s[\d.]+\s?%)|greater than|minimum(?: of)?|min\.?"
)
_AT_MOST = (
    r"不超过|不大于|不高于|不多于|不长于|不得超过|不得高于|小于等于|小于或等于|至多|最多|最大不超过|低于|小于|少于|短于|优于|好于"
    r"|降低到|降到|降至|控制在|≤|≦|<=|<|＜|at most|no more than|not more than|less than"
    r"|within|under|up to|better than|below|maximum(?: of)?"
)
_AFTER_LEAST = r"及以上|或以上|以上|起步|or more|and above|or above|or higher|or better|plus|\+"
_AFTER_MOST = r"及以下|或以下|以内|以下|之内|左右以内|or less|or below"
_BETWEEN = r"~|～|〜|-{1,3}|—{1,2}|–|−|至|到|to"
# Said of a number without changing what it is.
_FILLER = r"(?:为|是|在|约|仅|可|应|须|需|要|的|大约|有|得|:|：|=)"
# Where a clause is about money, people, time plans or papers, its numbers say nothing of a product.
_NOT_TECHNICAL = re.compile(
    r"预算|经费|投入|投资|产值|销售|营业|营收|注册|资本|资产|占地|利润|税|补贴|奖|员工|职工|人员|团队|博士|硕士|本科|学历|教授|专家"
    r"|产能|产量|专利|论文|著作|成立|创建|始建|创办|年产|合同|项目周期|建设期|工期|实施期|执行期|交付期|市场|国标|标准号|gb/?t|iso|iec"
)
_DATE = re.compile(
    r"(?:19|20)\d{2}\s*[年./-](?:\s*\d{1,2}\s*(?:[月./-](?:\s*\d{1,2}\s*日?)?)?)?|\d{1,2}\s*月\s*\d{1,2}\s*日?"
)
_STANDARD = re.compile(r"(?:gb|iso|iec|jb|hg|yy|do|en|astm)[/a-z]*[\s-]*\d[\d.\-:]*", re.IGNORECASE)
_NUMBERING = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）、.．](?!\d)|[①-⑳])\s*")
# Units of mere counting: read only where a comparison says that the count is wanted.
_COUNTING = frozenset("个 台 套 人 人次 辆 架 件 颗 项 种 点 路 次 家 名 条 只 米栋 栋 times channels".split())
_RATES = re.compile(r"(?:/|每|per )\s?(?:日|天|小时|分钟|秒|年|月|day|hour|h|min|s)(?![a-z])", re.IGNORECASE)
# Words that stand around a metric and are no part of it.
_LEAD = re.compile(
    r"^(?:希望|要求|需要|需|拟|其中|其|且|并且|并|同时|以及|及|和|与|或|可|能够|能|应|须|实现|保证|确保|满足|具备|具有|支持|采用|使用|通过|对"
    r"|使得|使|将|把|从|按|对|当|在|是|为|达到|目前|现有|现在|现状|目标|最终|整体|总体|即|如|该|本|的|有|至少|单台|平均|全程|the|an?|with|and|of|in|for|over|at|by|is|are|must|should|be|has|have|its|carrying|gives?|needs?)(?=\s|[^a-z])"
)
_TAIL = re.compile(
    r"(?:应当|应该|应|须|需要|需|要|能够|(?<![性产功节])能|可以|可|为|是|在|约|大约|仅|达到|达|到|至|控制|提高|提升|降低|下降|减少|增加|缩短|延长|提高了|降低了|保持"
    r"|稳定|必须|不得|均|都|也|则|还|就|有|的|地|得|了|:|：|=|每|平均|最大|最高|最低|最小|最长|最短|能力达|对"
    r"|of|is|are|must be|should be|be|at|for|a|an|the|in|over|to|,|-|with|and|from)$"
)
_BREAK = re.compile(
    r"[,，、()（）\[\]【】:：\"“”'/]|(?:并且|以及|同时|其中|使得|能够|实现|保证|确保|具备|具有|支持|采用|通过|希望|要求|需要|可在|可从|用于)"
)


# What may not follow a unit's last character, since the two would be another word: 节点, 分辨, 级别, 次级.
_BEHIND = {"节": "(?!点|能|约|省|拍)", "分": "(?!辨|析|别|布|类|级)", "级": "(?!别|联|配|以上学)",
           "次": "(?!级|数)", "度": "(?!数)", "点": "(?!位)",
           "人": "(?!工|员|机)", "个": "(?!性|人)", "里": "(?!程)",
           "元": "(?!件|素)", "天": "(?!线|然)", "种": "(?!植|子)"}  # fmt: skip


@cache
def _units() -> str:
    skipped = {"x", "c", "a", "d", "点", "里", "方", "兆", "月", "日"}
    extra = ["hrc", "hb", "hv", "n·m", "nm/s", "kn", "n", "mah", "ah", "mpa·s", "周", "rpm", "r/min", "转/分", "dpi",
             "kva", "kpa",
             "m³/d", "t/d", "t/day", "t/h", "吨/小时", "吨/天", "吨/日", "件/小时",
             "次/小时", "张/小时", "j", "kj", "ml/min", "目", "位"]  # fmt: skip
    names = sorted({*unit_names(), *extra} - skipped, key=lambda unit: (-len(unit), unit))
    return "|".join(
        re.escape(name) + _BEHIND.get(name[-1], r"(?![a-z])" if name[-1].isascii() and name[-1].isalpha() else "")
        for name in names
    )


@cache
def _quantity() -> re.Pattern[str]:
    unit = rf"(?:{_units()})(?:{_RATES.pattern}|/(?:[a-z]{{1,4}}[\d²³]?(?![a-z])|[一-鿿]{{1,2}}))?"
    return re.compile(
        rf"(?:(?P<before>{_AT_LEAST}|{_AT_MOST})\s*{_FILLER}?\s*|{_FILLER}\s*)?"
        rf"(?P<per>每(?:分钟|小时|天|日|秒))?(?P<plusminus>±|\+/-)?\s*(?P<prefix>hrc|hb|hv|ip\s?x?|φ|ф|ø)?\s*(?<![\d.])"
        rf"(?P<low>(?:(?<![0-9a-z%℃)])|(?<=[为在于于至到~≥≤<>]))[-−]?{_NUMBER}|{_NUMBER})\s*"
        rf"(?P<scale>[万亿](?!元))?(?:-(?=[a-z]))?(?P<unit1>{unit})?\s*(?:(?:{_BETWEEN})\s*(?P<high>[-−]?{_NUMBER})\s*(?P<unit>{unit})?)?"
        rf"\s*(?P<after>{_AFTER_LEAST}|{_AFTER_MOST})?",
        re.IGNORECASE,
    )


@cache
def _known() -> re.Pattern[str]:
    latin = [rf"(?<![a-z]){re.escape(name)}(?![a-z])" for name in metric_names() if name.isascii() and len(name) > 2]
    chinese = [re.escape(name) for name in metric_names() if not name.isascii()]
    return re.compile("|".join([*chinese, *latin]))


def read_quantities(text: str) -> list[Quantity]:
    """Every technical quantity of ``text``, in order."""
    found: list[Quantity] = []
    for sentence in re.split(r"[。；;\n!?！？]|(?<=[a-z\d])\.(?=\s)", text):
        found += _read_sentence(_NUMBERING.sub("", sentence))
    return found


def _read_sentence(sentence: str) -> list[Quantity]:
    folded, origins = fold_with_origins(sentence)
    folded = _with_digits(folded)
    if len(folded) != len(origins) - 1:
        # Numerals were rewritten: the spelling is taken from the folded text.
        sentence, origins = folded, tuple(range(len(folded) + 1))
    masked = _STANDARD.sub(_blank, _DATE.sub(_blank, folded))
    masked = re.sub(r"(?<![\d.])[2-6]g(?![a-z/])(?!\s*(?:以上|以内|以下))", _blank, masked)  # 5G, not five grams
    masked = _NAMES.sub(_blank, masked)
    masked = _ENCLOSED.sub(_one_sided, masked)
    found: list[Quantity] = []
    done = 0
    last_metric = ""
    for match in _quantity().finditer(masked):
        reading = _reading(masked, match, done, last_metric, sentence, origins)
        if reading is not None:
            found.append(reading[0])
            last_metric, done = reading[0].metric, reading[1]
    return found


def _reading(
    text: str, match: re.Match[str], done: int, last_metric: str, original: str, origins: tuple[int, ...]
) -> tuple[Quantity, int] | None:
    """The quantity and where its part of the sentence ends; None for numbers that are none."""
    prefix = (match["prefix"] or "").strip()
    if prefix.startswith("ip"):
        return Quantity("防护等级", _comparison(match, None), float(match["low"]), None, "IP"), match.end()
    group = "unit" if match["unit"] else "unit1" if match["unit1"] else ""
    unit = match[group] if group else ""
    if prefix in ("hrc", "hb", "hv"):
        unit, group = prefix.upper(), ""
    start = max(_last_break(text, match.start()), done)
    if _is_none(text, match, unit, start):
        return None
    compared, behind = _is_compared(match), text[match.end() :]
    low, high = _value(match["low"], match["scale"]), _value(match["high"], None) if match["high"] else None
    if high is not None and high < low:
        high = None
    name, end = _metric(text, match, start, original, origins)
    if kind_of_unit(unit) == "share" and is_cjk(name) and end > match.end():
        known = _known().search(text[match.end() : end])
        name = name if known else "?"  # “超过60%的生物塑料用于包装”: a share of something, not something's measure
    # “1d内达到53MPa”: the moment at which the metric named before has this value.
    if not name and not last_metric:
        name = _USUAL_NAMES.get(kind_of_unit(unit) or "", "")
    name = re.sub(r"^[\d.]+\s*[a-z天年月时分秒小钟]{0,3}[内后时]?", "", name) or last_metric
    if len(name) < 2 or not (name[0].isalpha()):
        return None
    if group:
        unit = original[origins[match.start(group)] : origins[match.end(group)]].strip()
    if match["per"]:
        unit = f"{unit}/{match['per'][1:]}"
    elif kind_of_unit(unit) == "count" and re.search(r"每日|每天|单日|日均|per day|daily", text[start : match.end()]):
        unit = f"{unit}/日"
    within = _DONE_WITHIN.match(behind) if kind_of_unit(unit) == "time" and not compared else None
    if within is not None:
        return Quantity(within["what"], Comparison.AT_MOST, low, None, unit), match.end() + within.end()
    return Quantity(name, _comparison(match, high), low, high, unit), end


# What a value alone is a value of, where its dimension leaves no doubt.
_USUAL_NAMES = {
    "power": "功率",
    "energy": "容量",
    "pressure": "压力",
    "speed": "速度",
    "noise": "噪声",
    "data-rate": "带宽",
}


def _is_compared(match: re.Match[str]) -> bool:
    return bool(match["before"] or match["after"] or match["plusminus"])


def _is_none(text: str, match: re.Match[str], unit: str, start: int) -> bool:
    """Is this number no quantity: without unit and sign, a share of something, a mere count, a condition …?"""
    before, behind, compared = text[start : match.start()], text[match.end() :], _is_compared(match)
    if not unit:
        return not (match["before"] and re.match(r"[≥≤<>≧≦＞＜]", match["before"]))
    if kind_of_unit(unit) == "share" and re.match(r"\s*(?:都|是|属|用于|集中|来自|依赖)", behind):
        return True
    if unit in _COUNTING and not compared and not match["per"] and find_metric(before) is None:
        return True
    return _is_other(text, match, unit, start) or (not compared and _is_condition(before, behind, unit))


def _value(number: str, scale: str | None) -> float:
    return float(number.replace(",", "").replace("−", "-")) * {"万": 1e4, "亿": 1e8}.get(scale or "", 1.0)


def _is_other(text: str, match: re.Match[str], unit: str, start: int) -> bool:
    """Money that is no price, plans, grades (500MPa级), and what a clause says of the company."""
    around = text[start : match.end() + 4]
    if kind_of_unit(unit) == "money" and not re.search(
        r"单价|价格|售价|成本|租金|造价|每[台套次架]|price|cost", around
    ):
        return True
    if (unit != "级" and text[match.end() : match.end() + 1] == "级") or unit in ("万", "亿"):
        return True
    return bool(_NOT_TECHNICAL.search(around)) or _is_plan(text, match, unit)


# “10秒内通知救生员”: what is done within the time, with no other number beside it.
_DONE_WITHIN = re.compile(r"\s*[内內之]{1,2}(?P<what>[一-鿿]{2,6})(?![^,，。;；]*\d)")


def _is_condition(before: str, behind: str, unit: str) -> bool:
    """A bare value that another quantity is measured at (“25℃ 1C循环”, “1h内”), or a share of something."""
    if kind_of_unit(unit) == "time" and _DONE_WITHIN.match(behind):
        return False
    if re.match(r"\s*(?:内|后|时|下|条件|存储|储存|满电|环境)", behind):
        return True
    leads = not before.strip(" :：") or before.rstrip().endswith((":", "："))
    follows = re.match(r"\s*[一-鿿\d]", behind)
    known = _known().match(behind.lstrip(" 的"))
    if kind_of_unit(unit) == "voltage" and follows:
        return True  # “500千伏线路”: a class of lines
    if kind_of_unit(unit) in ("share", "temperature") and follows and not known:
        return leads or kind_of_unit(unit) == "share"
    return False


def _comparison(match: re.Match[str], high: float | None) -> Comparison | None:
    if match["plusminus"]:
        return Comparison.AT_MOST
    if high is not None:
        return Comparison.BETWEEN
    if match["after"]:
        return Comparison.AT_LEAST if re.fullmatch(_AFTER_LEAST, match["after"]) else Comparison.AT_MOST
    if match["before"]:
        return Comparison.AT_LEAST if re.fullmatch(_AT_LEAST, match["before"]) else Comparison.AT_MOST
    return None


def _is_plan(text: str, match: re.Match[str], unit: str) -> bool:
    """“合同生效后6个月以内”, “3年内完成”: when something is to be done, not what it does."""
    if unit not in ("个月", "月", "年", "周", "years", "year", "months"):
        return False
    around = text[max(0, match.start() - 8) : match.end() + 8]
    return re.search(r"寿命|质保|保修|免维护|有效期|使用期|warrant|life", around) is None


def _last_break(text: str, end: int) -> int:
    """Where the part of the sentence that leads up to ``end`` begins; a colon or a bracket just before it is passed."""
    start = 0
    for found in _BREAK.finditer(text, 0, end):
        if found.group() in (",", "，", "、") or text[found.end() : end].strip(" :：≥≤"):
            start = found.end()
    return start


def _metric(text: str, match: re.Match[str], start: int, original: str, origins: tuple[int, ...]) -> tuple[str, int]:
    """What is measured and where the quantity's words end: those just before the number; where there are none, those
    just after it."""
    begin, end = _trimmed(text, start, match.start())
    before = text[begin:end]
    named = original[origins[begin] : origins[end]].strip() if before else ""
    after = re.match(r"\s*(?:的|of )?\s*([一-鿿]{1,8}|[a-z][a-z\- ]{1,30})", text[match.end() :])
    is_sure = bool(before) and (find_metric(before) is not None or (is_cjk(before) and bool(match["before"])))
    if after is None or is_sure:
        return named, match.end()
    base, words = match.end() + after.start(1), after.group(1)
    known = _known().match(words)
    if known is not None and is_cjk(before):
        return _slice(original, origins, base, len(known.group())), base + known.end()
    if is_cjk(before):
        return named, match.end()
    known = _known().search(words)
    if known is not None and known.start() <= 12:
        return _slice(original, origins, base + known.start(), len(known.group())), base + known.end()
    if not is_cjk(words):
        first = " ".join(_LATIN_JOIN.split(words)[0].split()[:3])
        if first:
            return _slice(original, origins, base, len(first)), base + len(first)
    elif not named:
        run = re.match(r"[一-鿿]{2,6}", words)
        return (
            (_slice(original, origins, base, len(run.group())), base + len(run.group())) if run else ("", match.end())
        )
    return named, match.end()


def _slice(original: str, origins: tuple[int, ...], start: int, length: int) -> str:
    return original[origins[start] : origins[min(start + length, len(origins) - 1)]].strip()


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    """The span without what only joins words; at most its last ten Chinese characters or three Latin words."""
    while True:
        span = text[begin:end]
        stripped = span.rstrip(" ,，:：()（）")
        end = begin + len(stripped)
        tail = _TAIL.search(stripped)
        if tail is None or (
            tail.start() > 0
            and stripped[tail.start() - 1].isascii()
            and stripped[tail.start() - 1].isalpha()
            and tail.group().isascii()
            and tail.group().isalpha()
        ):
            break
        end = begin + tail.start()
        if end <= begin:
            return begin, begin
    while True:
        span = text[begin:end]
        begin += len(span) - len(span.lstrip(" ,，:：()（）"))
        lead = _LEAD.match(text[begin:end])
        if lead is None or lead.end() >= end - begin:
            break
        begin += lead.end()
    span = text[begin:end]
    if is_cjk(span):
        run = re.search(r"[a-z0-9\-·]*[一-鿿]{1,10}[a-z]*$|[一-鿿a-z0-9]{1,10}$", span)
        if run is not None:
            begin += run.start()
        # “钢板的厚度”: what is measured is the last noun.
        cut = max(text.rfind("的", begin, end), text.rfind("将", begin, end), text.rfind("把", begin, end))
        if cut >= begin and end - cut > 2:
            begin = cut + 1
    else:
        words = list(re.finditer(r"\S+", span))[-3:]
        begin += words[0].start() if words else 0
    return begin, end


# V2X and CWL650-M are names; 百公里 is what consumption is measured by, 24小时 means always.
_NAMES = re.compile(r"(?<![a-z])[a-z]+\d+[a-z][a-z0-9-]*|百公里|(?<![\d.])24\s*小时(?!以上|以内|内)")
_LATIN_JOIN = re.compile(r"(?<![\w-])(?:in|on|at|for|with|over|per|and|to|of|from|by|a|the)(?![\w-])")
# “180≤HB＜240”: the measure stands between its bounds.
_ENCLOSED = re.compile(rf"({_NUMBER})\s*[≤<＜]\s*([a-z]{{1,4}})\s*[≤<＜]\s*({_NUMBER})")


def _one_sided(match: re.Match[str]) -> str:
    low, unit, high = match.groups()
    return f"{low}-{high}{unit}".ljust(len(match.group()))  # the unit's spelling is the folded one


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


_CHINESE_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}


def _with_digits(text: str) -> str:
    """Chinese numerals before a unit as digits: 三千米 becomes 3000米, 两小时 becomes 2小时."""
    return re.sub(
        r"(?<![\d.])[零一二两三四五六七八九十百千万]+(?=公里|千米|米|小时|分钟|公斤|千克|吨|级|年|天|架次|万元)(?!级以上学)",
        _digits,
        text,
    )


def _digits(match: re.Match[str]) -> str:
    numeral = match.group()
    if len(numeral) > 1 and all(character in _CHINESE_POWERS for character in numeral):
        return numeral
    total, section, digit = 0, 0, 0
    for character in numeral:
        if character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
        elif character == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * _CHINESE_POWERS[character]
            digit = 0
    return str(total + section + digit)
