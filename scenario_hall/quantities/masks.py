"""A sentence before its quantities are read: what only looks like one is blanked, place by place, and the forms that
state a range in their own way are written in one."""

from __future__ import annotations

import re

from scenario_hall.quantities.conditions import without_conditions
from scenario_hall.quantities.pattern import COMPARED, NUMBER

_DATE = re.compile(
    r"(?:19|20)\d{2}\s*[年./-](?:\s*\d{1,2}\s*(?:[月./-](?:\s*\d{1,2}\s*日?)?)?)?|\d{1,2}\s*月\s*\d{1,2}\s*日?"
)
_STANDARD = re.compile(r"(?<![a-z])(?:gb|iso|iec|jb|hg|yy|do|en|astm)[/a-z]*[\s-]*\d[\d.\-:]*", re.IGNORECASE)
# 5G, not five grams.
_GENERATION = re.compile(r"(?<![\d.])[2-6]g(?![a-z/])(?!\s*(?:以上|以内|以下))")
# V2X and CWL650-M are names; 百公里 is what consumption is measured by, 24小时 means always.
_NAMES = re.compile(
    r"(?<![a-z])(?!ip\d|hrc|hb|hv)[a-z]{1,8}\d+(?:[a-z]|-[a-z](?![a-z]))[a-z0-9-]*|百公里|(?<![\d.于过少足达长约])(?<![于过少足达长约]\s)24\s*小时(?!以上|以内|内)"
)
# “180≤HB＜240”: the measure stands between its bounds.
_ENCLOSED = re.compile(rf"(?<![\d.])({NUMBER})\s*[≤<＜]\s*([a-z]{{1,4}})\s*[≤<＜]\s*({NUMBER})")
# “(20%到80%)” between a name and its number.
_BRACKET = re.compile(
    rf"(?<=[一-鿿a-z])\s?\([^()]{{1,20}}\)(?=\s*(?:应|须|需)?(?:仅|为|约|:|达|{COMPARED})?\s*[±]?\d)"
    rf"|(?<=[一-鿿])\((?=[^()]{{0,18}}\d)[^()]{{1,20}}\)(?=[一-鿿]{{1,6}}?(?:{COMPARED}|为|约)\s?\d)"
)
# “4500次 @ 25°C”: at what the value before it holds; 3:1 is a ratio, and no number.
_AT_SIGN = re.compile(r"(?<=[\da-z%°一-鿿])\s?@\s?[-+]?\d[\d.,]{0,8}\s?[a-z°%]{1,5}(?![^,;]{0,3}[一-鿿])")
_RATIO = re.compile(r"(?<![\d.:])\d{1,4}(?:\.\d{1,2})?\s?:\s?\d{1,4}(?![\d:])")
# “(80km/h匀速)” behind a value tells at what it holds.
_ASIDE = re.compile(
    r"(?<=[\da-z%℃)一-鿿])\s?\((?P<inside>"
    r"[^()]{0,40}\d[^()]{0,40}(?:时(?!间)|(?<!以)下|匀速|测试|条件|保存|环境)[^()]{0,40}"
    r"|(?:at|@|for)\s[^()]{0,40}"
    r"|[\d.]+\s*%?\s*(?:to|~|-|到|至)\s*[\d.]+\s*%"
    r")\)"
)
# “≥50kbps(50km光纤)”, “88%(8-12μm)”: a bracket behind a value, without a comparison of its own.
_AT_WHAT = re.compile(r"(?<=\d)\s?[a-z%°μω/次以上下年月天小时分钟]{0,8}\s?\((?P<inside>\d[^()≥≤<>±不至最]{0,24})\)")
# All week and all day is no measure.
_ALWAYS = re.compile(r"每周\s*\d\s*天|7\s*[x×*]\s*24\s*(?:小时|h)?")
# “上午9时至下午5时30分”: an hour of the day.
_CLOCK = re.compile(
    r"(?:[上下中]午|凌晨|晚上|早上)\s?\d{1,2}[时点](?:\d{1,2}分(?!钟)|半)?|(?<![\d.])\d{1,2}[时点]\d{1,2}分(?!钟)"
)
# “充电30分钟续航增加200公里”: how long it is charged is at what the other number holds, and no endurance.
_CHARGED = re.compile(
    rf"(?:充电|快充|闪充|超充|补能)(?:仅需?|只需|约|需)?\s?{NUMBER}\s?(?:个?小时|分钟?|min|h)(?![a-z])\s?(?:后|,|，)?\s?(?:即可|就可以?|可以?|就能|能)?"
    r"(?=(?:增加|补充|获得|满足|提供|支持)?(?:续航|行驶|飞行|航程|里程|巡航)[^,，]{0,8}\d)"
)
_AND_BETWEEN = re.compile(
    rf"(?:(?<=between )[+−-]?{NUMBER}[^\d,;]{{0,12}}? and (?=[+−-]?\d)"
    rf"|(?<=from )[+−-]?{NUMBER}[^\d,;]{{0,8}}? up to (?=[+−-]?\d)"
    rf"|(?<![\d.]){NUMBER}[^\d,，;；一-鿿]{{0,6}}[和与](?=[+−-]?[\d.]+[^,，;；。]{{0,4}}之间))"
)


