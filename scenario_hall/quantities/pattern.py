"""How Chinese and English prose writes a quantity: numbers, units and words of comparison, as one pattern."""

from __future__ import annotations

import re
from functools import cache

from scenario_hall.language.terms import pattern_of
from scenario_hall.taxonomy.metrics import metric_names, unit_names

WINDOW = 160
"""Characters around a number in which its name and its conditions are looked for, so that the time for a sentence full
of numbers grows with its length and not with its square."""
NUMBER = (
    r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d+)?"
    r"(?:\s?[×x*·]\s?10(?:\^[-−+]?\d{1,2}|[-−]\d{1,2}|1[0-5]|\d)(?!\d)|e[-−+]?\d{1,2}(?![\da-z]))?"
)
# Which way these point depends on what is measured: an error better than 5 cm is below it, a rate above.
BETTER = r"不[应得可能会]{0,2}[差劣慢]于|优于|好于|better than|no worse than"
_LESS, _MORE = "(?:less|lower|fewer|smaller|shorter|under)", "(?:more|greater|higher|larger|longer|over)"
# “不应少于”, “不可超过”: what is denied may stand behind a word of duty.
_DUTY = "[应得可能会要许宜须允准]{1,2}"
AT_LEAST = (
    rf"(?<![能会可要得])不{_DUTY}[少低小短弱窄轻]于|"
    r"不少于|不低于|不小于|不短于|不弱于|不得低于|不得少于|不得小于|大于等于|大于或等于|高于等于|至少|最少|超过|高于|大于|多于|长于"
    r"|提[高升][到至]|增加?[到至]|延长[到至]|达到|(?<!雷)达|逾|≥|≧|>=|>|＞|at least"
    rf"|(?:no|not) {_LESS} than|(?:no|not) (?:earlier|sooner) than|{_MORE} than"
    rf"|as (?:low|short|small|few|little) as|above|over|exceed(?:s|ing)?|minimum(?: of)?|min\.?"
)
_AT_MOST = (
    rf"(?<![能会可要得])不{_DUTY}(?:超[过出]|[多高大长远宽重厚晚]于)|"
    r"不得?超[过出]|不大于|不高于|不多于|不长于|不得高于|不得大于|小于等于|小于或等于|至多|最多|最大不超过|低于|小于|少于|短于|不足|不到"
    r"|最[高大远长快](?:可?达到?)?(?=\s?[\d.])|上限(?=[\d为是])"
    r"|[降减缩压][低少短缩小]?[到至]|控制在|≤|≦|<=|<|＜|at most"
    rf"|(?:no|not) (?:{_MORE}|later|above|over) than|(?:not|no) above|as (?:high|much|many|large) as"
    rf"|(?:no|not) (?:wider|taller|heavier|deeper|thicker) than|{_LESS} than"
    r"|(?:limited|restricted|capped|confined) (?:to|at)|(?:not|never|not to) exceed(?:s|ing)?|within|under|up to|below"
    r"|maximum(?: of)?|max\.?"
)
COMPARED = rf"(?:{BETTER}|{AT_LEAST}|{_AT_MOST})"
AFTER_BETTER = r"或更[好优高]|or better"
AFTER_LEAST = (
    r"多(?=[,，。)）]|$)|及以上|或以上|以上|起步|or more|and above|or above|or higher|or greater|plus|minimum|min\.|\+"
)
_AFTER_MOST = (
    r"及以下|或以下|以内|以下|之内|左右以内|or less|or below|or lower|or fewer|at most"
    r"|\(max\.?\)|maximum(?![a-z ])|max(?![a-z])"
)
_BETWEEN = r"\.{2,3}|…|~|～|〜|-{1,3}|—{1,2}|–|−|至|到|to"
# Said of a number without changing what it is.
_FILLER = r"(?:为|是|在|约|仅|可|应|须|需|要|的|大约|有|得|:|：|=)"
# Units of mere counting: read only where a comparison says that the count is wanted.
COUNTING = frozenset(
    "个 台 套 人 人次 辆 架 件 颗 项 种 类 点 路 次 家 名 条 只 栋 片 张 袋 箱 包 瓶 盒 份 块 枚 根 株 粒 托 班 部 "
    "柜 标签 车次 箱次 船次 艘次 班次 航次 样次 台次 床次 例 单 票 桶 筐 支 盏 组 times channels".split()
)
# Read only after a verb that says what a thing can do: “manages up to 300 robots”.
COUNTED_IN_ENGLISH = frozenset(
    "robots vehicles users records devices cameras drones passengers parcels tags nodes clients sessions streams "
    "images objects species samples orders requests calls sensors pallets".split()
)
_FURTHER_UNITS = (
    "hrc hb hv wp kwp mwp gwp n·m kn·m mn·m kgf·cm kgf·m kw·h pa·s "
    "nm/s mpa·s ppm·m 目 位 wt% vol% bits bit ksps msps gsps mib/s gib/s kib mib gib tib pc ppt dtex tex "
    "cn/dtex mk μk ω·m μω·m μg/√hz nv/√hz".split()
)
_RATES = re.compile(
    r"(?:/|每|\s?per )\s?(?:日|天|小时|分钟|秒|年|月|day|hour|minute|second|week|month|year|h|min|s"
    r"|mu|ha|hectare|acre|tonne|ton|kg|km|kilometre|pixel)(?![a-z])",
    re.IGNORECASE,
)
# What may not follow a unit's last character, since the two would be another word: 节点, 分辨, 级别, 次级.
_BEHIND = {
    "包": "(?!括|含|装|络)",
    "部": "(?!分|门|件|署|位)",
    "根": "(?!据|本)",
    "张": "(?!力)",
    "片": "(?!区|面)",
    "班": "(?!组)",
    "只": "(?!需|要|能|有|用|是|限)",
    "份": "(?!额)",
    "块": "(?!状)",
    "类": "(?!似|型|别)",
    "柜": "(?!台|体)",
    "箱": "(?!体)",
    "例": "(?!如|外)",
    "单": "(?!次|机|个|台|元|位|独)",
    "支": "(?!持|付|撑|架|护|援)",
    "组": "(?!成|织|件|合|装|态|网)",
    "节": "(?!点|能|约|省|拍)",
    "分": "(?!辨|析|别|布|类|级)",
    "级": "(?!别|联|配|以上学)",
    "次": "(?!级|数)",
    "度": "(?!数)",
    "点": "(?!位)",
    "人": "(?!工|员|机)",
    "个": "(?!性|人)",
    "里": "(?!程)",
    "元": "(?!件|素)",
    "天": "(?!线|然)",
    "种": "(?!植|子)",
}


