"""Numbers that only say at what, or from what, something else is measured.

A condition (在500V直流电压下, “at 500 V DC the …”, com carga de 5 kg), what sets something off (超过20厘米时报警), and
the value before a change (由92%提升至99%).

They are no measures of the product and are blanked before the others are read; each pattern is bounded, so that the
time grows with the text. What nothing else is measured at (可在-20℃环境下工作) is left to the reader.
"""

from __future__ import annotations

import re

from scenario_hall.language.scripts import LATIN
from scenario_hall.taxonomy.metrics import kind_of_unit

# 时 and 下 as “when” and “under”, not in 小时, 时间, 以下, 下降.
_WHEN = r"(?<!小)时(?![间延效段速刻长])"
_UNDER = r"(?<![以之])下(?![降限潜沉方载料发达班游])"
_MEASURED_AT = re.compile(
    rf"[^,;。\d]{{0,24}}\d[^,;。]{{0,24}}(?:{_WHEN}|{_UNDER}|(?:环境|条件|情况|工况)中)(?=\s?,[^。;]{{0,120}}\d)"
)
_CLAUSE = re.compile(r"(?:^|[,;。:])\s?(?!\d+[.、])")
_SEVERAL_AT = re.compile(rf"(?:[^,;。、\d]{{0,16}}\d[^,;。、]{{0,12}}、){{1,3}}{_MEASURED_AT.pattern}")
_IN_PROSE = re.compile(
    rf"(?<![制持定存现所处])在(?!线)[^,;。\d]{{0,14}}\d[^,;。]{{0,14}}?(?:{_UNDER}|{_WHEN}"
    r"|[高低]温(?:环境|条件)[中下里]|的(?:[一-鿿]道|[坡路]面|环境|条件|海况)[上中下里]?)(?=[^。;]{0,60}\d)"
)
_SETS_OFF = re.compile(
    r"(?:超过|高于|低于|大于|小于|少于|不足|达到?)\s?\d[\d.]{0,8}\s?[^\d,;。]{1,6}?(?:时|须|应|即|自动|则|立即){1,3}[^\d,;。]{0,8}?"
    r"(?:报警|告警|警报|警示|停机|切断|断电|停止|提醒|预警|启动|关闭|关断|返航|返回|降落|保护|锁定|(?<=自动)[\u4e00-\u9fff])"
)
# 对6mm以上肺结节的检出率, 28天抗压强度, 到达3公里外的现场: of what, how old, where.
_OF_WHICH = re.compile(r"对[^,;。\d]{0,6}\d[\d.]{0,6}\s?[^\d,;。的]{1,14}?的?(?=[^\d,;。的]{2,12}\d)")
_HOW_OLD = re.compile(
    r"(?:^|(?<=[,;:。]))\d{1,3}(?:天|小时|h|d|分钟|min)(?![a-z内后]|以[上内下])(?=[\u4e00-\u9fff]{2,8}?(?:[不大小低高优]|为|达|[≥≤<>:])[^\d,;]{0,6}\d)"
)
_AWAY = re.compile(r"(?<=[到往赴达])\d[\d.]{0,6}(?:公里|千米|km|米|海里)(?:以|之)?外的?")
_IN_A_ROOM = re.compile(
    r"(?:^|(?<=[,;:。]))\d[\d.]{0,6}\s?(?:㎡|m[23²³]|平方米|立方米)(?=[\u4e00-\u9fff]{2,10}(?:[不少低小大高]|≤|≥|为|约|<|>))"
)
_FROM_STATE = re.compile(r"[由从自]?\d{1,3}%充?[至到~-]\d{1,3}%(?=(?:充电)?(?:仅?需|耗时|用时|历时|费时|时间))")
_CHANGED_FROM = re.compile(
    r"[由从][^,;。\d]{0,8}\d[\d.]{0,8}\s?[^\d,;。]{0,8}?[23]?[^\d,;。]{0,4}?"
    r"(?=(?:提升|上升|下降|提高|降低|减少|增加|缩短|压缩|延长|改善|优化|缩减)[^\d,;。]{0,3}[到至为]|[升增减降][到至为])"
)