# “Flat 3B, Building 19W”, “ITP/045/23LP”: places and references.
_PLACES = re.compile(
    r"(?<![a-z])(?:building|block|tower|flat|room|rm|unit|suite|shop)\s\d{1,4}[a-z]?(?![a-z\d.])(?=\s?(?:,|$))"
    r"|(?<![a-z\d])[a-z]{2,6}(?:[/-]\d{1,6}){1,3}[/-]\d{1,4}[a-z]{0,4}(?![a-z\d])"
)
_BLANKS = re.compile(r"\s+")
_LONG_BLANK = re.compile(r"\s\s|[^\S ]")


def masked(folded: str, origins: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """``folded`` with dates, standards, names and asides blanked, and the origin of each character that is left.

    A run of white space counts as one blank before and after each step: the patterns try every way of sharing a run
    between their optional blanks, which takes cubic time in its length.
    """
    text, origins = squeezed(folded, origins)
    text = without_conditions(text)
    for pattern in (
        _PLACES,
        _DATE,
        _STANDARD,
        _GENERATION,
        _NAMES,
        _ALWAYS,
        _CLOCK,
        _CHARGED,
        _BRACKET,
        _AT_SIGN,
        _RATIO,
    ):
        blanked = pattern.sub(_blank, text)
        if blanked != text:
            text, origins = squeezed(blanked, origins)
    text, origins = squeezed(_ASIDE.sub(_blank_inside, text), origins)
    text, origins = squeezed(_AT_WHAT.sub(_blank_inside, text), origins)
    return squeezed(_ENCLOSED.sub(_one_sided, _AND_BETWEEN.sub(_to, text)), origins)


def squeezed(text: str, origins: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """``text`` with each run of white space as one blank, and the origins that are left (one more than characters)."""
    if _LONG_BLANK.search(text) is None:
        return text, origins
    kept: list[str] = []
    places: list[int] = []
    begin = 0
    for run in _BLANKS.finditer(text):
        kept += [text[begin : run.start()], " "]
        places += origins[begin : run.start() + 1]
        begin = run.end()
    return "".join([*kept, text[begin:]]), (*places, *origins[begin:])


def _to(match: re.Match[str]) -> str:
    text = match.group()
    if text.endswith(" up to "):
        return text[:-7] + "   ~   "
    return text[:-5] + "  ~  " if text.endswith(" and ") else text[:-1] + "~"


def _one_sided(match: re.Match[str]) -> str:
    low, unit, high = match.groups()
    return f"{low}-{high}{unit}".ljust(len(match.group()))  # the unit's spelling is the folded one


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _blank_inside(match: re.Match[str]) -> str:
    inside = match["inside"]
    return match.group().replace(inside, " " * len(inside))