@cache
def _units() -> str:
    skipped = {"x", "c", "a", "d", "点", "里", "方", "兆", "月", "日", "焦", "帕", "欧", "牛"}
    extra = [*COUNTING, *COUNTED_IN_ENGLISH, *_FURTHER_UNITS]
    names = sorted({*unit_names(), *extra} - skipped, key=lambda unit: (-len(unit), unit))
    return "|".join(
        re.escape(name) + _BEHIND.get(name[-1], r"(?![a-z])" if name[-1].isascii() and name[-1].isalpha() else "")
        for name in names
    )


@cache
def quantity_pattern() -> re.Pattern[str]:
    known = rf"(?:{_units()})"
    # What stands before a stroke may be any word: dS/m, items/min, 点/m2.
    by = (
        rf"/(?:(?:\d{{2,4}}\s?(?!hz|k?va?))?(?:{known}|[日天时秒月年]|[a-z]{{1,4}}[\d²³]?(?![a-z])|[一-鿿]{{1,2}}))"
        r"(?:·(?:[一-鿿]{1,2}|[a-z]{1,3}(?![a-z])))?"
    )
    share = r"%\s?(?:rh|fs|lel|vol)"
    # A wave number: cm-1.
    by_length = r"[cmμ]?m[-−]1(?!\d)"
    # g/(m²·24h), W/(m·K), mbar·L/s
    of_several = r"g/\(m2·\d+h\)|[a-z]{1,2}/\([a-z]{1,2}2?·[a-z]{1,2}\)|(?:m?bar|torr|pa)·(?:l|m3)/s"
    free = rf"(?:[a-z°%μω]{{1,6}}[23]?|[一-鿿]{{1,2}})/(?:{known}|日|天|时)"
    # Kelvins of a colour: 4000K; right behind fewer digits a k is a thousand.
    kelvin = r"(?:(?<=\d{4})|(?<=\d\s))k(?![a-z0-9])"
    amperes = r"(?<=\d\s)a(?=\s?(?:[.;,)/]|$))"
    # What is counted by the hour: 20 picks per minute.
    counted = r"[a-z]{3,12} per (?:second|minute|hour|day)(?![a-z])"
    # An unknown sign that stands at the number itself: 25lpi.
    unknown = r"(?<=\d)(?![xcdgk](?![a-z]))[a-zμω]{1,4}(?![a-z0-9一-鿿-])"
    rate = rf"{_RATES.pattern}(?:·[一-鿿]{{1,2}})?"
    unit = (
        rf"(?:{share}|{of_several}|{by_length}|{known}(?:{rate}|{by})?|{free}|{counted}|{amperes}|{kelvin}|{unknown})"
    )
    after = rf"(?:{AFTER_BETTER}|{AFTER_LEAST}|{_AFTER_MOST})"
    return re.compile(
        rf"(?:(?P<before>{COMPARED})\s*{_FILLER}?\s*|{_FILLER}\s*)?"
        rf"(?P<per>每(?:分钟|小时|天|日|秒))?(?P<plusminus>±|\+/-)?\s*(?P<prefix>hrc|hb|hv|ip\s?x?|φ|ф|ø)?\s*(?<![\d.])"
        rf"(?P<low>(?:(?<![0-9a-z%℃)])|(?<=[为在于于至到~≥≤<>]))[-−–+]?{NUMBER}|{NUMBER})\s*"
        rf"(?P<scale>[万亿](?!元))?(?:-(?=[a-z]))?(?P<unit1>{unit})?\s*(?:(?P<tolerance>±\s?{NUMBER}\s*(?P<unit2>{unit})?)|(?:{_BETWEEN})\s*±?(?P<high>[-−+]?{NUMBER})\s*(?P<unit>{unit})?)?"
        rf"\s*(?P<after>{after})?",
        re.IGNORECASE,
    )


@cache
def known_metric() -> re.Pattern[str]:
    names = [name for name in metric_names() if not name.isascii()]
    return pattern_of([*names, *(name for name in metric_names() if name.isascii() and len(name) > 2)], letters="a-z")