_NUMBER = r"\d[\d.,]{0,10}"
_VALUE = rf"(?:[+-]|minus )?{_NUMBER}\s?[^\s,;]{{1,16}}"
_LATER = r"(?=.{0,160}\d)"
_AT_FIRST = re.compile(
    rf"^\s?(?:at|under|after|in (?:winds?|waves|currents?) of|when|if)\s(?:[a-z][a-z ]{{0,30}} )?{_VALUE}"
    rf"[^,;.\d]{{0,30}}?(?:,|\s(?=(?:the|an?|its|each)\s)){_LATER}"
    rf"|^\s?(?:with|carrying)\s(?:an?\s)?(?:(?:pay)?load of\s{_VALUE}|{_VALUE}\s(?:pay)?load)(?:,|\s(?=(?:the"
    rf"|an?)\s))?{_LATER}"
)
_AT_LAST = re.compile(
    rf"(?<=[a-z%°²³ωμ)\d])\s(?:in (?:winds?|waves|currents?|seas) of|after|measured at|at a (?:distance|height"
    rf"|depth|load|speed) of"
    rf"|(?:with|under|carrying) an? (?:pay)?load of)\s(?:up to )?{_VALUE}(?![^,;]{{0,8}}-)"
    rf"|(?<=[a-z%°²³ωμ)\d])\sin (?:an?|the) [a-z]{{3,15}} of {_NUMBER}\s?(?:m2|m²|m3|m³|ha|hectares|km2)(?![a-z])"
    rf"|(?<=[a-z%°²³ωμ)\d])\s(?:with|carrying) an? {_VALUE}\s(?:pay)?load"
)
_MEASURED_ASIDE = re.compile(rf"\smeasured (?:at|from) {_VALUE}{_LATER}")
# “Cold starts at -30 °C must succeed”: at what, before the word of duty.
_AT_BEFORE_DUTY = re.compile(
    rf"\sat [-−+]?{_NUMBER}\s?[^\s,;]{{1,8}}(?=\s(?:must|shall|should|has to|may not)\b.{{0,80}}\d)"
)
_ROSE_FROM = re.compile(
    r"(?<!can be )(?<!may be )\b(?:rise|increase|grow|improve|fall|drop|reduce|decrease|shorten|lower|raise|cut)"
    r"[a-z]{0,2}\s(?:[a-z ]{0,40}\s)?"
    rf"from\s{_NUMBER}\s?[^\d,;]{{0,15}}?\sto\s(?=\d)"
)
# “Bins are emptied when they are 80 % full”, “the pump stops when the pressure drops below 2 bar”
_WHEN_ENGLISH = re.compile(
    rf"\b(?:when|if|once|whenever|unless) (?![^,;.\d]{{0,60}}\b(?:must|shall|should)\b)"
    rf"[^,;.\d]{{2,50}}?{_NUMBER}\s?[^\s,;.\d]{{1,12}}"
)
# “drones with a radar cross-section of 0.01 m²”, “in a 25 m² room”, “disinfects a 30 m³ room in 12 minutes”
_TARGET = re.compile(
    rf"\b(?:for|of|against) [a-z][a-z\-]{{2,20}}s? (?:with|having|of) an? "
    rf"(?P<inside>[a-z][a-z\- ]{{2,30}} of {_NUMBER}\s?\S{{1,8}})"
)
_OF_A_SIZE = re.compile(
    rf"\b(?:(?:in|into|inside|across|through) an?|(?<=[a-z] )(?<!with )(?<!of )(?<!has )(?<!have )(?<!and )"
    rf"(?<!at )(?:an?|one)) "
    rf"(?P<inside>{_NUMBER}[\s-]?[^\s\d,;][^\s,;]{{0,7}})"
    rf"(?= [a-z\- ]{{2,30}}? (?:within|in|in under|in less than) (?:\d|about|around|under|less))"
)
_BETWEEN_STATES = re.compile(
    rf"\b(?:charg(?:e|es|ing)|discharg(?:e|es|ing)) (?P<inside>from {_NUMBER} ?% to {_NUMBER} ?%){_LATER}"
)

_PORTUGUESE_AT_FIRST = re.compile(
    rf"^\s?(?:a|com (?:uma )?(?:tensão|carga|temperatura|humidade|pressão|vento|inclinação|corrente"
    rf"|ondulação)(?: nominal| útil)? de"
    rf"|sob(?: uma)? (?:tensão|carga|pressão|vento)s? de|após|(?:quando|se"
    rf"|caso)\s[^,;\d]{{1,60}})\s(?:uma? )?(?:até )?-?\d[\d.]{{0,8}}(?:,\d{{1,3}})?\s?[^\d,;]{{1,30}},{_LATER}"
)
_PORTUGUESE_AT_LAST = re.compile(
    rf"(?<=[{LATIN}ωμ%°²³)])\s(?:com (?:uma )?carga(?: útil| nominal)? de|com ventos? de|em ondas de"
    rf"|sob(?: uma)? carga de"
    rf"|a uma (?:distância|altura|profundidade) de|após)\s(?:até )?{_VALUE}"
    rf"|(?<=[{LATIN}ωμ%°²³)])\sa\s{_NUMBER}\s{{1,3}}\S{{1,12}}\s?de (?:distância|altura|profundidade)"
)
_PORTUGUESE_FROM = re.compile(
    rf"(?<![{LATIN}])(?:pass|aument|reduz|diminu|sub|desc|baix"
    rf"|cresc)[{LATIN}]{{1,6}}\s(?P<kept>[^,;.\d]{{0,60}}?)de\s{_NUMBER}\s?[^\d,;]{{0,15}}?\spara\s(?=\d)"
)


