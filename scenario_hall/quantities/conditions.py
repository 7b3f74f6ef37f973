"""Numbers that only say at what, or from what, something else is measured.

A condition (在500V直流电压下, “at 500 V DC the …”, com carga de 5 kg), what sets something off (超过20厘米时报警), and
the value before a change (由92%提升至99%).

They are no measures of the product and are blanked before the others are read; each pattern is bounded, so that the
time grows with the text. What nothing else is measured at (可在-20℃环境下工作) is left to the reader.
"""

from __future__ import annotations

import re

from scenario_hall.language.scripts import LATIN

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
    r"|的(?:[一-鿿]道|[坡路]面|环境|条件|海况)[上中下里]?)(?=[^。;]{0,60}\d)"
)
_SETS_OFF = re.compile(
    r"(?:超过|高于|低于|大于|小于|少于|不足|达到?)\s?\d[\d.]{0,8}\s?[^\d,;。]{1,6}?(?:时|须|应|即|自动|则|立即){1,3}[^\d,;。]{0,8}?"
    r"(?:报警|告警|警报|警示|停机|切断|断电|停止|提醒|预警|启动|关闭|关断|返航|返回|降落|保护|锁定|(?<=自动)[\u4e00-\u9fff])"
)
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
    rf"|(?<=[a-z%°²³ωμ)\d])\s(?:with|carrying) an? {_VALUE}\s(?:pay)?load"
)
_MEASURED_ASIDE = re.compile(rf"\smeasured (?:at|from) {_VALUE}{_LATER}")
_ROSE_FROM = re.compile(
    r"\b(?:rise|increase|grow|improve|fall|drop|reduce|decrease|shorten|lower|raise|cut)[a-z]{0,2}\s(?:[a-z ]{0,40}\s)?"
    rf"from\s{_NUMBER}\s?[^\d,;]{{0,15}}?\sto\s(?=\d)"
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


def without_conditions(text: str) -> str:
    """Folded Chinese or English ``text`` of the same length, without the numbers that another one is measured at."""
    text = _without_leading(text)
    for pattern in (_CHANGED_FROM, _IN_PROSE, _SETS_OFF, _AT_FIRST, _MEASURED_ASIDE, _ROSE_FROM):
        text = pattern.sub(_blank, text)
    text = _BETWEEN_STATES.sub(_blank_inside, text)
    return _behind_a_number(_AT_LAST, text)


def without_portuguese_conditions(text: str) -> str:
    """The same of a Portuguese text."""
    text = _PORTUGUESE_FROM.sub(_all_but_kept, _PORTUGUESE_AT_FIRST.sub(_blank, text))
    return _behind_a_number(_PORTUGUESE_AT_LAST, text)


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


def _blank_inside(match: re.Match[str]) -> str:
    return match.group().replace(match["inside"], " " * len(match["inside"]))
