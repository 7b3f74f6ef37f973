"""Ways of writing a quantity that the one pattern does not have, written as it has them: both bounds around a name,
hours and minutes, parts of a hundred in words, degrees below zero, a range in brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from scenario_hall.language.numerals import LONGEST_NUMERAL, NUMERAL_DIGIT, chinese_number
from scenario_hall.quantities.number_words import NUMBER_WORDS
from scenario_hall.quantities.pattern import NUMBER

NEW = -1
"""The origin of a character that stands nowhere in the text."""
Rewrite = Callable[[re.Match[str]], str]
_NUMERAL = f"[{NUMERAL_DIGIT}十百千万]"
_UNIT = r"[a-z°%μω][a-z0-9·/]{0,5}|[\u4e00-\u9fff]{1,3}"
_SIGNS = str.maketrans(
    {"⩾": "≥", "≧": "≥", "⩽": "≤", "≦": "≤", "≮": "≥", "≯": "≤", "⁓": "~", "∼": "~", "⋅": "·", "•": "·"}
)


def rewritten(text: str, origins: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """Folded ``text`` as the pattern has it, and the origin of each character (one more than characters), NEW for those
    that were written otherwise."""
    text = text.translate(_SIGNS)
    for pattern, rewrite in _REWRITES:
        kept: list[str] = []
        places: list[int] = []
        begin = 0
        for match in pattern.finditer(text):
            new = rewrite(match)
            if new == match.group():
                continue
            kept += [text[begin : match.start()], new]
            places += origins[begin : match.start()]
            name = match.start("name") if "name" in pattern.groupindex else 0
            named = len(match["name"]) if name and new.startswith(match["name"]) else 0
            places += [*origins[name : name + named], *[NEW] * (len(new) - named)]
            begin = match.end()
        if kept:
            text, origins = "".join([*kept, text[begin:]]), (*places, *origins[begin:])
    return text, origins


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _without_brackets(match: re.Match[str]) -> str:
    return f" {match['inside']} "


def _share(match: re.Match[str]) -> str:
    """百分之九十五 as 95%, 万分之一 as 0.01%."""
    value = _number(match["part"])
    if value is None:
        return match.group()
    return f"{(value * 100 / {'百': 100, '千': 1000, '万': 10_000, '百万': 10**6}[match['whole']]).normalize():f}%"


def _tenths(match: re.Match[str]) -> str:
    """九成 as 90%."""
    return f"{10 * chinese_number(match['part'])}%"


def _number(text: str) -> Decimal | None:
    """A number in digits or as a numeral with decimals, 三点五; None for what is none."""
    whole, _, decimals = text.partition("点")
    try:
        if text[0].isdigit():
            return Decimal(text)
        if len(text) > LONGEST_NUMERAL:
            return None
        return Decimal(f"{chinese_number(whole)}.{chinese_number(decimals) if decimals else 0}")
    except (ValueError, InvalidOperation):
        return None


def _decimal(match: re.Match[str]) -> str:
    """三点五公里 as 3.5公里. 〇 behind the point is kept: 三点〇五."""
    whole, _, decimals = match.group().partition("点")
    try:
        digits = "".join(str(chinese_number(each)) for each in decimals)
        return f"{chinese_number(whole)}.{digits}"
    except ValueError:
        return match.group()


def _half(match: re.Match[str]) -> str:
    """两个半小时 as 2.5小时, 半小时 as 0.5小时, 一小时半 as 1.5小时."""
    value = _number(match["count"] or "0")
    return match.group() if value is None else f"{(value + Decimal('0.5')).normalize():f}{match['unit']}"


_MINUTES = {"天": 1440, "日": 1440, "d": 1440, "day": 1440, "days": 1440}


def _compound(match: re.Match[str]) -> str:
    """1小时30分 as 90分钟, 1 h 30 min as 90 min, 2分30秒 as 150秒."""
    large, small = Decimal(match["large"]), Decimal(match["small"])
    is_chinese = not match["unit"].isascii()
    if match["unit"].startswith(("分", "min", "m")):
        return f"{(large * 60 + small).normalize():f}{'秒' if is_chinese else ' s'}"
    if match["unit"] in _MINUTES:
        return f"{(large * 24 + small).normalize():f}{'小时' if is_chinese else ' h'}"
    return f"{(large * 60 + small).normalize():f}{'分钟' if is_chinese else ' min'}"


def _enclosed(match: re.Match[str]) -> str:
    """5kg≤载重≤10kg as 载重5~10kg."""
    low, high = match["low"], match["high"]
    if match["sign"] in "≥>":
        low, high = high, low
    unit, other = (match["unit"] or "").strip(), (match["other"] or "").strip()
    if unit and other and unit != other:
        return match.group()
    # A sign behind its name adds nothing: 水深0.5≤h≤30m.
    is_sign = match["name"].isascii() and len(match["name"]) <= _LONGEST_SIGN and match.string[: match.start()].strip()
    return f"{'' if is_sign else match['name']}{low}~{high}{'' if other else unit}"


def _english_half(match: re.Match[str]) -> str:
    return f"{NUMBER_WORDS[match['count']]}.5 "


def _below_zero(match: re.Match[str]) -> str:
    """零下20度至60度 as -20°c~60°c."""
    second = f"~{'-' if match['minus'] else ''}{match['second']}°c" if match["second"] else ""
    return f" -{match['first']}°c{second}"


def _named_numeral(match: re.Match[str]) -> str:
    value = None if set(match.group()) <= _POWERS else _number(match.group())
    return match.group() if value is None else f"{value.normalize():f}"


def _sides(match: re.Match[str]) -> str:
    """1200×800×150mm as 1200mm×800mm×150mm: the sides share the unit of the last one."""
    return "×".join(f"{side}{match['unit']}" for side in match.group("one", "two", "three") if side)


_LONGEST_SIGN = 4
_SIDE = r"\d{1,3}(?:,\d{3})?(?:\.\d{1,4})?|\d{1,6}(?:\.\d{1,4})?"
_POWERS = frozenset("百千")
_AND = r"\s?(?:又|零|and |e )?\s?(?P<small>\d+(?:\.\d+)?)\s?"
_DEGREES = r"\s*(?:摄氏)?(?:度|°c)(?!电)"
_REWRITES: tuple[tuple[re.Pattern[str], Rewrite], ...] = (
    (
        re.compile(
            rf"(?<![\d.,×x*])(?P<one>{_SIDE})\s?[×x*]\s?(?P<two>{_SIDE})(?:\s?[×x*]\s?(?P<three>{_SIDE}))?\s?"
            r"(?P<unit>[mck]?m(?![a-z\d²³/·])|[毫厘]?米|公[分尺厘釐]|°(?!c)|度(?!电)|inch(?:es)?(?![a-z])|ft(?![a-z]))"
        ),
        _sides,
    ),
    # ac220v, dc 24 v: the kind of current is no part of a number.
    (re.compile(r"(?<![a-z])(?:ac|dc)\s?(?=\d[\d.,]*\s?(?:k?v|m?a)(?![a-z]))"), _blanks),
    (
        re.compile(
            rf"\((?P<inside>\s?[-−–+]?{NUMBER}\s?(?:~|-|–|至|到|±|to)\s?[-−+]?{NUMBER}\s?)\)\s?(?=[a-z°%μω]|[毫厘分千公米吨秒小兆摄帕伏安瓦升])"
        ),
        _without_brackets,
    ),
    (
        re.compile(
            rf"(?P<whole>百万|[百千万])分之(?P<part>\d+(?:\.\d+)?|{_NUMERAL}{{1,8}}(?:点[{NUMERAL_DIGIT}]{{1,6}})?)"
        ),
        _share,
    ),
    (
        re.compile(
            r"(?<=[少低高过于达到至及率约有])(?P<part>[一二两三四五六七八九])成"
            r"(?=以[上下内]|[,;。、)]|$|或|左右|的)"
        ),
        _tenths,
    ),
    # 温升60K: kelvins, no thousands.
    (re.compile(r"温[升差度][^\d,;。]{0,8}\d{1,3}(?:\.\d{1,3})?(?=k(?![a-z0-9]))"), lambda match: f"{match.group()} "),
    (
        re.compile(
            rf"(?P<count>(?<![\d.])\d+(?=个半)|{_NUMERAL}{{1,4}}(?=个半))?(?(count)个|(?<![上下前后大小]))半个?(?P<unit>小时|分钟|天|年|个月|公里|米|吨|公斤)"
        ),
        _half,
    ),
    (
        re.compile(
            rf"(?P<count>(?<![\d.])\d+|{_NUMERAL}{{1,4}})(?P<unit>个?小时|分钟|公里|公斤|吨|天|年|米)半(?![\u4e00-\u9fff])"
        ),
        _half,
    ),
    (
        re.compile(
            rf"{_NUMERAL}{{1,8}}点[{NUMERAL_DIGIT}]{{1,6}}(?=\s*[亿万]?(?:[a-z%°]|公里|千米|[毫厘微纳]?米|小时|分钟|秒|毫秒|公斤|千克|克|吨|[千兆]瓦|[兆千]帕|升|毫升|度|伏|安|倍|平方|立方|节|级|天|年))"
        ),
        _decimal,
    ),
    (
        re.compile(
            r"(?<=零[下上])[一二三四五六七八九十百]{1,4}(?=摄?氏?度|℃|°c)"
            r"|(?<![\d.〇零一二两三四五六七八九十百千万亿半几数])[〇零一二两三四五六七八九十百千]{1,8}(?=摄氏度|毫米|厘米|微米|毫秒|秒(?!级)|千瓦|兆瓦|瓦(?![片楞斯解房砾])"
            r"|伏(?!击)|兆帕|千帕|赫兹|分贝|毫升|升(?![降级至到])|平方米|立方米|海里"
            r"|[至到~][〇零一二两三四五六七八九十百千]{1,8}(?:米|公里|厘米|毫米|升|公斤|吨|小时|分钟|秒|天|度)(?![一-鿿]))"
        ),
        _named_numeral,
    ),
    (
        re.compile(
            r"(?<![\d.])(?P<large>\d+(?:\.\d+)?)\s?(?P<unit>个?小时|h(?:ours?|rs?)?)"
            rf"{_AND}(?:分钟?(?![辨析别布类级])|min(?:ute)?s?|m(?![a-z/]))"
        ),
        _compound,
    ),
    (
        re.compile(
            r"(?<![\d.])(?P<large>\d+(?:\.\d+)?)\s?(?P<unit>分钟?|min(?:ute)?s?)"
            rf"{_AND}(?:秒|s(?:ec(?:ond)?s?)?(?![a-z/]))"
        ),
        _compound,
    ),
    (
        re.compile(
            r"(?<![\d.月])(?P<large>\d+(?:\.\d+)?)\s?(?P<unit>天|days?|d)"
            rf"{_AND}(?:个?小时|h(?:ours?|rs?)?(?![a-z/]))"
        ),
        _compound,
    ),
    (
        re.compile(
            rf"(?<![\d.])(?P<low>[-−]?{NUMBER})\s?(?P<unit>{_UNIT})?\s?(?P<sign>[≤<])=?\s?(?!h(?:b|rc|v)\s?[≤<])(?P<name>[a-z\u4e00-\u9fff][a-z\u4e00-\u9fff\s]{{1,14}}?|[a-z\u4e00-\u9fff])\s?[≤<]=?\s?(?P<high>[-−]?{NUMBER})(?=\s?(?P<other>[a-z°%μω][a-z0-9·/]{{0,5}}(?![a-z]))?)"
        ),
        _enclosed,
    ),
    (
        re.compile(
            rf"(?<![\d.])(?P<low>[-−]?{NUMBER})\s?(?P<unit>{_UNIT})?\s?(?P<sign>[≥>])=?\s?(?!h(?:b|rc|v)\s?[≤<])(?P<name>[a-z\u4e00-\u9fff][a-z\u4e00-\u9fff\s]{{1,14}}?)\s?[≥>]=?\s?(?P<high>[-−]?{NUMBER})(?=\s?(?P<other>[a-z°%μω][a-z0-9·/]{{0,5}}(?![a-z]))?)"
        ),
        _enclosed,
    ),
    (
        re.compile(
            rf"零下\s*(?P<first>\d+(?:\.\d+)?)(?:{_DEGREES})?\s*(?:至|到|~|-|—|–)\s*(?:零上|(?P<minus>零下|-))?\s*(?P<second>\d+(?:\.\d+)?){_DEGREES}|零下\s*(?P<alone>\d+(?:\.\d+)?)(?=\D)"
        ),
        lambda match: f" -{match['alone']}" if match["alone"] else _below_zero(match),
    ),
    # 摄氏 before a degree says no more than the degree.
    (re.compile(r"摄氏(?=\s?(?:零[下上])?-?\d)"), _blanks),
    (
        re.compile(r"(?<![a-z])minus (?=\d{1,3}(?:\.\d+)?\s?(?:°|℃|degrees?|c(?![a-z])))"),
        lambda _: "     -",
    ),
    # Cells of a table: a bar before a number stands for a colon, another for a comma.
    (re.compile(r"\s?\|\s?(?=[-−±≥≤<>φ]?\s?\d|ip\d)"), lambda _: ":"),
    (re.compile(r"\s?\|\s?"), lambda _: ","),
    # N*m, kgf.cm and the like: a product of units.
    (
        re.compile(r"(?<![a-z])(?P<one>k?n|mn|kgf|mpa|pa|kw|w|ω|mω|kv)(?:\s?[*·]\s?|[.\-])(?P<two>m|cm|s|h)(?![a-z])"),
        lambda match: f"{match['one']}·{match['two']}",
    ),
    (
        re.compile(
            rf"(?<![a-z-])(?P<count>{'|'.join(NUMBER_WORDS)}) and a half "
            r"(?=hours?|minutes?|seconds?|days?|weeks?|tonnes?|years?|met(?:re|er)s?|km|kg)"
        ),
        _english_half,
    ),
    (re.compile(r"(?<![a-z-])half an? (?=hour|day|minute)"), lambda _: "0.5 "),
    # 10^-6 and 10−6 alone are a power of ten.
    (
        re.compile(r"(?<![\d.×x*·^])(?<![×x*]\s)10\s?(?:\^\s?[-−]?|−)\d{1,2}(?!\d)"),
        lambda match: re.sub(r"^10\s?\^?\s?", "1×10^", match.group()),
    ),
)