# “12 m³/h a 3 bar”: with a unit of another kind “a” says at what, and no range.
_OTHER_KIND = re.compile(
    rf"(?<=\d)\s?(?P<one>[^\s\d,;][^\s,;]{{0,11}})(?P<inside>\sa\s{_NUMBER}\s?(?P<two>[^\s\d,;.]{{1,12}}))(?=[,;.\s]|$)"
)
# “tratar um quarto de 20 m² em menos de 15 minutos”: the time is measured, at a room of that size.
_OBJECT_OF_AN_ACT = re.compile(
    rf"(?<![{LATIN}])(?:um|uma)\s[{LATIN}]{{2,20}}(?P<inside>\sde\s{_NUMBER}\s?[^\s\d,;][^\s,;]{{0,11}})"
    r"(?=\s(?:em|dentro de|no prazo)\s[^,;\d]{0,20}\d)"
)
# “o ruído a 1 m não deve exceder 70 dB”, “situa-se a 3 km do porto”
_A_BEFORE_DUTY = re.compile(
    rf"\sa\s{_NUMBER}\s?[^\s\d,;]{{1,10}}(?=\s(?:não )?(?:deve|pode|tem de|terá)[^;]{{0,60}}\d)"
    rf"|(?<=situa-se)\sa\s{_NUMBER}\s?k?m\sd[aeo]"
)
# “de 20 % a 80 % em 30 minutos”
_STATES = re.compile(
    r"\sde\s\d{1,3}\s?% (?:a|até|para)(?: os)?\s\d{1,3}\s?%(?=\s(?:em|no prazo|dentro|demora|leva)[^,;]{0,20}\d)"
)


def without_conditions(text: str) -> str:
    """Folded Chinese or English ``text`` of the same length, without the numbers that another one is measured at."""
    text = _without_leading(text)
    for pattern in (
        _FROM_STATE,
        _CHANGED_FROM,
        _OF_WHICH,
        _HOW_OLD,
        _AWAY,
        _IN_A_ROOM,
        _IN_PROSE,
        _SETS_OFF,
        _AT_FIRST,
        _MEASURED_ASIDE,
        _ROSE_FROM,
    ):
        text = pattern.sub(_blank, text)
    if "a" <= text[:1] <= "z" or text.isascii():
        text = _AT_BEFORE_DUTY.sub(_blank, text)
        text = _WHEN_ENGLISH.sub(_blank, text)
        for inside in (_TARGET, _OF_A_SIZE):
            text = inside.sub(_blank_inside, text)
    text = _BETWEEN_STATES.sub(_blank_inside, text)
    return _behind_a_number(_AT_LAST, text)


def without_portuguese_conditions(text: str) -> str:
    """The same of a Portuguese text."""
    text = _PORTUGUESE_FROM.sub(_all_but_kept, _PORTUGUESE_AT_FIRST.sub(_blank, text))
    text = _A_BEFORE_DUTY.sub(_blank, text)
    text = _OBJECT_OF_AN_ACT.sub(_blank_inside, text)
    text = _STATES.sub(_blank, text)
    return _OTHER_KIND.sub(_unless_a_range, _behind_a_number(_PORTUGUESE_AT_LAST, text))


def _without_leading(text: str) -> str:
    """A clause that ends in 时 or 下, before one with a number."""
    for clause in list(_CLAUSE.finditer(text)):
        for pattern in (_SEVERAL_AT, _MEASURED_AT):
            if (found := pattern.match(text, clause.end())) is not None:
                text = text[: found.start()] + _blank(found) + text[found.end() :]
                break
    return text


def _behind_a_number(pattern: re.Pattern[str], text: str) -> str:
    """Blanked only where a number stands before it, which it is the condition of."""
    first = re.search(r"\d", text)
    return pattern.sub(lambda match: _blank(match) if first and first.start() < match.start() else match.group(), text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _all_but_kept(match: re.Match[str]) -> str:
    before = match.start("kept") - match.start()
    return " " * before + match["kept"] + " " * (len(match.group()) - before - len(match["kept"]))


def _unless_a_range(match: re.Match[str]) -> str:
    one, two = kind_of_unit(match["one"]), kind_of_unit(match["two"])
    return match.group() if one is None or two is None or one == two else _blank_inside(match)


def _blank_inside(match: re.Match[str]) -> str:
    return match.group().replace(match["inside"], " " * len(match["inside"]))
